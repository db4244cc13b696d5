package app_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/connect"
	"callin/app/desk"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
	"callin/app/secret"
	"callin/app/setup"
)

// Beside a Callin that is alive nothing is changed until a person takes its calls over,
// and an undo gives them back.
func TestASetUpBesideALiveCallinIsAPersonsToDecide(t *testing.T) {
	t.Parallel()
	a := newApplicant(t)
	theirs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, strings.Repeat("0f", 32)) // as a Callin says
	}))
	defer theirs.Close()
	if _, err := setup.Ensure(t.Context(), a.twilio, setup.Wish{Public: theirs.URL, Station: "theirs22", Number: a.on.ListenersNumber}); err != nil {
		t.Fatal(err)
	}
	before := a.everything()
	body := a.ready()
	st, err := a.State(t.Context())
	if err != nil || st.Other != theirs.URL {
		t.Fatalf("the other is %q, %v", st.Other, err)
	}
	a.refuses("another's calls", "", "at "+theirs.URL, func() error {
		_, err := a.Do(t.Context(), body)
		var said *call.Error
		if errors.As(err, &said) && said.Code != call.CodeTakenOver {
			t.Errorf("its code is %q", said.Code)
		}
		return err
	})
	body.Over = true
	if st, err = a.Do(t.Context(), body); err != nil || st.Step != desk.StepTry {
		t.Fatalf("taken over it is at %q, %v", st.Step, err)
	}
	if has, err := setup.ClaimOf(t.Context(), a.twilio, ""); err != nil || has.Public != a.public {
		t.Errorf("the calls are at %q, %v", has.Public, err)
	}
	if _, err := a.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, a.everything()); diff != "" {
		t.Errorf("not as before:\n%s", diff)
	}
}

// A page and a terminal that agree at once: one of them does it, and the other is told.
func TestAPageAndATerminalThatPressAtOnceDoItOnce(t *testing.T) {
	t.Parallel()
	n := newNewcomer(t)
	before := n.everything()
	n.begin()
	n.set("setupAccount", map[string]any{"sid": n.stage.AccountSid, "token": n.stage.AuthToken})
	n.set("setupNumber", map[string]any{"number": n.numbers.listeners})
	n.set("setupDialIn", nil)
	st := n.set("setupAddress", map[string]any{"kind": "own", "address": "http://" + n.voice})

	terminal := n.process(nil, "setup", "--data", n.data, "--settings", os.DevNull)
	typed, err := terminal.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := terminal.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	terminal.Stderr = terminal.Stdout
	if err := terminal.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	if _, err := said.ReadString('?'); err != nil {
		t.Fatal(err)
	}
	page := make(chan error)
	go func() { page <- n.ask("setupDo", map[string]any{"mark": st.Mark}) }()
	io.WriteString(typed, "yes\n")
	typed.Close()
	text, _ := io.ReadAll(said)
	refused := <-page
	terminal.Wait()
	did := terminal.ProcessState.Success() && !strings.Contains(string(text), "▲")
	if told := strings.Contains(string(text), "▲") || strings.Contains(string(text), "callin: "); did == (refused == nil) || did == told {
		t.Errorf("the page is told %v, and the terminal\n%s", refused, text)
	}
	n.back("a closed show on the account", func(p picture.Picture) bool { return p.Studios[0].Show.State == "closed" })
	made := map[string]int{}
	for _, app := range all(t, n.twilio, carrier.App) {
		made[app.Name]++
	}
	if len(made) != 2 || made[setup.DeskApp] != 1 {
		t.Errorf("there are the apps %v", made)
	}
	n.set("setupUndo", nil)
	if diff := cmp.Diff(before, n.everything()); diff != "" {
		t.Errorf("not as before:\n%s", diff)
	}
}

// An account that was entered by mistake leaves no secret behind when another one is
// entered; one that the station runs on keeps its own.
func TestAnAccountThatWasEnteredByMistakeIsForgotten(t *testing.T) {
	t.Parallel()
	var store *secret.Store
	a := newApplicant(t, func(o *connect.Options) {
		store = secret.InFiles(t.TempDir())
		o.Secrets = func() *secret.Store { return store }
	})
	a.account()
	if _, err := a.Number(t.Context(), a.on.ListenersNumber); err != nil {
		t.Fatal(err)
	}
	if _, err := a.DialIn(t.Context(), desk.SetupDialInBody{Number: a.on.DialInNumber, Pin: "4711"}); err != nil {
		t.Fatal(err)
	}
	has := func() (has []string) {
		for _, name := range []string{secret.AuthToken(a.on.AccountSid, ""), secret.Pin(a.on.AccountSid)} {
			if value, err := store.Get(name); err == nil {
				has = append(has, value)
			}
		}
		return has
	}
	other := "AC" + strings.Repeat("0", 32)
	a.refuses("an account that is none", "token", "does not know", func() error {
		_, err := a.Account(t.Context(), desk.SetupAccountBody{Sid: other, Token: strings.Repeat("0", 32)})
		return err
	})
	if diff := cmp.Diff([]string{a.on.AuthToken, "4711"}, has()); diff != "" {
		t.Fatalf("after a refusal:\n%s", diff)
	}
	b := newApplicant(t)
	elsewhere := newApplicant(t, func(o *connect.Options) {
		*o = a.Options
		o.Twilio = b.on.Address
	})
	if _, err := elsewhere.Account(t.Context(), desk.SetupAccountBody{Sid: b.on.AccountSid, Token: b.on.AuthToken}); err != nil {
		t.Fatal(err)
	}
	if left := has(); len(left) > 0 {
		t.Errorf("there is still %q", left)
	}

	// What was here before it was entered is another station's.
	if err := store.Set(secret.AuthToken(a.on.AccountSid, ""), a.on.AuthToken); err != nil {
		t.Fatal(err)
	}
	a.account()
	if _, err := elsewhere.Account(t.Context(), desk.SetupAccountBody{Sid: b.on.AccountSid, Token: b.on.AuthToken}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{a.on.AuthToken}, has()); diff != "" {
		t.Errorf("of another station:\n%s", diff)
	}
	if err := store.Delete(secret.AuthToken(a.on.AccountSid, "")); err != nil {
		t.Fatal(err)
	}

	a.account()
	running := newApplicant(t, func(o *connect.Options) {
		*o = elsewhere.Options
		o.Settings.AccountSid = a.on.AccountSid
	})
	if _, err := running.Account(t.Context(), desk.SetupAccountBody{Sid: b.on.AccountSid, Token: b.on.AuthToken}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{a.on.AuthToken}, has()); diff != "" {
		t.Errorf("of the account that the station runs on:\n%s", diff)
	}
}

// Who waits in the account's other queues stays there, in their order, while the station is
// set up beside them and put back.
func TestWhoWaitsInAnothersQueueStays(t *testing.T) {
	t.Parallel()
	a := newApplicant(t)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Response><Enqueue>shop</Enqueue></Response>`)
	}))
	defer shop.Close()
	number, err := a.twilio.BuyNumber(t.Context())
	if err == nil {
		err = a.twilio.Update(t.Context(), carrier.Number, number.Sid, map[string]string{"VoiceUrl": shop.URL})
	}
	if err != nil {
		t.Fatal(err)
	}
	waiting := func() (found []string) {
		var queues struct{ Queues []struct{ Sid, Name string } }
		get := func(path string, into any) {
			t.Helper()
			at, _ := url.JoinPath(a.on.Address, "2010-04-01/Accounts", a.on.AccountSid, path)
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, at, nil)
			r.SetBasicAuth(a.on.AccountSid, a.on.AuthToken)
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
				t.Fatal(path, err)
			}
		}
		get("Queues.json", &queues)
		for _, q := range queues.Queues {
			var members struct {
				Members []struct {
					Call     string `json:"call_sid"`
					At       int    `json:"position"`
					Enqueued string `json:"date_enqueued"`
				} `json:"queue_members"`
			}
			get("Queues/"+q.Sid+"/Members.json", &members)
			for _, m := range members.Members {
				found = append(found, fmt.Sprintf("%s %s %d %s", q.Sid, m.Call, m.At, m.Enqueued))
			}
		}
		return found
	}
	if _, err := a.on.Stage().Ring(t.Context(), stage.Casting{To: number.Name, Voice: "none", Count: 3}); err != nil {
		t.Fatal(err)
	}
	for late := time.Now().Add(long); len(waiting()) < 3; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("in the queue wait %v", waiting())
		}
	}
	before := waiting()
	if _, err := a.Do(t.Context(), a.ready()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, waiting()); diff != "" {
		t.Errorf("a set-up moves who waits:\n%s", diff)
	}
	if _, err := a.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, waiting()); diff != "" {
		t.Errorf("an undo moves who waits:\n%s", diff)
	}
}
