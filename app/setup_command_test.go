package app_test

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/carrier"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
)

// terminal runs callin setup in a folder with what somebody types, and returns what it
// says and its exit code.
func (n *newcomer) terminal(typed string, args ...string) (said string, code int) {
	n.t.Helper()
	_, port, _ := net.SplitHostPort(n.voice)
	c := n.process([]string{"CALLIN_REHEARSAL=" + n.stage.Address, "CALLIN_VOICE_PORT=" + port},
		append([]string{"setup", "--data", n.data, "--settings", os.DevNull}, args...)...)
	c.Stdin = strings.NewReader(typed)
	text, err := c.CombinedOutput()
	if c.ProcessState == nil {
		n.t.Fatal(err)
	}
	return string(text), c.ProcessState.ExitCode()
}

// In a terminal the same steps are asked for: it goes on where it was left, does what it
// shows after a yes, changes nothing again, and puts all back; while the station runs too.
func TestAStationIsConnectedInATerminal(t *testing.T) {
	t.Parallel()
	n := newNewcomer(t)
	before := n.everything()
	edges := func(far map[string]int) {
		t.Helper()
		if err := n.stage.PutFaults(t.Context(), stage.Faults{FarMs: far}); err != nil {
			t.Fatal(err)
		}
	}
	const away = 150
	far := map[string]int{"ashburn": away, "umatilla": away, "sao-paulo": away, "dublin": away, "frankfurt": away, "singapore": -1, "sydney": away, "tokyo": away}
	edges(far) // the one that Twilio chooses is the nearest
	says := func(code int, words, typed string, args ...string) string {
		t.Helper()
		said, exit := n.terminal(typed, args...)
		if exit != code || !strings.Contains(said, words) {
			t.Fatalf("%v: exit %d, want %d and %q:\n%s", args, exit, code, words, said)
		}
		if strings.Contains(said, n.stage.AuthToken) {
			t.Errorf("%v says the auth token", args)
		}
		return said
	}
	says(2, "not understood", "", "--number")
	says(1, "missing: --sid", "", "--yes")
	says(1, "The set-up was left", "")
	says(1, "The set-up was left", n.stage.AccountSid+"\nnot a token\n"+n.stage.AccountSid+"\n"+n.stage.AuthToken+"\n")
	says(1, "The set-up was left", "+15550100999\n"+n.numbers.listeners+"\n\n")
	said := says(1, "Nothing was changed", "http://"+n.voice+"\nno\n")
	for _, words := range []string{`The API key "Callin desks `, "The number " + n.numbers.listeners, "(made)", "→ http://" + n.voice + "/voice/inbound"} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q:\n%s", words, said)
		}
	}
	if diff := cmp.Diff(before, n.everything()); diff != "" {
		t.Fatalf("something was changed without a yes:\n%s", diff)
	}
	says(0, "The account is connected", "yes\n")
	says(1, "Nothing was changed", "", "--undo") // nobody says yes
	n.begin()
	connected := n.everything()
	says(0, "The account is connected", "") // and nothing is asked
	if diff := cmp.Diff(connected, n.everything()); diff != "" {
		t.Errorf("something was changed again:\n%s", diff)
	}
	says(0, "Everything is as it was", "yes\n", "--undo")
	if diff := cmp.Diff(before, n.everything()); diff != "" {
		t.Errorf("not as before:\n%s", diff)
	}
	n.kill()
	says(0, "nothing to put back", "", "--undo")

	// A nearer edge is proposed, and used after a yes.
	far["roaming"], far["frankfurt"] = away, 0
	edges(far)
	steps := n.stage.AccountSid + "\n" + n.stage.AuthToken + "\n" + n.numbers.listeners + "\n\nhttp://" + n.voice + "\n"
	said = says(1, "The edge frankfurt is nearer.", steps+"no\nno\n")
	if !regexp.MustCompile(`roaming    where Twilio chooses [1-9]\d\d`).MatchString(said) || !strings.Contains(said, "singapore  Singapore            not reached") {
		t.Errorf("of edges it says:\n%s", said)
	}
	says(1, "must be one that leads to the region ie1: dublin", "", "--yes", "--region", "ie1")
	says(0, "The account is connected", "yes\nyes\n")
	if c, err := settings.LoadConnected(n.data); err != nil || c.Edge != "frankfurt" || c.Region != "us1" {
		t.Errorf("settled is %+v, %v", c, err)
	}
	says(0, "Everything is as it was", "yes\n", "--undo")

	// For a script.
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(n.stage.AuthToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(0, "The account is connected", "", "--yes", "--sid", n.stage.AccountSid, "--token-file", token,
		"--number", n.numbers.listeners, "--address", "http://"+n.voice)
	n.begin()
	if p := n.picture(); p.Studios[0].Number != n.numbers.listeners || p.Studios[0].Show.State != "closed" {
		t.Errorf("the station runs with %+v", p.Studios[0])
	}
}

// In a terminal a number is bought after a yes to its price, for listeners and for the DJ,
// and a trial account says what it cannot do.
func TestANumberIsBoughtInATerminal(t *testing.T) {
	t.Parallel()
	n := newNewcomer(t)
	account := n.stage.AccountSid + "\n" + n.stage.AuthToken + "\n"
	numbers := func() (found []string) {
		for _, number := range all(t, n.twilio, carrier.Number) {
			found = append(found, number.Name)
		}
		return found
	}
	before := numbers()
	said, _ := n.terminal(account + "buy\nUS\n206\n1\nno\nbuy\nus\n\n\nbuy\nZZ\n\n")
	for _, words := range []string{"1.15 USD a month", "Twilio takes 1.15 USD from the account now and each month", "Nothing was bought.", "Callin does not know this country"} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q:\n%s", words, said)
		}
	}
	if diff := cmp.Diff(before, numbers()); diff != "" {
		t.Fatalf("without a yes it buys:\n%s", diff)
	}
	if said, _ = n.terminal("buy\nUS\n206\n1\nyes\nbuy\nUS\n\n2\nyes\n4711\n"); len(numbers()) != len(before)+2 || !strings.Contains(said, "the stand-in for Twilio reaches this station") {
		t.Fatalf("it has bought %v:\n%s", numbers(), said)
	}
	bought := numbers()[len(before):]
	if said, code := n.terminal("", "--yes", "--tunnel", "ngrok"); code != 1 || !strings.Contains(said, "has no tunnel") {
		t.Errorf("a stand-in is tunneled, %d:\n%s", code, said)
	}
	if err := n.stage.Switch(t.Context(), stage.Switches{Trial: true}); err != nil {
		t.Fatal(err)
	}
	said, code := n.terminal("", "--yes", "--address", "http://"+n.voice)
	for _, words := range []string{"▲ Trial account: Twilio waits five seconds", "▲ Trial account: a show differs", "▲ Trial account: ring from a telephone that was verified", "Listeners call " + bought[0]} {
		if code != 0 || !strings.Contains(said, words) {
			t.Errorf("it does not say %q, %d:\n%s", words, code, said)
		}
	}
	n.begin()
	if p := n.picture(); p.Studios[0].Number != bought[0] || p.Studios[0].DialIn != bought[1] {
		t.Errorf("the station runs with %+v", p.Studios[0])
	}
}
