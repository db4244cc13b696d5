package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/doctor"
	"callin/app/folder"
	"callin/app/journal"
	"callin/app/picture"
	"callin/app/secret"
	"callin/app/setup"
)

// patient is what a doctor needs to know of a station that runs.
func (s *process) patient() doctor.Options {
	o := doctor.Options{
		Twilio: s.twilio, AccountSid: s.settings.AccountSid, AuthToken: s.tokens.now(),
		Wish: s.wish(s.kept), Texts: s.settings.TextCountries,
		Port: s.kept.VoicePort, Here: s.here, LastSigned: s.lastSigned, Open: s.openOrOnItsWay,
		Place: placeOf(s.settings), Trip: trip(s.settings),
		Policy: s.settings.Policy, Data: s.data, Dir: s.dir, Free: folder.Free, Secrets: s.whereSecretsAre,
		Journal: func(context.Context) *call.Error {
			if t := s.show.Picture().Disk; t != nil {
				return &call.Error{Code: t.Code, Message: t.Message}
			}
			return nil
		},
	}
	if s.tunnel != nil {
		o.TunnelKind = s.settings.Tunnel
		o.Tunnel = func(context.Context) *call.Error { return s.tunnel.now() }
	}
	// Those that it has are those that are to lead here.
	o.Wish.Number, o.Wish.DialIn, o.Wish.DeskAppSid = s.ready.Number, s.ready.DialIn, s.ready.DeskAppSid
	o.Wish.Others = slices.DeleteFunc(s.ready.Others, func(n setup.Numbers) bool { return n.Number == "" })
	return o
}

// openOrOnItsWay reports whether a show has queues, or soon has.
func (s *process) openOrOnItsWay() bool {
	return slices.ContainsFunc(s.show.Picture().Studios, func(st picture.Studio) bool {
		return st.Show.State != "" && st.Show.State != call.ShowClosed
	})
}

// absent is the same of a station that does not run, as far as its settings and what it
// keeps tell.
func (s *process) absent() doctor.Options {
	o := doctor.Options{
		AccountSid: s.settings.AccountSid, Wish: s.wish(s.kept), Texts: s.settings.TextCountries,
		Port: s.kept.VoicePort, Policy: s.settings.Policy, Data: s.data, Dir: s.dir, Free: folder.Free, Secrets: s.whereSecretsAre,
		Journal: func(ctx context.Context) *call.Error {
			err := journal.Check(ctx, filepath.Join(s.dir, "journal.db"))
			switch {
			case errors.Is(err, journal.ErrTaken):
				return &call.Error{Code: call.CodeJournal, Message: "Another program has the journal in " + s.dir + " open. End that one: an earlier Callin, or one that reads databases."}
			case errors.Is(err, journal.ErrDamaged):
				return &call.Error{Code: call.CodeJournalDamaged, Message: "The journal in " + s.dir + " is damaged. Start Callin: it begins a new one with what can be read."}
			case err != nil:
				return &call.Error{Code: call.CodeJournal, Message: "The journal in " + s.dir + " cannot be read. See that the user who runs Callin may read it."}
			}
			return nil
		},
	}
	if set := s.settings.VoicePort; set != 0 {
		o.Port = set
	}
	o.Wish.Others = slices.DeleteFunc(o.Wish.Others, func(n setup.Numbers) bool { return n.Number == "" })
	if s.settings.AccountSid == "" {
		return o
	}
	o.TunnelKind = s.settings.Tunnel
	o.Place, o.Trip = placeOf(s.settings), trip(s.settings)
	err := s.openSecrets()
	if err == nil {
		o.AuthToken = s.settings.AuthToken
		o.Wish.KeySid = s.wish(s.kept).KeySid
		o.Twilio, err = carrier.New(carrier.Account{
			AccountSid: s.settings.AccountSid, Username: s.settings.AccountSid, Password: o.AuthToken,
			Public: s.settings.PublicURL, Rehearsal: s.settings.Rehearsal, Station: s.id, Place: placeOf(s.settings),
		})
	}
	if err != nil {
		o.NoTwilio = inWords(err)
	}
	return o
}

// inWords is an error as one of its words alone.
func inWords(err error) error { return &call.Error{Code: call.CodeCredentials, Message: words(err)} }

// whereSecretsAre reads the account's secrets, and says where they are.
func (s *process) whereSecretsAre() (string, error) {
	switch {
	case s.loaded.AccountSid == "":
		return "A rehearsal's secrets last as long as it does.", nil
	case s.tokenGiven:
		return "The auth token is given by the settings or the environment.", nil
	}
	for _, name := range []string{secret.AuthToken(s.settings.AccountSid, placeOf(s.settings).Abroad()), secret.Pin(s.settings.AccountSid)} {
		if _, err := s.secrets.Get(name); err != nil && !(errors.Is(err, secret.ErrNone) && strings.HasSuffix(name, "/pin")) {
			return "", inWords(err)
		}
	}
	return "The account's secrets are in " + s.secrets.Where() + ".", nil
}

// checkup is what a desk sees of a doctor's look.
func (s *process) checkup(ctx context.Context) (desk.Checkup, error) {
	return desk.Checkup{Findings: doctor.Run(ctx, s.patient()), Sheet: s.emergency(s.settings.PublicURL)}, nil
}

// emergency is the sheet for the studio's wall.
func (s *process) emergency(public string) desk.Emergency {
	e := desk.Emergency{Station: s.name(), Studios: []desk.EmergencyStudio{}, Address: public, Firewall: doctor.Firewall(public, s.kept.VoicePort, placeOf(s.settings))}
	for _, st := range s.studios() {
		e.Studios = append(e.Studios, desk.EmergencyStudio{Name: st.Name, Number: st.Number, DialIn: st.DialIn})
	}
	switch {
	case s.loaded.Pin != "":
		e.Pin = "The PIN is given by the settings or the environment (pin)."
	case s.made():
		e.Pin = "The PIN is the rehearsal's, which the desk shows."
	case s.settings.Pin != "":
		e.Pin = "The PIN is in " + s.secrets.Where() + ", and with whoever set it."
	default:
		e.Pin = "There is no PIN: nobody can take callers on a telephone until one is set."
	}
	return e
}

// oneAtATime has each look wait for the one before: any desk may ask for one.
func (s *process) oneAtATime(look func(context.Context) (desk.Checkup, error)) func(context.Context) (desk.Checkup, error) {
	turn := make(chan struct{}, 1)
	return func(ctx context.Context) (desk.Checkup, error) {
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
			return look(ctx)
		case <-ctx.Done():
			return desk.Checkup{}, ctx.Err()
		}
	}
}

// lookAtOpening has a quick look taken beside each show that opens, whose desks are told
// what is wrong. It keeps no show from opening.
func (s *process) lookAtOpening() (opened func()) {
	due := make(chan struct{}, 1)
	s.beside(func(ctx context.Context) {
		for {
			select {
			case <-due:
				o := s.patient()
				o.Quick = true
				if wrong := doctor.Wrong(doctor.Run(ctx, o)); len(wrong) > 0 && ctx.Err() == nil {
					s.show.Notice(&call.Error{Code: call.CodeDoctor, Message: asTheShowOpens(wrong)})
				}
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		select {
		case due <- struct{}{}:
		default:
		}
	}
}

func asTheShowOpens(wrong []desk.Finding) string {
	says := "As the show opens: " + strings.TrimSpace(wrong[0].What+" "+wrong[0].Do)
	if more := len(wrong) - 1; more > 0 {
		says += fmt.Sprintf(" And %d more: look at Doctor.", more)
	}
	return says
}
