package app_test

import (
	"path/filepath"
	"strings"
	"testing"

	"callin/app/rehearsal/stage"
)

// What a show must know of how Callin runs is on the desk, not only in a log that
// nobody reads.
func TestTheDeskSaysWhatTheLogSaysOfATrialAccount(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := s.stage.Switch(t.Context(), stage.Switches{Trial: true}); err != nil {
		t.Fatal(err)
	}
	s.start()
	at := s.picture().Station
	if len(at.Warnings) != 1 || !strings.Contains(at.Warnings[0], "trial account: callers hear a message of Twilio's own first") || at.Log != filepath.Join(s.data, "callin.log") {
		t.Errorf("the desk is told %+v", at)
	}
}
