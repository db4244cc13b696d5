package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/connect"
	"callin/app/desk"
	"callin/app/rehearsal/stage"
)

// novice is a set-up over an account that others use too.
type novice struct {
	*applicant
	asked atomic.Int64 // requests of the set-up
	log   strings.Builder
}

const (
	office    = "+12065550177"
	aPin      = "73519284"
	otherName = "The office"
)

func newNovice(t *testing.T) *novice {
	t.Helper()
	n := &novice{}
	n.applicant = newApplicant(t, func(o *connect.Options) {
		at, err := url.Parse(o.Twilio)
		if err != nil {
			t.Fatal(err)
		}
		through := httputil.NewSingleHostReverseProxy(at)
		through.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
		through.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }
		counted := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n.asked.Add(1)
			through.ServeHTTP(w, r)
		}))
		t.Cleanup(counted.Close)
		o.Twilio, o.Log = counted.URL, slog.New(slog.NewTextHandler(&n.log, nil))
	})
	n.plant(stage.Planting{
		Numbers: []stage.Number{{Number: office, Name: otherName, VoiceURL: "https://office.example.org/menu", SmsURL: "https://office.example.org/texts"}},
		Apps:    []stage.App{{Name: otherName, VoiceURL: "https://office.example.org/app"}}, Keys: []string{otherName}, Queues: []string{"office"},
	})
	return n
}

// everything is what the account has, with its queues and what is left of its balance.
func (n *novice) everything() []any {
	n.t.Helper()
	found := n.tenant.everything()
	queues, err := n.twilio.Queues(n.t.Context(), "office")
	if err != nil {
		n.t.Fatal(err)
	}
	a, err := n.twilio.Account(n.t.Context())
	if err != nil {
		n.t.Fatal(err)
	}
	return append(found, queues, a.Balance)
}

// step is a press of the set-up.
type step struct {
	name string
	do   func(*novice) (desk.SetupState, error)
	next desk.SetupStep // where it leads; empty for one that changes nothing
}

const forSale = "+14155550152"

var steps = []step{
	{"account", func(n *novice) (desk.SetupState, error) {
		return n.Account(n.t.Context(), desk.SetupAccountBody{Sid: n.on.AccountSid, Token: n.on.AuthToken})
	}, desk.StepNumber},
	{"number", func(n *novice) (desk.SetupState, error) {
		return n.Number(n.t.Context(), n.on.ListenersNumber)
	}, desk.StepDialIn},
	{"search", func(n *novice) (desk.SetupState, error) {
		offers, err := n.Offers(n.t.Context(), desk.SetupOffersBody{Country: "us", Contains: "+1415"})
		if err == nil && (len(offers.Offers) == 0) {
			err = errors.New("nothing is offered")
		}
		return desk.SetupState{}, err
	}, ""},
	{"buy", func(n *novice) (desk.SetupState, error) {
		return n.Buy(n.t.Context(), desk.SetupBuyBody{Number: forSale, Price: "1.15"})
	}, desk.StepDialIn},
	{"dial-in", func(n *novice) (desk.SetupState, error) {
		return n.DialIn(n.t.Context(), desk.SetupDialInBody{Number: n.on.DialInNumber, Pin: aPin})
	}, desk.StepAddress},
	{"address", func(n *novice) (desk.SetupState, error) {
		return n.Address(n.t.Context(), desk.SetupAddressBody{Kind: desk.PublicOwn, Address: n.public})
	}, desk.StepChange},
	{"plan", func(n *novice) (desk.SetupState, error) { return n.State(n.t.Context()) }, desk.StepChange},
	{"do", func(n *novice) (desk.SetupState, error) {
		st, err := n.State(n.t.Context())
		if err != nil || st.Trouble != "" {
			return st, err
		}
		return n.Do(n.t.Context(), desk.SetupDoBody{Mark: st.Mark})
	}, desk.StepTry},
	{"undo", func(n *novice) (desk.SetupState, error) { return n.Undo(n.t.Context()) }, desk.StepAccount},
}

// until takes all steps before the one of a name.
func (n *novice) until(name string) {
	n.t.Helper()
	for _, s := range steps {
		if s.name == name {
			return
		}
		if st, err := s.do(n); err != nil || s.next != "" && st.Step != s.next {
			n.t.Fatalf("%s: %v, at %q %s", s.name, err, st.Step, st.Public.Trouble+st.Trouble)
		}
	}
}

// inWords has a refusal be for a person: a sentence that says what to do, of nobody's
// program and with no secret in it.
func (n *novice) inWords(err error) *call.Error {
	n.t.Helper()
	var said *call.Error
	if !errors.As(err, &said) || err != error(said) {
		n.t.Errorf("it says %T %v", err, err)
		return &call.Error{}
	}
	n.sentence(said.Message)
	return said
}

func (n *novice) sentence(words string) {
	n.t.Helper()
	if len(words) < 20 || !strings.HasSuffix(words, ".") {
		n.t.Errorf("%q is no sentence", words)
	}
	for _, no := range []string{n.on.AuthToken, aPin, "Refused by the stage", "Get \"", "Post \"", "EOF", "dial tcp", "invalid character", "setup:", "<html", "%!", "twilio-go"} {
		if strings.Contains(words, no) {
			n.t.Errorf("%q has %q in it", words, no)
		}
	}
}

// kept has no secret be in a file but those that are for secrets, nor in the log.
func (n *novice) kept(secrets ...string) {
	n.t.Helper()
	secrets = append(secrets, n.on.AuthToken, aPin)
	has := func(where, text string) {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				n.t.Errorf("%s has a secret", where)
			}
		}
	}
	has("the log", n.log.String())
	filepath.WalkDir(n.Data, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "secrets" {
			return filepath.SkipDir
		}
		text, _ := os.ReadFile(path)
		has(path, string(text))
		return nil
	})
}

// Whatever request of whatever step Twilio refuses, does not answer or does without an
// answer: it is said in words, nothing is half done, and the same press works afterwards.
// CALLIN_LONG has each request fail in each way, and not every second one in one of them.
func TestEveryRequestOfASetUpMayFail(t *testing.T) {
	t.Parallel()
	kinds := []stage.RESTFault{
		{Kind: "busy"},
		{Kind: "error"},
		{Kind: "html"},
		{Kind: "down"},
		{Kind: "broken"},
		{Kind: "refused", Status: 403, Code: 20005},
		{Kind: "refused", Status: 401, Code: 20003},
		{Kind: "refused", Status: 400, Code: 29999},
	}
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var n *novice
			var before []any
			fresh := func() {
				n = newNovice(t)
				n.until(s.name)
				before = n.everything()
			}
			changes := s.name == "buy" || s.name == "do" || s.name == "undo"
			fresh()
			clean := files(t, n.Data)
			from := n.asked.Load()
			if _, err := s.do(n); err != nil {
				t.Fatal(err)
			}
			requests, done := int(n.asked.Load()-from), n.everything()
			if !changes && cmp.Diff(before, done) != "" {
				t.Fatal("it changes something at Twilio")
			}
			failed, every := 0, 2*len(kinds) // each second one
			if os.Getenv("CALLIN_LONG") != "" {
				every = 1
			}
			for i := range requests {
				for k, fault := range kinds {
					if (i+k)%every != 0 { // other kinds at the next request
						continue
					}
					if changes { // at Twilio, where nothing is put back
						fresh()
					} else {
						restore(t, n.Data, clean)
					}
					fault.Skip, fault.Count = i, 1
					n.faults(fault)
					what := fmt.Sprintf("%s %d at request %d of %d", fault.Kind, fault.Code, i+1, requests)
					st, err := s.do(n)
					n.faults()
					switch {
					case err != nil:
						failed++
						n.inWords(err)
						if t.Failed() {
							t.Fatal(what)
						}
					case st.Trouble != "":
						n.sentence(st.Trouble)
						failed++
					}
					if s.name == "undo" && err == nil { // it is undone; only the look afterwards may have failed
						st.Step = s.next
					} else if st, err = s.do(n); err != nil || st.Step != s.next || st.Trouble != "" {
						t.Fatalf("%s, and again: %v, at %q %q", what, err, st.Step, st.Trouble)
					}
					if diff := cmp.Diff(shape(done), shape(n.everything())); diff != "" {
						t.Fatalf("%s, and again (-without +with):\n%s", what, diff)
					}
				}
			}
			if failed == 0 { // a question is asked again by itself, and what Twilio does not tell is done without
				t.Error("nothing was refused")
			}
			n.kept()
		})
	}
}

// sids are what Twilio gives, and stations what a station calls itself: no two accounts
// have the same.
var (
	sids     = regexp.MustCompile(`\b([A-Z]{2})[0-9a-f]{32}\b`)
	stations = regexp.MustCompile(`(station=|(?:listeners|desks) )[0-9a-z]+`)
	hosts    = regexp.MustCompile(`http://127.0.0.1:[0-9]+`)
)

// shape is everything but that.
func shape(of []any) string {
	text, err := json.Marshal(of)
	if err != nil {
		panic(err)
	}
	return hosts.ReplaceAllString(stations.ReplaceAllString(sids.ReplaceAllString(string(text), "$1"), "$1"), "")
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, _ := os.ReadFile(path)
			found[path] = string(text)
		}
		return err
	})
	return found
}

func restore(t *testing.T, dir string, to map[string]string) {
	t.Helper()
	for path := range files(t, dir) {
		if _, was := to[path]; !was {
			os.Remove(path)
		}
	}
	for path, text := range to {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
