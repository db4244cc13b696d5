package rehearsal

import (
	"testing"

	"callin/app/rehearsal/stage"
)

// A trial account's call fetches ten documents at most, and its type is told.
func TestTrial(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/loop", "<Redirect/>")
	s.answersAt("/loop")
	const caller = "+12065550177"
	if err := s.Stage().Switch(t.Context(), stage.Switches{Trial: true, Verified: []string{caller}}); err != nil {
		t.Fatal(err)
	}
	if a, err := s.api.FetchAccount(s.AccountSid); err != nil || *a.Type != "Trial" {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := s.stage.Ring(stage.Casting{Number: "+12065550178"}); err == nil {
		t.Error("a caller that is not verified got through")
	}
	sid := s.ring(stage.Casting{Number: caller})
	s.hears(sid, "We are sorry, an application error has occurred. Goodbye.")
	if n := s.requests("/loop"); n != 10 {
		t.Errorf("%d documents", n)
	}
}
