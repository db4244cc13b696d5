// Package connect leads a person from an account at Twilio to the first caller: a step
// after the other, each checked before the next, each on disk before it is answered.
// What it does at Twilio is package setup's.
package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/edge"
	"callin/app/folder"
	"callin/app/secret"
	"callin/app/settings"
	"callin/app/setup"
)

var _ desk.Setup = (*Session)(nil)

// Options are what a set-up needs to know of the station.
type Options struct {
	// Data is the folder that what is settled is kept in, and Dir the station's own in it
	// once it runs on the account.
	Data, Dir string
	// Settings are those that the station runs with.
	Settings settings.Settings
	// Twilio is the address of a stand-in for it; empty for Twilio itself.
	Twilio string
	// Secrets are asked for once, when somebody sets the account up: a system may ask a
	// person before it opens its keyring.
	Secrets func() *secret.Store
	// Port is the voice listener's, and Here its answer at /voice/here/{nonce}.
	Port int
	Here func(nonce string) string
	// Trip times the way to Twilio's edges from this computer.
	Trip edge.Trip
	// Tunnel has a tunnel be up and waits for its address; the one that was asked for last
	// stays up.
	Tunnel func(ctx context.Context, kind, token, domain string) (address string, trouble *call.Error)
	// Open is whether callers are let in.
	Open func() bool
	// Again has the station begin again, with the account or without one. AgainWithNewKey
	// has it make another API key as it does.
	Again           func(account bool)
	AgainWithNewKey func()
	Log             *slog.Logger
}

// Session is the set-up of a station. Its methods may be called at the same time; they
// wait for one another.
type Session struct {
	Options
	secrets func() *secret.Store
	mu      sync.Mutex
	// offered are the numbers to buy that were shown last.
	offered map[string]carrier.Offer
}

// New makes a session. It asks nothing.
func New(o Options) *Session { return &Session{Options: o, secrets: sync.OnceValue(o.Secrets)} }

// draft is what has been answered so far. What it says of an account that the station
// runs on already is what is settled.
type draft struct {
	AccountSid string `json:"account_sid"`
	// Found is whether the account's secrets were here before it was answered: another
	// station of this computer's may run on it.
	Found  bool   `json:"found,omitempty"`
	Number string `json:"number"`
	DialIn string `json:"dial_in"`
	// NoDialIn is whether a person does without a DJ's number.
	NoDialIn bool            `json:"no_dial_in"`
	Kind     desk.PublicKind `json:"kind"`
	// Address is one's own; Domain is a tunnel's.
	Address string `json:"address,omitempty"`
	Domain  string `json:"domain,omitempty"`
	// Edge and Region are empty where nobody has chosen them.
	Edge   string `json:"edge,omitempty"`
	Region string `json:"region,omitempty"`
}

// place is where Twilio is to be used.
func (d draft) place() edge.Place { return edge.Place{Edge: d.Edge, Region: d.Region} }

const draftFile = "setup.json"

// draft reads what has been answered, or what is settled where nothing has since.
func (s *Session) draft() (d draft, err error) {
	path := filepath.Join(s.Data, draftFile)
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &d)
	} else if errors.Is(err, fs.ErrNotExist) {
		c, err := settings.LoadConnected(s.Data)
		if err != nil {
			return d, s.unkept(err)
		}
		if c.Rehearsal == s.Twilio {
			d = draft{
				AccountSid: c.AccountSid, Number: c.Number, DialIn: c.DialIn, NoDialIn: c.AccountSid != "" && c.DialIn == "",
				Kind: desk.PublicKind(c.Tunnel), Address: c.PublicURL, Domain: c.TunnelDomain,
				Edge: c.Edge, Region: c.Region,
			}
		}
		if d.Address != "" {
			d.Kind = desk.PublicOwn
		}
		return s.fixed(d), nil
	}
	if err != nil {
		return d, &call.Error{Code: call.CodeSetup, Message: fmt.Sprintf("What was answered so far cannot be read from %s. Remove that file and begin again: nothing at Twilio is lost by it.", path)}
	}
	return s.fixed(d), nil
}

// fixed puts what is a person's in the place of what was answered.
func (s *Session) fixed(d draft) draft {
	set := s.Settings
	for _, name := range set.Fixed {
		switch name {
		case "account_sid":
			d.AccountSid = set.AccountSid
		case "number":
			d.Number = set.Number
		case "dial_in":
			d.DialIn = set.DialIn
		case "public_url":
			d.Kind, d.Address, d.Domain = desk.PublicOwn, set.PublicURL, ""
		case "edge", "region": // set both or neither
			d.Edge, d.Region = set.Edge, set.Region
		case "tunnel":
			d.Kind, d.Address, d.Domain = desk.PublicKind(set.Tunnel), "", set.TunnelDomain
		}
	}
	return d
}

// free refuses to change a setting that a person's file or the environment has.
func (s *Session) free(name string) error {
	if !slices.Contains(s.Settings.Fixed, name) {
		return nil
	}
	return &call.Error{Code: call.CodeSetup, Message: fmt.Sprintf("%s is set in the settings' file or the environment. Change it there, or remove it there and start Callin again.", name)}
}

// keep has what was answered on the disk.
func (s *Session) keep(d draft) error {
	text, err := json.MarshalIndent(d, "", "\t")
	if err == nil {
		err = folder.Write(filepath.Join(s.Data, draftFile), append(text, '\n'))
	}
	return s.unkept(err)
}

// unkept says that something is not on the disk; nil for nil.
func (s *Session) unkept(err error) error {
	if err == nil {
		return nil
	}
	s.Log.Error("the set-up", "error", err)
	var said *secret.Error
	if errors.As(err, &said) {
		return &call.Error{Code: call.CodeNotSaved, Message: said.Message}
	}
	return &call.Error{Code: call.CodeNotSaved, Message: fmt.Sprintf("This cannot be kept in %s. Free some space, or see that Callin may write there, then try again.", s.Data)}
}

// token is the auth token of the draft's account; empty for none.
func (s *Session) token(d draft) (string, error) {
	if s.Settings.AuthToken != "" && s.Settings.AccountSid == d.AccountSid && s.here().Abroad() == d.place().Abroad() {
		return s.Settings.AuthToken, nil
	}
	if d.AccountSid == "" {
		return "", nil
	}
	token, err := s.secrets().Get(secret.AuthToken(d.AccountSid, d.place().Abroad()))
	if errors.Is(err, secret.ErrNone) {
		return "", nil
	}
	return token, s.unkept(err)
}

// twilio speaks for the draft's account; nil where there is none yet.
func (s *Session) twilio(d draft) (*carrier.Twilio, error) {
	token, err := s.token(d)
	if err != nil || token == "" {
		return nil, err
	}
	return carrier.New(carrier.Account{
		AccountSid: d.AccountSid, Username: d.AccountSid, Password: token, Rehearsal: s.Twilio, Place: d.place(),
		Next: func() []string {
			next, err := s.secretOf(secret.NextAuthToken(d.AccountSid, d.place().Abroad()))
			if err != nil || next == "" {
				return nil
			}
			return []string{next}
		},
		Changed: func(string) {}, // the station keeps it when it finds out itself
	})
}

// connected reports whether the station runs on the draft's account.
func (s *Session) connected(d draft) bool {
	return s.Settings.AccountSid != "" && s.Settings.AccountSid == d.AccountSid
}

var errNoAccount = &call.Error{Code: call.CodeSetup, Message: "There is no account yet. Begin with its SID and auth token."}

// answer is one step, which changes the draft. It is on the disk before the state is told.
func (s *Session) answer(ctx context.Context, answer func(*draft, *carrier.Twilio) error) (desk.SetupState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.draft()
	if err != nil {
		return desk.SetupState{}, err
	}
	twilio, err := s.twilio(d)
	if err != nil {
		return desk.SetupState{}, err
	}
	if twilio == nil {
		return desk.SetupState{}, errNoAccount
	}
	if err := answer(&d, twilio); err != nil {
		return desk.SetupState{}, setup.InWords(err)
	}
	if err := s.keep(d); err != nil {
		return desk.SetupState{}, err
	}
	return s.state(ctx, d)
}

// State is how far the set-up is.
func (s *Session) State(ctx context.Context) (desk.SetupState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.draft()
	if err != nil {
		return desk.SetupState{}, err
	}
	return s.state(ctx, d)
}

// stationID is the station's own id on the account.
func (s *Session) stationID() (call.StationID, error) {
	if id := call.StationID(settings.StationID(s.Dir)); id != "" {
		return id, nil
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return "", s.unkept(err)
	}
	id := call.NewStationID()
	return id, s.unkept(settings.KeepStationID(s.Dir, string(id)))
}

// wish is what the account is to be like, at a public address.
func (s *Session) wish(d draft, public string, over bool) (setup.Wish, error) {
	id, err := s.stationID()
	if err != nil {
		return setup.Wish{}, err
	}
	was, err := setup.LoadBefore(s.Dir)
	if err != nil {
		return setup.Wish{}, err
	}
	kept, err := settings.LoadKept(s.Dir)
	if err != nil {
		kept = settings.Kept{} // a key is made anew, and the app found by its name
	}
	w := setup.Wish{
		Public: public, Number: d.Number, DialIn: d.DialIn, Texts: s.Settings.SendsTexts(), Fallback: s.Settings.FallbackURL,
		Station: id, TakeOver: over, Was: was,
	}
	for _, st := range s.Settings.Studios {
		w.Others = append(w.Others, setup.Numbers{Number: st.Number, DialIn: st.DialIn})
	}
	if kept.KeyAccount == d.AccountSid {
		w.DeskAppSid = kept.DeskAppSid
	}
	return w, nil
}
