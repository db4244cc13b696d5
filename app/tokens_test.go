package app

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/secret"
	"callin/app/settings"
)

// What was signed with the token of before is under way for a moment; whoever else has
// that token gets no further.
func TestTheTokenOfBeforeSignsForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := secret.InFiles(t.TempDir())
		s := &process{settings: settings.Settings{AccountSid: "AC1", AuthToken: "first"}, secrets: store, stderr: &veil{}, log: quiet()}
		tokens := s.newTokens()
		is := func(when string, anew bool, want ...string) {
			t.Helper()
			if got := tokens.signing(anew); !slices.Equal(got, want) {
				t.Errorf("%s: %q", when, got)
			}
		}
		for range looksAtOnce {
			is("at first", true, "first")
		}
		if err := store.Set(secret.NextAuthToken("AC1", ""), "second"); err != nil {
			t.Fatal(err)
		}
		is("when nothing is wrong", false, "first")
		is("when it was looked for often just now", true, "first")
		time.Sleep(lookAgain)
		is("when it is looked for again", true, "first", "second")
		tokens.changed("second")
		is("when it is changed", true, "second", "first")
		time.Sleep(oldSigns)
		is("a minute later", true, "second")
		// A token that is kept from earlier is no token to sign with.
		s.settings.AuthToken = "third"
		if tokens = s.newTokens(); !slices.Equal(tokens.spare(), []string{"second"}) {
			t.Errorf("spare are %q", tokens.spare())
		}
		is("with another token in the settings", true, "third")
	})
}
