package connect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/secret"
	"callin/app/settings"
	"callin/app/setup"
)

// state asks Twilio how far the draft is.
func (s *Session) state(ctx context.Context, d draft) (st desk.SetupState, err error) {
	st = desk.SetupState{
		Step: desk.StepAccount, Numbers: []desk.SetupOwned{}, Will: []desk.SetupChange{}, Fixed: append([]string{}, s.Settings.Fixed...),
		Secrets: s.secrets().Where(), Number: d.Number, DialIn: d.DialIn,
		Connected: s.connected(d),
		Public:    s.unseen(d), Place: placed(d),
	}
	was, err := setup.LoadBefore(s.Dir)
	if err != nil {
		return st, err
	}
	st.Undoable = len(was.Resources) > 0
	t, err := s.twilio(d)
	if err != nil || t == nil {
		return st, err
	}
	account, err := t.Account(ctx)
	if errors.Is(err, carrier.ErrCredentials) {
		st.Trouble = "Twilio does not know the Account SID with the auth token any more. Enter both again."
		return st, nil
	}
	if err != nil {
		return st, setup.InWords(err)
	}
	profile, err := t.Profile(ctx)
	if err != nil {
		return st, setup.InWords(err)
	}
	st.Account = owner(account, profile)
	pin, err := s.pin(d)
	if err != nil {
		return st, err
	}
	st.Pin = pin != ""
	if st.Numbers, err = s.numbers(ctx, t); err != nil {
		return st, setup.InWords(err)
	}
	if account.Trial {
		st.Trial = trial(len(st.Numbers), s.Settings.SendsTexts())
	}
	has := func(number string) bool {
		for _, n := range st.Numbers {
			if n.Number == number {
				return true
			}
		}
		return false
	}
	switch {
	case !has(d.Number):
		st.Step = desk.StepNumber
		return st, nil
	case d.DialIn == "" && !d.NoDialIn, d.DialIn != "" && (!has(d.DialIn) || !st.Pin):
		st.Step = desk.StepDialIn
		return st, nil
	}
	if st.Public = s.look(ctx, d); !st.Public.Seen {
		st.Step = desk.StepAddress
		return st, nil
	}
	wish, err := s.wish(d, st.Public.Address, false)
	if err != nil {
		return st, err
	}
	plan, other, err := setup.Look(ctx, t, wish)
	if err != nil {
		return st, err
	}
	st.Will, st.Mark, st.Other = s.words(ctx, t, plan), plan.Mark(), other
	if kept, err := settings.LoadKept(s.Dir); err != nil || kept.KeyAccount != d.AccountSid { // the start of the station makes it
		st.Will = append(st.Will, desk.SetupChange{What: fmt.Sprintf("The API key %q, by which desks connect", setup.KeyName(wish.Station)), Made: true, Fields: []desk.SetupField{}})
	}
	st.Step = desk.StepChange
	if st.Connected && len(plan) == 0 && s.settled(d) {
		st.Step = desk.StepTry
	}
	return st, nil
}

// settled reports whether what was answered is what the station runs with.
func (s *Session) settled(d draft) bool {
	set := s.Settings
	return set.Edge == d.Edge && set.Region == d.Region && set.Number == d.Number && set.DialIn == d.DialIn && set.PublicURL == d.Address &&
		(set.Tunnel == "" && d.Kind == desk.PublicOwn || set.Tunnel == string(d.Kind) && set.TunnelDomain == d.Domain)
}

// numbers are the account's, with what they do today.
func (s *Session) numbers(ctx context.Context, t *carrier.Twilio) ([]desk.SetupOwned, error) {
	all, err := t.Resources(ctx, carrier.Number)
	if err != nil {
		return nil, err
	}
	apps, err := t.Resources(ctx, carrier.App)
	if err != nil {
		return nil, err
	}
	listeners := ""
	if id := settings.StationID(s.Dir); id != "" {
		listeners = setup.ListenersApp(call.StationID(id))
	}
	found := []desk.SetupOwned{}
	for _, n := range all {
		words, used := now(n, apps, listeners)
		found = append(found, desk.SetupOwned{Number: n.Name, Name: n.Fields["FriendlyName"], Now: words, Used: used})
	}
	return found, nil
}

// called are a person's names for Twilio's fields, in the order in which they are shown:
// where calls go first.
var called = []struct{ field, name string }{
	{"VoiceApplicationSid", "Its calls go to the app"},
	{"TrunkSid", "Its calls go to the SIP trunk"},
	{"VoiceUrl", "Twilio asks what to do with a call at"},
	{"VoiceMethod", "and asks there by"},
	{"VoiceFallbackUrl", "When that fails, Twilio asks at"},
	{"VoiceFallbackMethod", "and asks there then by"},
	{"StatusCallback", "Twilio tells that a call has ended at"},
	{"StatusCallbackMethod", "and tells it by"},
	{"SmsApplicationSid", "Its texts go to the app"},
	{"SmsUrl", "Its texts go to"},
	{"SmsMethod", "and go there by"},
}

// place is where a field is shown; one without a name of a person's comes last.
func place(field string) int {
	for at, of := range called {
		if of.field == field {
			return at
		}
	}
	return len(called)
}

// words say a plan, with the names of apps in the place of their Sids: what is there
// and is changed before what is made.
func (s *Session) words(ctx context.Context, t *carrier.Twilio, plan setup.Plan) []desk.SetupChange {
	names := map[string]string{}
	if apps, err := t.Resources(ctx, carrier.App); err == nil { // else their Sids are shown
		for _, a := range apps {
			names[a.Sid] = a.Name
		}
	}
	named := func(value string) string {
		if name := setup.MadeApp(value); name != "" {
			return name
		}
		if name := names[value]; name != "" {
			return name
		}
		return value
	}
	changed, made := []desk.SetupChange{}, []desk.SetupChange{}
	for _, step := range plan {
		c := desk.SetupChange{What: "The number " + step.Name, Made: step.Sid == "", Fields: []desk.SetupField{}}
		if step.Kind == carrier.App {
			c.What = fmt.Sprintf("The app %q", step.Name)
		}
		fields := slices.Clone(step.Fields)
		slices.SortStableFunc(fields, func(a, b setup.Field) int { return cmp.Compare(place(a.Name), place(b.Name)) })
		for _, f := range fields {
			name := f.Name
			if at := place(name); at < len(called) {
				name = called[at].name
			} else if c.Made && name == "FriendlyName" {
				continue // what is made is called so above
			}
			c.Fields = append(c.Fields, desk.SetupField{Name: name, From: named(f.From), To: named(f.To)})
		}
		if c.Made {
			made = append(made, c)
		} else {
			changed = append(changed, c)
		}
	}
	return append(changed, made...)
}

// Do changes at Twilio what mark stands for, and settles what was answered.
func (s *Session) Do(ctx context.Context, b desk.SetupDoBody) (desk.SetupState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.draft()
	if err != nil {
		return desk.SetupState{}, err
	}
	st, err := s.state(ctx, d)
	switch {
	case err != nil:
		return st, err
	case st.Step != desk.StepChange && st.Step != desk.StepTry:
		return st, &call.Error{Code: call.CodeSetup, Message: "Something before this is not settled any more. Look at the steps above."}
	case st.Mark != b.Mark:
		return st, &call.Error{Code: call.CodeSetup, Message: "What would be changed is not what was shown any more. Look at it again, then press once more."}
	case st.Other != "" && !b.Over:
		return st, &call.Error{Code: call.CodeTakenOver, Message: fmt.Sprintf("Another Callin, at %s, has this account's calls. Nothing was changed. End that one, or take its calls over.", st.Other)}
	case st.Connected && s.Open():
		return st, &call.Error{Code: call.CodeSetup, Message: "A show is open. Close it first: the station begins again with what is changed."}
	}
	t, err := s.twilio(d)
	if err != nil {
		return st, err
	}
	wish, err := s.wish(d, st.Public.Address, b.Over)
	if err != nil {
		return st, err
	}
	if err := setup.Do(ctx, t, wish, b.Mark); err != nil {
		return st, err
	}
	c := settings.Connected{AccountSid: d.AccountSid, Number: d.Number, DialIn: d.DialIn, PublicURL: d.Address, TunnelDomain: d.Domain, VoicePort: s.Port, Rehearsal: s.Twilio, Edge: d.Edge, Region: d.Region}
	if d.Kind != desk.PublicOwn {
		c.Tunnel = string(d.Kind)
	}
	if err := s.unkept(c.Save(s.Data)); err != nil {
		return st, err
	}
	if err := s.forgetDraft(); err != nil {
		return st, err
	}
	st.Step, st.Will, st.Mark, st.Other, st.Again, st.Undoable = desk.StepTry, []desk.SetupChange{}, "", "", true, true
	s.Again(true)
	return st, nil
}

// forgetDraft forgets what was answered: it is settled, or not wished any more.
func (s *Session) forgetDraft() error {
	err := os.Remove(filepath.Join(s.Data, draftFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return s.unkept(err)
}

// secretOf is a secret; empty for none.
func (s *Session) secretOf(name string) (string, error) {
	value, err := s.secrets().Get(name)
	if errors.Is(err, secret.ErrNone) {
		return "", nil
	}
	return value, s.unkept(err)
}

// NewKey has the station begin again with another API key, which revokes the one before.
// What a desk was let in to Twilio with is void then: it is for when no show is open.
func (s *Session) NewKey(ctx context.Context) (desk.SetupState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.draft()
	switch {
	case err != nil:
		return desk.SetupState{}, err
	case !s.connected(d):
		return desk.SetupState{}, &call.Error{Code: call.CodeSetup, Message: "This station does not run on an account, so it has no key there."}
	case s.Open():
		return desk.SetupState{}, &call.Error{Code: call.CodeSetup, Message: "A show is open. Close it first: desks are without their phones for a moment."}
	}
	st, err := s.state(ctx, d)
	if err != nil {
		return desk.SetupState{}, err
	}
	st.Again = true
	s.AgainWithNewKey()
	return st, nil
}

// Undo puts everything at Twilio back as it was, and forgets the account.
func (s *Session) Undo(ctx context.Context) (desk.SetupState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.draft()
	if err != nil {
		return desk.SetupState{}, err
	}
	t, err := s.twilio(d)
	switch {
	case err != nil:
		return desk.SetupState{}, err
	case t == nil:
		return desk.SetupState{}, &call.Error{Code: call.CodeSetup, Message: "There is no account to put anything back in."}
	}
	connected := s.connected(d)
	if connected && s.Open() {
		return desk.SetupState{}, &call.Error{Code: call.CodeSetup, Message: "A show is open. Close it first: after this nobody gets in."}
	}
	id, err := s.stationID()
	if err != nil {
		return desk.SetupState{}, err
	}
	was, err := setup.LoadBefore(s.Dir)
	if err != nil {
		return desk.SetupState{}, err
	}
	left, err := setup.Undo(ctx, t, id, was)
	if err != nil {
		return desk.SetupState{}, err
	}
	if err := s.unkept(errors.Join(s.forget(d.AccountSid), settings.Disconnect(s.Data), s.forgetDraft())); err != nil {
		return desk.SetupState{}, err
	}
	st, err := s.state(ctx, s.fixed(draft{}))
	st.Left, st.Again = left, connected
	if connected {
		s.Again(false)
	}
	return st, err
}

// Call has Twilio call a telephone, which hears the station.
func (s *Session) Call(ctx context.Context, number string) (desk.SetupState, error) {
	return s.answer(ctx, func(d *draft, t *carrier.Twilio) error {
		number = spaces.Replace(number)
		if !s.connected(*d) || !s.settled(*d) {
			return &call.Error{Code: call.CodeSetup, Message: "Twilio can call a telephone once the station runs on the account. Settle the steps before first."}
		}
		public := s.look(ctx, *d)
		if !public.Seen {
			return &call.Error{Code: call.CodeSetup, Message: public.Trouble}
		}
		if !e164.MatchString(number) {
			return refused("number", "Write the telephone's number with + and the country's code, such as +12025550100.")
		}
		return ofNumber(t.Ring(ctx, d.Number, number, strings.TrimRight(public.Address, "/")+"/voice/hello"))
	})
}
