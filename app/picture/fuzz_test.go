package picture_test

import (
	"fmt"
	"testing"

	"callin/app/call"
	"callin/app/picture"
)

// FuzzAnyFacts folds whatever facts a journal may hold, in any order: nothing
// breaks, and the lists follow from the cards.
func FuzzAnyFacts(f *testing.F) {
	// Four bytes a fact: kind, call, place and the rest. One waits, is locked, and
	// changes queue; two wait and change places; phones come, late and again.
	f.Add([]byte{0, 1, 0, 0, 2, 1, 1, 0, 6, 1, 1, 0, 2, 1, 2, 0})
	f.Add([]byte{0, 1, 0, 0, 2, 1, 1, 0, 0, 2, 0, 0, 2, 2, 1, 0, 7, 2, 1, 4, 1, 1, 3, 0, 2, 1, 3, 1, 4, 1, 0, 0})
	f.Add([]byte{9, 2, 0, 0, 9, 3, 0, 0, 8, 3, 1, 0, 8, 2, 1, 4, 8, 3, 0, 0, 4, 2, 0, 0})
	kinds := []call.FactKind{
		call.Arrived, call.Began, call.Placed, call.Failed, call.Ended, call.Noted, call.LockSet, call.Ordered,
		call.PhoneSet, call.Dialled, call.ShowSet, call.PinTyped, call.PinUnlocked, call.Forgotten, call.Left,
		call.Recorded, call.Unrecorded, call.Texted, call.OptedOut, call.ClockSet, call.Exported, "of later",
	}
	places := []call.Place{
		{Kind: call.Arriving},
		call.InQueue("on-air"), call.InQueue("screening"), call.OnLine("studio", call.Talking),
		call.OnLine("studio", call.Held),
		{Kind: call.Park},
		{Kind: call.Bridge},
		{Kind: call.Closing},
		call.OnLine("nobody's", call.Deck),
	}
	ops := []call.Op{call.OpNext, call.OpLost, call.OpDrop, call.OpClose, call.OpFell}
	codes := []string{"", "direct", "telephone", "replaced", "older", "by_hand", "open", "closed", "opening", "not_done"}
	pick := func(n byte, of int) int { return int(n) % of }
	f.Fuzz(func(t *testing.T, b []byte) {
		s := picture.New(picture.Studio{})
		for seq := int64(1); len(b) >= 4; b, seq = b[4:], seq+1 {
			number := fmt.Sprintf("+1%d", b[1])
			fact := call.Fact{
				Seq: seq, At: seq, Kind: kinds[pick(b[0], len(kinds))], Call: call.Sid(fmt.Sprint("CA", pick(b[1], 5))),
				Place: &places[pick(b[2], len(places))], By: ops[pick(b[3], len(ops))], Code: codes[pick(b[3], len(codes))],
				On: b[2]%2 == 1, Rank: float64(b[3] % 4), Line: "studio", Move: int64(b[3]), Number: &number, Name: &number,
				Leg: call.Sid(fmt.Sprint("CA", pick(b[3], 5))), Conference: []string{"", "CF1"}[b[3]%2], Recording: number, Whose: number, Step: int64(b[3]) - 128,
			}
			s.Apply(fact, s.Changes())
			follows(t, s)
		}
	})
}

// follows checks that the state's lists are what the cards say.
func follows(t *testing.T, s *picture.State) {
	t.Helper()
	waiting := map[string]int{}
	var next *picture.Caller
	for c := range s.Callers() {
		at := c.Place()
		if at.Kind != call.Queue {
			continue
		}
		waiting[at.Name]++
		if p := s.Position(c); p < 1 || p > len(s.Waiting(at.Name)) || s.Waiting(at.Name)[p-1] != c {
			t.Fatalf("%s is not at its position %d", c.Call(), p)
		}
		first := next == nil || c.Rank() < next.Rank() || c.Rank() == next.Rank() && c.Call() < next.Call()
		if at.Name == "on-air" && !c.Locked() && !c.Moving() && first {
			next = c
		}
	}
	for queue, all := range s.AllWaiting() {
		if len(all) != waiting[queue] {
			t.Fatalf("%d wait in %s, and %d cards say so", len(all), queue, waiting[queue])
		}
	}
	if s.Next("") != next {
		t.Fatalf("Next takes %+v, and the cards say %+v", s.Next(""), next)
	}
	for _, l := range s.Lines() {
		for _, sid := range l.Lost {
			if s.Caller(sid) == nil {
				t.Fatalf("%s is lost and not there", sid)
			}
		}
	}
}
