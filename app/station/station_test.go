package station_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// memory is a journal without a disk.
type memory struct {
	mu       sync.Mutex
	facts    []call.Fact
	dead     bool          // Append fails
	free     chan struct{} // while it is there, Append waits for it
	onAppend func([]call.Fact)
	pressed  map[int64]bool // the moves that a person was told have begun
}

func (m *memory) kill(dead bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead = dead
}

func (m *memory) press(move int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pressed == nil {
		m.pressed = map[int64]bool{}
	}
	m.pressed[move] = true
}

// slow makes the disk slow until free is called.
func (m *memory) slow() (free func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free = make(chan struct{})
	return sync.OnceFunc(func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		close(m.free)
		m.free = nil
	})
}

func (m *memory) Append(_ context.Context, facts []call.Fact) error {
	m.mu.Lock()
	free, told := m.free, m.onAppend
	m.mu.Unlock()
	if free != nil {
		<-free
	}
	if told != nil {
		told(facts)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errors.New("killed")
	}
	m.facts = append(m.facts, facts...)
	return nil
}

func (m *memory) Read(_ context.Context, each func(call.Fact)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.facts {
		each(f)
	}
	return nil
}

// twilio is a carrier that does as it is told and notes it.
type twilio struct {
	mu    sync.Mutex
	did   []string
	gone  map[call.Sid]bool
	deaf  map[call.Sid]bool // instructions for these are lost, and so is the answer
	where map[call.Sid]call.Whereabouts
}

func (t *twilio) note(sid call.Sid, format string, args ...any) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone[sid] {
		return call.ErrGone
	}
	t.did = append(t.did, fmt.Sprintf(format, args...))
	return nil
}

func (t *twilio) told() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	did := t.did
	t.did = nil
	slices.Sort(did)
	return did
}

func (t *twilio) Redirect(_ context.Context, sid call.Sid, _ call.Place, _ string, _ int64) error {
	return t.note(sid, "send %s", sid)
}

func (t *twilio) RedirectTo(ctx context.Context, sid call.Sid, _ string) error {
	err := t.note(sid, "send %s", sid)
	t.mu.Lock()
	deaf := t.deaf[sid]
	t.mu.Unlock()
	if deaf {
		<-ctx.Done()
		return call.ErrUnknown
	}
	return err
}

func (t *twilio) isDeafTo(sid call.Sid) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.deaf = map[call.Sid]bool{sid: true}
}

func (t *twilio) SetParticipant(_ context.Context, _ string, sid call.Sid, s call.State) error {
	return t.note(sid, "%s %s", sid, s)
}

func (t *twilio) End(_ context.Context, sid call.Sid) error {
	err := t.note(sid, "end %s", sid)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.deaf[sid] {
		return call.ErrUnknown
	}
	return err
}

func (t *twilio) Find(_ context.Context, sid call.Sid) (call.Found, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone[sid] {
		return call.Found{Status: "completed"}, nil
	}
	return call.Found{Status: "in-progress"}, nil
}

func (t *twilio) Survey(_ context.Context, _, lines []string) (map[call.Sid]call.Whereabouts, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := maps.Clone(t.where)
	maps.DeleteFunc(seen, func(_ call.Sid, at call.Whereabouts) bool { return at.Line != "" && !slices.Contains(lines, at.Line) })
	return seen, nil
}

func (t *twilio) OpenQueue(_ context.Context, name string, size int) (string, error) {
	return "QU" + name, t.note("", "open %s for %d", name, size)
}

func (t *twilio) DeleteRecording(_ context.Context, recording string) error {
	return t.note("", "delete %s", recording)
}

func (t *twilio) DeleteQueue(_ context.Context, sid string) error {
	return t.note("", "delete %s", sid)
}

// show is an open show with the desk's phone on the line and callers A, B, C
// waiting in this order.
type show struct {
	station.Seat
	t       *testing.T
	twilio  *twilio
	carrier station.Carrier // in place of twilio, unless nil
	journal *memory
	seq     int
	feed    *station.Feed
	// texts are what the studio sends texts with, and recordings whether callers
	// can leave messages.
	texts               station.Texts
	recordings, screens bool
	stranded            func(context.Context) (string, error)
	pages               station.Pages
	wayIn               func(context.Context) bool
	countries           []string         // whose numbers are sent texts
	perNumber           int              // calls of one number that hold places
	studios             []picture.Studio // in place of one
	desks               []call.Desk      // in place of one that may do everything
	// wait is how long the music lasts, and moved whether the station has another address.
	wait  time.Duration
	moved bool
	// wall is the computer's clock and twilioNow Twilio's; nil for the bubble's
	// and for none.
	wall      func() time.Time
	twilioNow func() (time.Time, bool)
}

// whole is a desk that may do everything.
var whole = call.Desk{Roles: call.Host | call.Producer | call.Manager, Studios: []call.Studio{""}}

func (s *show) start() {
	s.t.Helper()
	var carrier station.Carrier = s.twilio
	if s.carrier != nil {
		carrier = s.carrier
	}
	o := station.Options{
		CallsPerNumber: s.perNumber, TextCountries: s.countries,
		Desks: []call.Desk{whole}, Studios: []picture.Studio{{Number: own, DialIn: "+12015550191", Show: picture.Show{Name: "Test", ParkMs: 10_000, Screens: s.screens}}}, Journal: s.journal, Script: script, Carrier: carrier,
		Texts: s.texts, SorryAfter: time.Minute, Wait: s.wait, Moved: s.moved, Stranded: s.stranded, Pages: s.pages, WayIn: s.wayIn, Wall: s.wall, TwilioNow: s.twilioNow, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if s.recordings {
		o.Recordings = s.twilio
	}
	if s.desks != nil {
		o.Desks = s.desks
	}
	if s.studios != nil {
		o.Studios = s.studios
	}
	st, err := station.New(s.t.Context(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Seat = st.Seat(whole, "")
	s.Start()
	synctest.Wait()
}

func (s *show) event(name string, sid call.Sid, desk, muted, hold bool) {
	s.seq++
	s.Conference(station.ConferenceEvent{
		Event: name, Conference: "CF1", Line: call.AirLine, Call: sid, Desk: desk,
		Sequence: s.seq, Muted: muted, Hold: hold,
	})
	synctest.Wait()
}

func (s *show) join(sid call.Sid) { s.event("participant-join", sid, false, false, false) }

func (s *show) card(sid call.Sid) *picture.Card {
	for _, c := range s.Picture().Cards {
		if c.Call == sid {
			return &c
		}
	}
	return nil
}

func (s *show) wants(sid call.Sid, place call.Place) {
	s.t.Helper()
	if c := s.card(sid); c == nil || c.Place != place || c.Move != nil {
		s.t.Errorf("%s is %+v, want it in %+v and not being moved", sid, c, place)
	}
}

// closes closes the show, and lets the time pass in which that could be taken back.
func (s *show) closes() error {
	err := s.CloseShow(s.t.Context())
	if err == nil {
		time.Sleep(10 * time.Second)
		synctest.Wait()
	}
	return err
}

// notices are what the desk has been told since last asked.
func (s *show) notices() (codes []string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	for {
		c, err := s.feed.Next(ctx)
		if err != nil {
			return codes
		}
		if c.Notice != nil {
			codes = append(codes, c.Notice.Code.String())
		}
	}
}

// perform runs a test in a bubble of time and checks in the end that the same
// picture follows from the journal alone.
func perform(t *testing.T, test func(t *testing.T, s *show)) {
	synctest.Test(t, func(t *testing.T) {
		s := &show{t: t, twilio: &twilio{gone: map[call.Sid]bool{}}, journal: &memory{}}
		s.start()
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, sid := range []call.Sid{"A", "B", "C"} {
			a := station.Arrival{Call: sid, Number: "+1555010010" + string(sid[0]-'A'+'0'), Name: "Caller " + string(sid)}
			s.Arrive(a)
			s.Waiting(a, call.OnAir)
		}
		s.event("participant-join", "DESK", true, false, false)
		s.twilio.told()
		s.feed = s.Attach(-1)
		test(t, s)
		synctest.Wait()
		s.Close()
		live := s.Picture()
		s.start()
		defer s.Close()
		sorted := cmpopts.SortSlices(func(a, b picture.Card) bool { return a.Call < b.Call })
		ignore := cmpopts.IgnoreFields(picture.Picture{}, "Now", "Check", "Seq", "Microphones")
		codes := cmpopts.EquateComparable(call.Code{})
		for _, c := range live.Cards {
			if c.Move != nil {
				return // the restart ended it
			}
		}
		if diff := cmp.Diff(live, s.Picture(), sorted, ignore, codes); diff != "" {
			t.Errorf("the picture after a restart (-before +after):\n%s", diff)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func code(err error) string {
	var refused *call.Error
	if errors.As(err, &refused) {
		return refused.Code.String()
	}
	return fmt.Sprint(err)
}

var (
	talking = call.OnLine(call.AirLine, call.Talking)
	held    = call.OnLine(call.AirLine, call.Held)
	waiting = call.InQueue(call.OnAir)
)

func TestNextTakesTheFirstAndDropsWhoTalks(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		if got := must(s.Next(t.Context(), "")); got.Call != "A" {
			t.Fatalf("Next took %s", got.Call)
		}
		synctest.Wait()
		if _, err := s.Next(t.Context(), ""); code(err) != "moving" {
			t.Errorf("Next while A is put through: %v", err)
		}
		s.join("A")
		s.wants("A", talking)
		must(s.Next(t.Context(), ""))
		synctest.Wait()
		s.Sent(station.Arrival{Call: "A"})
		s.join("B")
		s.wants("A", call.Place{Kind: call.Park})
		s.wants("B", talking)
		if diff := cmp.Diff([]string{"send A", "send A", "send B"}, s.twilio.told()); diff != "" {
			t.Errorf("Twilio was told (-want +got):\n%s", diff)
		}
	})
}

func TestNextPassesALockedCallerByAndKeepsALockedOneOnAir(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		if err := s.Lock(t.Context(), "A", true); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Next(t.Context(), "A"); code(err) != "not_meant" {
			t.Errorf("Next for A, whom somebody has just locked: %v", err)
		}
		if got := must(s.Next(t.Context(), "")); got.Call != "B" {
			t.Errorf("Next took %s past the lock on A", got.Call)
		}
		s.join("B")
		if err := s.Lock(t.Context(), "B", true); err != nil {
			t.Fatal(err)
		}
		must(s.Next(t.Context(), ""))
		s.join("C")
		s.wants("B", talking)
		s.wants("C", talking)
		if _, err := s.Do(t.Context(), call.OpDrop, "B"); code(err) != "locked" {
			t.Errorf("Drop of a locked caller: %v", err)
		}
	})
}

func TestNextFollowsOnOnceWhenTheCallerHasGone(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.twilio.gone["A"] = true
		must(s.Next(t.Context(), "A"))
		synctest.Wait()
		s.join("B")
		s.wants("B", talking)
		if got := s.notices(); !slices.Contains(got, "caller_gone") {
			t.Errorf("the desk was told %v", got)
		}
		if s.card("A") != nil {
			t.Error("A is still in the picture")
		}
	})
	perform(t, func(t *testing.T, s *show) {
		s.twilio.gone["A"], s.twilio.gone["B"] = true, true
		must(s.Next(t.Context(), "A"))
		synctest.Wait()
		s.wants("C", waiting)
	})
}

func TestTakeOfACallerWhoHasGoneAirsNobody(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.twilio.gone["B"] = true
		must(s.Do(t.Context(), call.OpTake, "B"))
		synctest.Wait()
		s.wants("A", waiting)
		s.wants("C", waiting)
		if got := s.notices(); !slices.Contains(got, "caller_gone") {
			t.Errorf("the desk was told %v", got)
		}
		if got := s.twilio.told(); len(got) > 0 {
			t.Errorf("Twilio was told %v", got)
		}
	})
}

func TestALostPhoneHoldsWhoTalksAndOnePressBringsThemBack(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		must(s.Do(t.Context(), call.OpTake, "C"))
		s.join("C")
		s.twilio.told()
		s.event("participant-leave", "DESK", true, false, false)
		s.wants("A", held)
		s.wants("C", held)
		if diff := cmp.Diff([]string{"A held", "C held"}, s.twilio.told()); diff != "" {
			t.Errorf("Twilio was told (-want +got):\n%s", diff)
		}
		if err := s.BringBack(t.Context(), call.AirLine); code(err) != "phone_off_line" {
			t.Errorf("bringing back without a phone: %v", err)
		}
		s.event("participant-join", "DESK2", true, false, false)
		if err := s.BringBack(t.Context(), call.AirLine); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.wants("A", talking)
		s.wants("C", talking)
		if lost := s.Picture().Lines[0].Lost; len(lost) > 0 {
			t.Errorf("still lost: %v", lost)
		}
	})
}

// What the desk says of those who are held is the same at every page, and after a
// restart.
func TestAPhoneThatAPersonDisconnectsIsNotLost(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		says := func(what string, byHand bool) {
			t.Helper()
			s.wants("A", held)
			if got := s.Picture().Lines[0]; got.ByHand != byHand || len(got.Lost) != 1 {
				t.Errorf("%s: %+v", what, got)
			}
		}
		s.LetPhoneGo("ANOTHER")
		s.event("participant-leave", "DESK", true, false, false)
		says("another phone was let go of", false)

		s.event("participant-join", "DESK2", true, false, false)
		must(0, s.BringBack(t.Context(), call.AirLine))
		synctest.Wait()
		s.LetPhoneGo("DESK2")
		s.wants("A", talking)
		s.event("participant-leave", "DESK2", true, false, false)
		says("it was let go of", true)
		s.event("participant-join", "DESK3", true, false, false)
		says("another one came", true)
		s.Close()
		s.start()
		says("after a restart", true)

		must(0, s.BringBack(t.Context(), call.AirLine))
		synctest.Wait()
		s.event("participant-leave", "DESK3", true, false, false)
		says("the next one was lost", false)
	})
}

func TestACallerWhoJoinsALineWithoutItsPhoneIsHeld(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.event("participant-leave", "DESK", true, false, false)
		s.join("A")
		s.wants("A", held)
	})
}

func TestAReturningPhoneEndsItsGhost(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		s.twilio.told()
		s.event("participant-join", "DESK2", true, false, false)
		s.event("participant-leave", "DESK", true, false, false)
		s.wants("A", talking)
		if diff := cmp.Diff([]string{"end DESK"}, s.twilio.told()); diff != "" {
			t.Errorf("Twilio was told (-want +got):\n%s", diff)
		}
	})
}

func TestUndoLeadsBackToWhereTheCallerWas(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		must(s.Do(t.Context(), call.OpHold, "A"))
		synctest.Wait()
		must(s.Do(t.Context(), call.OpDrop, "A"))
		s.Sent(station.Arrival{Call: "A"})
		must(s.Undo(t.Context(), "A"))
		if a := s.Sent(station.Arrival{Call: "A"}); a.Place != held {
			t.Errorf("sent back to %+v", a.Place)
		}
		synctest.Wait()
		s.twilio.told()
		s.event("participant-join", "A", false, true, false) // joins muted, nobody hears it
		s.wants("A", held)
		if diff := cmp.Diff([]string{"A held"}, s.twilio.told()); diff != "" {
			t.Errorf("Twilio was told (-want +got):\n%s", diff)
		}
	})
}

func TestOrderIsOursAndOutlastsAMove(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		position := func(sid call.Sid, queue string) int {
			return s.Waiting(station.Arrival{Call: sid}, queue).Position
		}
		order := func(sid, before call.Sid) {
			t.Helper()
			if err := s.Order(t.Context(), sid, before); err != nil {
				t.Fatal(err)
			}
		}
		order("C", "C") // dropped where it was
		order("C", "A")
		if got := s.Picture().Studios[0].Next; got != "C" {
			t.Errorf("next is %s after C was put first", got)
		}
		// Halving the gap between two neighbours ends after some fifty times.
		for range 100 {
			order("B", "A")
			order("A", "B")
		}
		order("A", "")
		if got := []int{position("C", call.OnAir), position("B", call.OnAir), position("A", call.OnAir)}; !slices.Equal(got, []int{1, 2, 3}) {
			t.Errorf("C, B, A are at %v", got)
		}
		time.Sleep(90 * time.Second)
		must(s.Move(t.Context(), "B", call.Screening))
		a := s.Sent(station.Arrival{Call: "B"})
		if a.Place != call.InQueue(call.Screening) {
			t.Errorf("B was sent to %+v", a.Place)
		}
		a = s.Waiting(station.Arrival{Call: "B"}, call.Screening)
		if a.Position != 1 || a.Waited < 90*time.Second {
			t.Errorf("in the other queue B is told %d and %v", a.Position, a.Waited)
		}
	})
}

func TestALateCallbackDoesNotGiveWayToAnEarlierOne(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		event := func(name string, seq int, hold bool) {
			s.Conference(station.ConferenceEvent{Event: name, Conference: "CF1", Line: call.AirLine, Call: "A", Sequence: seq, Hold: hold})
			synctest.Wait()
		}
		event("participant-hold", 50, true)
		event("participant-unhold", 49, false)
		event("participant-hold", 50, true)
		s.wants("A", held)
	})
}

// A line that is not the station's has no name of ours: see call.StationID.OurName.
func TestWhatIsSaidOfAnothersLineMovesNobody(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		for _, line := range []string{"", "somewhere"} {
			s.Conference(station.ConferenceEvent{Event: "participant-join", Conference: "CF9", Line: line, Call: "A", Sequence: 1})
			synctest.Wait()
			s.wants("A", waiting)
		}
	})
}

func TestARestartVoidsATakeAndGoesOnWithADrop(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		s.twilio.isDeafTo("A")
		must(s.Do(t.Context(), call.OpDrop, "A"))
		must(s.Do(t.Context(), call.OpTake, "B"))
		synctest.Wait()
		s.Close()
		s.twilio.told()
		s.twilio.where = map[call.Sid]call.Whereabouts{
			"A": {Line: call.AirLine, Conference: "CF1"}, "B": {QueueSid: "QUon-air"},
		}
		s.start()
		synctest.Wait()
		s.wants("B", waiting)
		if c := s.card("B"); c.Trouble == nil || c.Trouble.Code != call.CodeRestarted {
			t.Errorf("B's trouble is %+v", c.Trouble)
		}
		if got := s.twilio.told(); !slices.Contains(got, "send A") || slices.Contains(got, "send B") {
			t.Errorf("after the restart Twilio was told %v", got)
		}
	})
}

func TestTwilioIsRightAboutWhereACallIs(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.twilio.mu.Lock()
		s.twilio.gone["C"] = true
		s.twilio.where = map[call.Sid]call.Whereabouts{
			"A":       {Line: call.AirLine, Conference: "CF1", Hold: true},
			"STRANGE": {QueueSid: "QUscreening"},
			"DESK2":   {Line: call.AirLine, Conference: "CF1", Desk: true},
		}
		s.twilio.mu.Unlock()
		time.Sleep(31 * time.Second)
		synctest.Wait()
		s.wants("A", held)
		s.wants("B", waiting) // in no list, but its call goes on
		s.wants("STRANGE", call.InQueue(call.Screening))
		if s.card("C") != nil {
			t.Error("C, whose call has ended, is still in the picture")
		}
		if s.card("DESK2") != nil {
			t.Error("a desk's leg whose join was not heard is taken for a caller")
		}
	})
}

func TestCloseThanksEveryoneAndDeletesTheEmptyQueues(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.twilio.isDeafTo("B")
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if a := s.LeftQueue(station.Arrival{Call: "A"}, "redirected"); a.Words != station.Thanks {
			t.Errorf("A hears %q", a.Words)
		}
		if a := s.Waiting(station.Arrival{Call: "B"}, call.OnAir); a.Words != station.NoWords {
			t.Errorf("B, who is about to be sent there, hears %q before", a.Words)
		}
		time.Sleep(9 * time.Second)
		synctest.Wait()
		if a := s.Waiting(station.Arrival{Call: "B"}, call.OnAir); a.Words != station.Thanks {
			t.Errorf("B, whose redirect is late, hears %q", a.Words)
		}
		if a := s.Arrive(station.Arrival{Call: "D"}); a.Words != station.Shut {
			t.Errorf("a new caller hears %q", a.Words)
		}
		s.Ended("C", "completed")
		synctest.Wait()
		if got := s.Picture().Studios[0].Show.State; got != call.ShowClosed {
			t.Errorf("the show is %s", got)
		}
		if diff := cmp.Diff([]string{"delete QUon-air", "delete QUscreening", "send A", "send B", "send C"}, s.twilio.told()); diff != "" {
			t.Errorf("Twilio was told (-want +got):\n%s", diff)
		}
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if diff := cmp.Diff([]string{"open on-air for 5000", "open screening for 5000"}, s.twilio.told()); diff != "" {
			t.Errorf("Twilio was told (-want +got):\n%s", diff)
		}
	})
}

func TestADeskThatComesBackGetsWhatItMissed(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		from := s.Picture().Seq
		name := "Åsa"
		if _, err := s.Note(t.Context(), "A", station.Note{Name: &name}); err != nil {
			t.Fatal(err)
		}
		f := s.Attach(from)
		defer f.Close()
		if f.Picture != nil {
			t.Fatal("a whole picture for one missed change")
		}
		if c := must(f.Next(t.Context())); len(c.Cards) != 1 || c.Cards[0].Name != name {
			t.Errorf("the missed change is %+v", c)
		}
		slow := s.Attach(s.Picture().Seq)
		for range 300 {
			if _, err := s.Note(t.Context(), "A", station.Note{Name: &name}); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		for err == nil {
			_, err = slow.Next(t.Context())
		}
		if !errors.Is(err, station.ErrBehind) {
			t.Errorf("a desk that does not read: %v", err)
		}
	})
}

// Nobody whom a show that screens has not screened comes near the air.
func TestAShowThatScreensTakesNobodyUnscreened(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		s.screens = true
		s.start()
		must(s.Move(t.Context(), "A", call.Screening))
		a := station.Arrival{Call: "A"}
		s.Waiting(a, call.Screening)
		s.twilio.told()
		for _, op := range []call.Op{call.OpTake, call.OpDeck} {
			if _, err := s.Do(t.Context(), op, "A"); code(err) != "not_screened" {
				t.Errorf("%s: %v", op, err)
			}
		}
		if _, err := s.Next(t.Context(), "A"); code(err) != "not_meant" {
			t.Errorf("Next for A: %v", err)
		}
		must(s.Next(t.Context(), ""))
		synctest.Wait()
		if did := s.twilio.told(); !slices.Equal(did, []string{"send B"}) {
			t.Errorf("Twilio was told %v", did)
		}
		s.join("B")
		must(s.Move(t.Context(), "A", call.OnAir))
		s.Waiting(a, call.OnAir)
		must(s.Do(t.Context(), call.OpDeck, "A"))
		s.event("participant-join", "A", false, true, false)
	})
}
