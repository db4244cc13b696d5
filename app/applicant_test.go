package app_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/connect"
	"callin/app/desk"
	"callin/app/rehearsal"
	"callin/app/rehearsal/stage"
	"callin/app/secret"
)

// applicant is the set-up of a station in an account, in this process.
type applicant struct {
	*tenant
	*connect.Session
	on     *rehearsal.Rehearsal
	public string // where the station answers
}

func newApplicant(t *testing.T, change ...func(*connect.Options)) *applicant {
	t.Helper()
	on, err := rehearsal.Start(rehearsal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { on.Close() })
	here := func(nonce string) string { return "here " + nonce }
	own := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, here(strings.TrimPrefix(r.URL.Path, "/voice/here/")))
	}))
	t.Cleanup(own.Close)
	data := t.TempDir()
	o := connect.Options{
		Data: data, Dir: filepath.Join(data, "account"), Twilio: on.Address, Port: 8101, Here: here,
		Secrets: func() *secret.Store { return secret.InFiles(data) },
		Open:    func() bool { return false }, Again: func(bool) {}, Log: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&o)
	}
	return &applicant{tenant: &tenant{t: t, twilio: account(t, on, on.AuthToken)}, Session: connect.New(o), on: on, public: own.URL}
}

func (a *applicant) account() {
	a.t.Helper()
	if _, err := a.Account(a.t.Context(), desk.SetupAccountBody{Sid: a.on.AccountSid, Token: a.on.AuthToken}); err != nil {
		a.t.Fatal(err)
	}
}

// ready is up to the list of changes, which it agrees to.
func (a *applicant) ready() desk.SetupDoBody {
	a.t.Helper()
	a.account()
	_, err := a.Number(a.t.Context(), a.on.ListenersNumber)
	if err == nil {
		_, err = a.DialIn(a.t.Context(), desk.SetupDialInBody{})
	}
	var st desk.SetupState
	if err == nil {
		st, err = a.Address(a.t.Context(), desk.SetupAddressBody{Kind: desk.PublicOwn, Address: a.public})
	}
	if err != nil || st.Step != desk.StepChange {
		a.t.Fatalf("at %q %s: %v", st.Step, st.Public.Trouble, err)
	}
	return desk.SetupDoBody{Mark: st.Mark}
}

// refuses is that a press is refused with words, at a field, and nothing is done.
func (a *applicant) refuses(what, field, words string, press func() error) {
	a.t.Helper()
	before := a.everything()
	err := press()
	var said *call.Error
	if !errors.As(err, &said) || said.Field != field || !strings.Contains(said.Message, words) || strings.Contains(said.Message, a.on.AuthToken) {
		a.t.Errorf("%s: %#v, want %q at %q", what, err, words, field)
	}
	if diff := cmp.Diff(before, a.everything()); diff != "" {
		a.t.Errorf("%s changes something:\n%s", what, diff)
	}
}

func (a *applicant) plant(p stage.Planting) {
	a.t.Helper()
	if _, err := a.on.Stage().Plant(a.t.Context(), p); err != nil {
		a.t.Fatal(err)
	}
}

func (a *applicant) faults(of ...stage.RESTFault) {
	a.t.Helper()
	if err := a.on.Stage().PutFaults(a.t.Context(), stage.Faults{REST: of}); err != nil {
		a.t.Fatal(err)
	}
}
