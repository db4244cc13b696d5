package app_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"callin/app/desk/contract"
	"callin/app/settings"
)

const asPolicy = "CALLIN_TEST_POLICY"

// policyOfTest is the policy of a process that a test has started: a file.
func policyOfTest() func() (settings.Policy, error) {
	path := os.Getenv(asPolicy)
	if path == "" {
		return nil
	}
	return func() (settings.Policy, error) { return settings.PolicyFile(path) }
}

// What an administrator has set goes before a user's environment and file, is told on the
// page, and a wrong name in it keeps no desk shut.
func TestThePolicyOfAComputer(t *testing.T) {
	t.Parallel()
	at, _ := contract.Room(t)
	station := contract.NewStation(at)
	server := station.Serve(t)
	policy := filepath.Join(t.TempDir(), "policy.toml")
	if err := os.WriteFile(policy, []byte("station = \""+server.URL+"\"\nstatoin = 1\nkeep_days = \"x\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := &pc{t: t, data: t.TempDir()}
	env := []string{asPolicy + "=" + policy, "CALLIN_STATION=https://127.0.0.1:1"}
	if printed, _ := p.callin("", env); !strings.Contains(printed, "is not paired with "+server.URL) {
		t.Errorf("it says %q", printed)
	}
	if printed, _ := p.callin("", env, "--station", "https://127.0.0.1:1", "--code", "123456"); !strings.Contains(printed, "by this computer's policy, name another station: "+server.URL) {
		t.Errorf("asked for another station it says %q", printed)
	}
	p.callin("yes\n", env, "--station", server.URL, "--code", contract.Code)
	if now, first := p.feed(); !now.Reached || !slices.Equal(first.Station.Policy, []string{"station"}) {
		t.Errorf("its page is told %+v %q", now, first.Station.Policy)
	}
	log, err := os.ReadFile(filepath.Join(p.data, "callin.log"))
	for _, says := range []string{`no policy can have a setting \"statoin\"`, "keep_days is not what this setting takes"} {
		if err != nil || !strings.Contains(string(log), says) {
			t.Errorf("the log does not say %s: %s", says, log)
		}
	}
}
