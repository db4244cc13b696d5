package app_test

import (
	"encoding/json"
	"slices"
	"testing"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// Two studios of one account, as two processes have them: callers of one number reach
// the studio that they called, and each has its own show and record. A caller who is
// given to the other one comes there with the card.
func TestStudiosOfOneAccountDoNotMix(t *testing.T) {
	t.Parallel()
	s := &site{t: t, data: t.TempDir(), park: "1", settings: "[[studios]]\nid = \"b\"\nname = \"Studio B\"\nshow = \"Late\"\n"}
	s.build().start()
	open := func(st picture.Studio) bool { return st.Show.State == call.ShowOpen }
	s.until("both are open", func(p picture.Picture) bool { return len(p.Studios) == 2 && open(p.Studios[0]) && open(p.Studios[1]) })
	var rang []call.Sid
	for _, st := range s.picture().Studios {
		caller, err := s.stage.Ring(t.Context(), stage.Casting{To: st.Number, Number: "+12015550111", Voice: "none"})
		if err != nil {
			t.Fatal(err)
		}
		rang = append(rang, call.Sid(caller[0].CallSid))
	}
	stand := func(sid call.Sid, in call.Studio, at string) func(picture.Picture) bool {
		return func(p picture.Picture) bool {
			return slices.ContainsFunc(p.Cards, func(c picture.Card) bool {
				return c.Call == sid && c.Studio == in && c.Place == call.InQueue(at) && c.Move == nil
			})
		}
	}
	s.until("the first one waits in the first studio", stand(rang[0], "", "on-air"))
	s.until("the other one waits in the other", stand(rang[1], "b", "on-air-b"))
	if _, err := s.askIn("b", "drop", map[string]any{"call": rang[0]}); err == nil {
		t.Error("a caller was dropped from the other studio")
	}
	s.do("note", map[string]any{"call": rang[0], "name": "Ana", "topic": "the bridge"})
	s.do("give", map[string]any{"call": rang[0], "studio": "b"})
	s.until("she was given to the other one", stand(rang[0], "b", "on-air-b"))
	for _, c := range s.picture().Cards {
		if c.Call == rang[0] && (c.Name != "Ana" || c.Topic != "the bridge") {
			t.Errorf("her card came as %+v", c)
		}
	}
	if _, err := s.askIn("b", "close", nil); err != nil {
		t.Fatal(err)
	}
	s.until("the other one is closed", func(p picture.Picture) bool {
		return p.Studios[1].Show.State == call.ShowClosed && open(p.Studios[0])
	})
	for studio, want := range map[call.Studio]int64{"": 1, "b": 2} { // she is one of both
		answer, err := s.askIn(studio, "shows", nil)
		var shows desk.Shows
		if err != nil || json.Unmarshal(answer, &shows) != nil || len(shows.Shows) != 1 || shows.Shows[0].Calls != want || (shows.Shows[0].Closed != 0) != (studio == "b") {
			t.Errorf("the record of %q is %s, %v", studio, answer, err)
			continue
		}
		answer, err = s.askIn(studio, "sheet", map[string]any{"show": shows.Shows[0].Show})
		var sheet desk.Sheet
		if err != nil || json.Unmarshal(answer, &sheet) != nil || sheet.Totals.Callers != want || studio == "" && sheet.Totals.StillHere != 0 || (sheet.Totals.GivenAway == 1) != (studio == "") {
			t.Errorf("the sheet of %q is %s, %v", studio, answer, err)
		}
	}
	numbers := func(p picture.Picture) []string { return []string{p.Studios[0].Number, p.Studios[1].Number} }
	before := numbers(s.picture())
	s.kill()
	s.start()
	s.until("after a restart they stand as they stood", func(p picture.Picture) bool {
		return open(p.Studios[0]) && p.Studios[1].Show.State == call.ShowClosed && slices.Equal(numbers(p), before)
	})
}
