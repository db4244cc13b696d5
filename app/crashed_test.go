package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// crashing has this test's program, as callin, crash with such words.
const crashing = "CALLIN_TEST_CRASHES"

// fault is a page whose reading crashes.
type fault string

func (f fault) Open(string) (fs.File, error) { panic(string(f)) }

// What Go prints when Callin crashes has whatever was at hand. The log has it at
// the next start, with the stack and without secrets, also those that were
// replaced meanwhile.
func TestACrashIsInTheLogWithoutSecretsAndSaidOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := filepath.Join(s.data, "callin.log")
	has := func(file string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(s.data, file))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const pin = "48151623"
	replaced := strings.Repeat("5f", 16)
	secrets := []string{s.stage.AuthToken, pin, replaced}
	c := s.process([]string{
		crashing + "=refused: " + strings.Join(secrets, " ") + " " + s.stage.AccountSid, "CALLIN_PIN=" + pin,
		"CALLIN_REHEARSAL=" + s.stage.Address, "TWILIO_ACCOUNT_SID=" + s.stage.AccountSid, "TWILIO_AUTH_TOKEN=" + s.stage.AuthToken,
	}, "station", "--data", s.data, "--settings", os.DevNull)
	if err := c.Run(); err == nil {
		t.Fatal("it did not crash")
	}
	if info, err := os.Stat(filepath.Join(s.data, "callin.crash")); err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Fatalf("of the crash there is %+v, %v", info, err)
	}
	if strings.Contains(has("callin.log"), "refused: ") {
		t.Error("it is in the log as Go wrote it")
	}
	s.pin = pin
	s.start()
	log := has("callin.log")
	for _, says := range []string{"Callin crashed at 20", "panic: refused: [hidden] [hidden] [hidden] " + s.stage.AccountSid, "fault.Open", "goroutine 1"} {
		if !strings.Contains(log, says) {
			t.Errorf("the log does not say %q", says)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(log, secret) || strings.Contains(has("callin.crash"), secret) {
			t.Errorf("%q is still there", secret)
		}
	}
	if said := s.picture().Station.Warnings; len(said) != 1 || !strings.Contains(said[0], "ended unexpectedly") || !strings.HasSuffix(said[0], path) {
		t.Errorf("the desk says %q", said)
	}
	if err := s.station.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	s.station.Wait()
	s.start()
	if said := s.picture().Station.Warnings; len(said) > 0 || strings.Count(has("callin.log"), "Callin crashed at") != 1 {
		t.Errorf("once more the desk says %q", said)
	}
	s.kill()
	s.start()
	if said := s.picture().Station.Warnings; len(said) != 1 || !strings.Contains(said[0], "not ended in order last time, after its start at 20") {
		t.Errorf("after a power cut the desk says %q", said)
	}
}
