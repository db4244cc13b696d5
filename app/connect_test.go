package app_test

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
	"callin/app/secret"
)

// newcomer is a station that has no account yet, and a stand-in for Twilio where it can
// get one, as two processes.
type newcomer struct {
	*site
	twilio *carrier.Twilio
}

func newNewcomer(t *testing.T) *newcomer {
	t.Helper()
	n := &newcomer{site: newSite(t)}
	n.speaks(n.stage.AuthToken)
	return n
}

// speaks asks Twilio with an auth token from now on.
func (n *newcomer) speaks(token string) {
	n.t.Helper()
	var err error
	if n.twilio, err = carrier.New(carrier.Account{
		AccountSid: n.stage.AccountSid, Username: n.stage.AccountSid, Password: token, Rehearsal: n.stage.Address,
	}); err != nil {
		n.t.Fatal(err)
	}
}

// begin starts the station, which knows of Twilio's address and of nothing else.
func (n *newcomer) begin() {
	n.t.Helper()
	_, port, _ := net.SplitHostPort(n.voice)
	n.station = n.process([]string{"CALLIN_REHEARSAL=" + n.stage.Address, "CALLIN_VOICE_PORT=" + port},
		"--no-browser", "--no-callers", "--data", n.data, "--settings", os.DevNull)
	n.enter(n.run(n.station))
}

// set asks for a step of the set-up.
func (n *newcomer) set(op string, body map[string]any) (st desk.SetupState) {
	n.t.Helper()
	answer, err := n.askIn("", op, body)
	if err == nil {
		err = json.Unmarshal(answer, &st)
	}
	if err != nil {
		n.t.Fatalf("%s: %v", op, err)
	}
	return st
}

// back waits until the station has begun again: the browser of before is let in.
func (n *newcomer) back(what string, is func(picture.Picture) bool) {
	n.t.Helper()
	for late := time.Now().Add(2 * long); ; {
		p, found, err := n.lookFor(is)
		switch {
		case found:
			return
		case time.Now().After(late):
			n.t.Fatalf("%s: %+v, %v", what, p, err)
		case err != nil:
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// From nothing to the first caller: the station is killed after each step and goes on
// where it was, changes nothing when it is done again, and puts all back in the end.
func TestAStationIsConnectedWithAnAccount(t *testing.T) {
	t.Parallel()
	n := newNewcomer(t)
	before := n.everything()
	n.begin()
	token := n.stage.AuthToken
	step := func(want desk.SetupStep, st desk.SetupState) desk.SetupState {
		t.Helper()
		if st.Step != want || st.Trouble != "" {
			t.Fatalf("it is at %q and not at %q: %+v", st.Step, want, st)
		}
		n.kill()
		n.begin()
		again := n.set("setup", nil)
		st.Public.TookMs, again.Public.TookMs = 0, 0
		if diff := cmp.Diff(st, again); diff != "" {
			t.Fatalf("after a break it is (-before +after):\n%s", diff)
		}
		return st
	}
	step(desk.StepAccount, n.set("setup", nil))
	for _, wrong := range []map[string]any{
		{"sid": "AC1", "token": token},
		{"sid": n.stage.AccountSid, "token": strings.Repeat("0", 32)},
		{"sid": strings.Repeat("AC", 1) + strings.Repeat("0", 32), "token": token},
	} {
		if err := n.ask("setupAccount", wrong); err == nil || strings.Contains(err.Error(), token) {
			t.Errorf("%v: %v", wrong["sid"], err)
		}
	}
	st := step(desk.StepNumber, n.set("setupAccount", map[string]any{"sid": n.stage.AccountSid, "token": token}))
	if st.Account == nil || st.Account.Trial || len(st.Numbers) == 0 || st.Connected {
		t.Fatalf("the account is %+v", st)
	}
	step(desk.StepDialIn, n.set("setupNumber", map[string]any{"number": n.numbers.listeners}))
	step(desk.StepAddress, n.set("setupDialIn", nil))
	st = step(desk.StepChange, n.set("setupAddress", map[string]any{"kind": "own", "address": "http://" + n.voice}))
	if err := n.ask("setupDo", map[string]any{"mark": "another"}); err == nil {
		t.Error("it does what was not shown")
	}
	if diff := cmp.Diff(before, n.everything()); diff != "" {
		t.Fatalf("something was changed before it was agreed to:\n%s", diff)
	}
	if done := n.set("setupDo", map[string]any{"mark": st.Mark}); !done.Again || done.Step != desk.StepTry {
		t.Errorf("it says %+v", done)
	}

	// The browser of before finds the station on its account.
	n.back("a closed show on the account", func(p picture.Picture) bool { return p.Studios[0].Show.State == "closed" })
	step(desk.StepTry, n.set("setup", nil))
	st = n.set("setup", nil)
	if len(st.Will) > 0 || !st.Connected || !st.Undoable {
		t.Errorf("again it would %+v", st)
	}
	n.aTelephoneHearsTheStation("+12065550188")
	key, err := secret.InFiles(filepath.Join(n.data, "rehearsal-account")).Get(secret.KeySecret(n.stage.AccountSid))
	if err != nil {
		t.Fatal(err)
	}
	n.notWritten(token, key)
	for _, c := range []*exec.Cmd{n.station, n.site.twilio} {
		args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", c.Process.Pid))
		if err == nil && (strings.Contains(string(args), token) || strings.Contains(string(args), key)) {
			t.Error("the list of processes has a secret")
		}
	}
	n.do("open", nil)
	n.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == "open" })
	if _, err := n.stage.Ring(t.Context(), stage.Casting{Voice: "none"}); err != nil {
		t.Fatal(err)
	}
	n.until("the first caller is there", func(p picture.Picture) bool { return len(p.Cards) == 1 })

	// The token is changed at Twilio, as it is made there, told here and promoted.
	next := n.tokens(token, "Secondary").Secondary
	n.set("setupAccount", map[string]any{"sid": n.stage.AccountSid, "token": next})
	n.tokens(token, "Promote")
	token = next
	n.speaks(token)
	if st := n.set("setup", nil); st.Step != desk.StepTry || st.Trouble != "" {
		t.Errorf("with another token it is %+v", st)
	}
	if _, err := n.stage.Ring(t.Context(), stage.Casting{Voice: "none"}); err != nil {
		t.Fatal(err)
	}
	n.until("a caller comes in with another token", func(p picture.Picture) bool { return len(p.Cards) == 2 })
	if err := n.ask("setupUndo", nil); err == nil {
		t.Error("all is put back in a show")
	}
	if err := n.ask("setupKey", nil); err == nil {
		t.Error("the key is replaced in a show")
	}
	n.do("close", nil)
	n.until("the show is closed", func(p picture.Picture) bool { return p.Studios[0].Show.State == "closed" })

	// The key that may have got into wrong hands is replaced by a press.
	keys := func() []carrier.Key {
		keys, err := n.twilio.Keys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return keys
	}
	old := keys()
	if st := n.set("setupKey", nil); !st.Again || len(old) != 1 {
		t.Errorf("of %v it says %+v", old, st)
	}
	for late := time.Now().Add(2 * long); ; time.Sleep(20 * time.Millisecond) {
		if now := keys(); len(now) == 1 && now[0].Sid != old[0].Sid {
			break
		} else if time.Now().After(late) {
			t.Fatalf("the keys are %v, and were %v", now, old)
		}
	}
	n.back("a closed show with another key", func(p picture.Picture) bool { return p.Studios[0].Show.State == "closed" })
	if st := n.set("setup", nil); st.Step != desk.StepTry || len(st.Will) > 0 {
		t.Errorf("with another key it is %+v", st)
	}
	if st := n.set("setupUndo", nil); len(st.Left) > 0 || st.Undoable || !st.Again {
		t.Errorf("after it was undone: %+v", st)
	}
	if diff := cmp.Diff(before, n.everything()); diff != "" {
		t.Errorf("the account is not as before:\n%s", diff)
	}
	n.back("its rehearsal", func(p picture.Picture) bool { return p.Studios[0].Show.State == "open" })
	filepath.WalkDir(n.data, func(path string, d os.DirEntry, err error) error {
		if text, _ := os.ReadFile(path); strings.Contains(string(text), token) {
			t.Errorf("%s has the auth token", path)
		}
		return nil
	})
}

// everything is what the account has.
func (n *newcomer) everything() []any { return (&tenant{t: n.t, twilio: n.twilio}).everything() }

// aTelephoneHearsTheStation has Twilio call a technician, who hears the voice listener.
func (n *newcomer) aTelephoneHearsTheStation(number string) {
	n.t.Helper()
	if err := n.stage.Install(n.t.Context(), stage.Telephone{Number: number, Voice: "none"}); err != nil {
		n.t.Fatal(err)
	}
	n.set("setupCall", map[string]any{"number": number})
	for late := time.Now().Add(long); ; time.Sleep(20 * time.Millisecond) {
		callers, err := n.stage.Callers(n.t.Context())
		for _, c := range callers {
			for _, h := range c.Heard {
				if c.Number == number && strings.Contains(h.Text, "Twilio reaches this station") {
					return
				}
			}
		}
		if err != nil || time.Now().After(late) {
			n.t.Fatalf("it hears %+v, %v", callers, err)
		}
	}
}
