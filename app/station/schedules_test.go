package station_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// Schedules: random shows, presses of two desks, phones on the line, in direct
// mode and on the telephone way, hang-ups, crashes and an outage of REST, over a Twilio whose callbacks come late, twice, in another
// order or never. CALLIN_SEED=N runs one of them alone; CALLIN_LONG runs
// sixty times as many.
func TestSchedules(t *testing.T) { runSchedules(t, 1, 150) }

// The same with a caller on each of three lanes, who are moved between them.
func TestSchedulesWithLanes(t *testing.T) { runSchedules(t, 3, 60) }

func runSchedules(t *testing.T, lanes int, count uint64) {
	first := uint64(1)
	if os.Getenv("CALLIN_LONG") != "" {
		count *= 60
	}
	if seed, err := strconv.ParseUint(os.Getenv("CALLIN_SEED"), 10, 64); err == nil {
		first, count = seed, 1
	}
	for seed := first; seed < first+count && !t.Failed(); seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runSchedule(t, seed, lanes) })
		})
		if t.Failed() {
			t.Logf("to run this one alone: CALLIN_SEED=%d go test -run '^%s$' ./app/station", seed, t.Name())
		}
	}
}

// Schedules that have found a mistake.
func TestSchedulesThatFoundAMistake(t *testing.T) {
	for _, c := range []struct {
		seed  uint64
		lanes int
		what  string
	}{
		{30, 1, "a telephone that was replaced and could not be ended took callers"},
		{6661, 1, "a phone was replaced and not ended before a crash"},
		{409, 1, "a caller whose whisper was lost was shown as waiting"},
		{5300, 1, "a caller who was dropped in the queue was taken before"},
		{6766, 1, "a drop from a bridge was done after it was given up"},
		{337, 3, "a lane was taken for free to which somebody was moved as Callin ended"},
		{2165, 3, "a clock was put while a move was asked about, which lasted for hours"},
		{7995, 3, "a lane was taken for free whose caller came after the move was given up"},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { runSchedule(t, c.seed, c.lanes) })
		})
	}
}

// schedule is one of them while it runs.
type schedule struct {
	t       *testing.T
	dice    *rand.Rand
	twilio  *model
	journal *memory
	station station.Seat
	// well is since when Callin and REST have both been there: a move from before
	// may last longer.
	well time.Time
	// wall is the computer's clock, put now and then, and arrived when callers rang
	// in by one that is not. In half of the schedules Twilio's clock is known.
	wall    steppedClock
	steps   *rand.Rand
	arrived map[call.Sid]time.Time
	even    bool
	// noted is the last topic that was acknowledged, by call.
	noted map[call.Sid]string
}

func runSchedule(t *testing.T, seed uint64, lanes int) {
	dice := rand.New(rand.NewPCG(seed, 0))
	life, end := context.WithCancel(t.Context())
	s := &schedule{
		t: t, dice: dice, twilio: newModel(t, life, seed, dice, call.Studio("").Lanes(lanes)), journal: &memory{},
		noted: map[call.Sid]string{}, arrived: map[call.Sid]time.Time{}, even: seed%2 == 0,
		steps: rand.New(rand.NewPCG(seed, 2)),
	}
	s.twilio.legs[""] = &leg{dice: rand.New(rand.NewPCG(seed, 1)), over: true}
	s.start()
	if err := s.station.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	for _, line := range s.twilio.lanes {
		s.twilio.ring(onLine, line)
	}
	for range 40 + dice.IntN(60) {
		time.Sleep(time.Duration(dice.Int64N(int64(1500 * time.Millisecond))))
		s.step()
		s.putClock()
		synctest.Wait()
		s.look()
	}
	s.twilio.mu.Lock()
	s.twilio.calm, s.twilio.outage = true, false
	s.twilio.mu.Unlock()
	time.Sleep(100 * time.Second) // three comparisons, and the longest callback
	s.compare()
	s.locks()
	s.station.Close()
	s.fold()
	end()
	s.twilio.work.Wait()
	s.log()
}

// start starts Callin on what the journal holds.
func (s *schedule) start() {
	s.station = s.open()
	s.twilio.mu.Lock()
	s.twilio.station = s.station
	s.twilio.mu.Unlock()
	s.station.Start()
}

// log prints the facts of a schedule that has failed.
func (s *schedule) log() {
	if !s.t.Failed() {
		return
	}
	for _, f := range s.journal.facts {
		body, _ := json.Marshal(f)
		s.t.Logf("%s fact %d: %s %s %s", time.UnixMilli(f.At).UTC().Format("04:05.000"), f.Seq, f.Kind, f.Call, body)
	}
}

func (s *schedule) open() station.Seat {
	o := station.Options{
		Desks: []call.Desk{whole}, Studios: []picture.Studio{{Lanes: s.twilio.lanes, Show: picture.Show{Name: "Test", ParkMs: 10_000}}}, Journal: s.journal, Script: script, Carrier: s.twilio,
		Wall: s.wall.now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if s.even {
		o.TwilioNow = func() (time.Time, bool) { return time.Now(), true }
	}
	st, err := station.New(s.t.Context(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	return st.Seat(whole, "")
}

// crash kills Callin: what is not on disk is lost. It is away for a while.
func (s *schedule) crash() {
	s.twilio.mu.Lock()
	s.twilio.station = station.Seat{}
	s.twilio.mu.Unlock()
	s.journal.kill(true)
	s.station.Close()
	s.journal.kill(false)
	time.Sleep(time.Duration(s.dice.Int64N(int64(15 * time.Second))))
	s.start()
	s.well = time.Now()
	if !s.even { // what was put meanwhile cannot be told
		clear(s.arrived)
	}
}

// putClock puts the computer's clock now and then; where it is to be told apart
// across a crash, once it has been compared with Twilio's.
func (s *schedule) putClock() {
	if s.steps.IntN(15) > 0 {
		return
	}
	s.journal.mu.Lock()
	compared := slices.ContainsFunc(s.journal.facts, func(f call.Fact) bool { return f.Kind == call.ClockSet })
	s.journal.mu.Unlock()
	if compared || !s.even {
		s.wall.step(time.Duration(s.steps.Int64N(int64(4*time.Hour))) - 2*time.Hour)
	}
}

// step does one random thing.
func (s *schedule) step() {
	everyone := s.twilio.live(func(l *leg) bool { return !l.desk() })
	desks := s.twilio.live(func(l *leg) bool { return l.desk() })
	someone := call.Sid("")
	if len(everyone) > 0 {
		someone = everyone[s.dice.IntN(len(everyone))]
	}
	switch d := s.dice.IntN(100); {
	case d < 25 || someone == "":
		if len(everyone) < 12 {
			s.twilio.ring(listener, "")
		}
	case d < 33:
		s.twilio.hangUp(someone)
	case d < 37:
		if len(desks) > 0 {
			s.twilio.hangUp(desks[s.oneOf(len(desks))])
		}
	case d < 43:
		if len(desks) < 1+len(s.twilio.lanes) {
			way := []way{onLine, onLine, direct, telephone}[s.dice.IntN(4)]
			line := s.twilio.lanes[s.oneOf(len(s.twilio.lanes))]
			if way != onLine { // these have no lanes
				line = call.AirLine
			}
			s.twilio.ring(way, line)
		}
	case d < 45:
		s.twilio.fall(someone)
	case d < 46:
		s.crash()
	case d < 48:
		s.twilio.mu.Lock()
		s.twilio.outage = !s.twilio.outage
		s.twilio.mu.Unlock()
	case d < 49:
		s.meanwhile(func(st station.Seat) { st.CloseShow(s.t.Context()) })
	case d < 51:
		s.meanwhile(func(st station.Seat) { st.Open(s.t.Context()) })
	case d < 54:
		s.meanwhile(func(st station.Seat) { st.Lock(s.t.Context(), someone, s.dice.IntN(3) > 0) })
	case d < 57:
		topic := strconv.Itoa(d * len(s.noted))
		if _, err := s.station.Note(s.t.Context(), someone, station.Note{Topic: &topic}); err == nil {
			s.noted[someone] = topic
		}
	case d < 60:
		s.meanwhile(func(st station.Seat) { st.Order(s.t.Context(), someone, everyone[0]) })
	case d < 61:
		s.meanwhile(func(st station.Seat) { st.UnlockPin(s.t.Context()) })
	case d < 66:
		if len(desks) > 0 {
			s.twilio.star(desks[s.dice.IntN(len(desks))])
		}
	case d < 68:
		s.meanwhile(func(st station.Seat) { st.BringBack(s.t.Context(), call.AirLine) })
	default:
		desks := 1 + s.dice.IntN(2) // press at the same time
		for range desks {
			s.press(someone)
		}
	}
}

// oneOf is one of n of a show with lanes, and the first one of another, whose dice others have thrown.
func (s *schedule) oneOf(n int) int {
	if len(s.twilio.lanes) == 1 {
		return 0
	}
	return s.dice.IntN(n)
}

// meanwhile does something beside everything else.
func (s *schedule) meanwhile(f func(station.Seat)) {
	st := s.station
	s.twilio.work.Go(func() { f(st) })
}

// press is one of the buttons that move a call.
func (s *schedule) press(sid call.Sid) {
	ctx := s.t.Context()
	ops := []call.Op{call.OpNext, call.OpNext, call.OpTake, call.OpDeck, call.OpHold, call.OpResume, call.OpDrop, call.OpUndo, call.OpMove}
	op, lane := ops[s.dice.IntN(len(ops))], ""
	if n := s.oneOf(len(s.twilio.lanes) + 1); n > 0 { // else the first free one
		lane = s.twilio.lanes[n-1]
		if op == call.OpUndo || op == call.OpMove && n == 1 {
			op = call.OpLane
		}
	}
	to := []string{call.OnAir, call.Screening}[s.dice.IntN(2)]
	s.meanwhile(func(st station.Seat) {
		var b station.Begun
		var err error
		switch op {
		case call.OpNext:
			b, err = st.Next(ctx, sid)
		case call.OpMove:
			b, err = st.Move(ctx, sid, to)
		case call.OpUndo:
			b, err = st.Undo(ctx, sid)
		case call.OpLane:
			b, err = st.ToLane(ctx, station.Deed{Call: sid, Lane: lane})
		default:
			b, err = st.Deed(ctx, station.Deed{Op: op, Call: sid, Lane: lane})
		}
		if refused := new(call.Error); err != nil && !errors.As(err, &refused) && !errors.Is(err, context.Canceled) {
			s.t.Errorf("%s of %s: %v", op, sid, err)
		}
		if err == nil {
			s.journal.press(b.Move)
		}
	})
}

// look checks what holds at every moment.
func (s *schedule) look() {
	s.t.Helper()
	p := s.station.Picture()
	s.twilio.mu.Lock()
	if s.twilio.outage {
		s.well = time.Now()
	}
	s.twilio.mu.Unlock()
	s.twilio.apart(s.t)
	if len(s.twilio.lanes) > 1 {
		s.twilio.alone(s.t)
	}
	cards := map[call.Sid]picture.Card{}
	for _, c := range p.Cards {
		if _, twice := cards[c.Call]; twice {
			s.t.Errorf("%s is in the picture twice", c.Call)
		}
		cards[c.Call] = c
		ago := func(at int64) time.Duration { return time.Duration(p.Now-at) * time.Millisecond }
		if at, known := s.arrived[c.Call]; !known {
			s.arrived[c.Call] = time.Now().Add(-ago(c.Arrived))
		} else if wrong := ago(c.Arrived) - time.Since(at); wrong.Abs() > 20*time.Second {
			s.t.Errorf("%s is said to have rung in %v ago, which is off by %v", c.Call, ago(c.Arrived), wrong)
		}
		if c.Move != nil && min(ago(c.Move.Began), time.Since(s.well)) > 30*time.Second {
			s.t.Errorf("%s has been moving to %+v for %d ms", c.Call, c.Move.To, p.Now-c.Move.Began)
		}
	}
	if p.Studios[0].Next != "" {
		if c := cards[p.Studios[0].Next]; c.Locked || c.Move != nil || c.Place != call.InQueue(call.OnAir) {
			s.t.Errorf("next is %+v", c)
		}
	}
}

// compare checks that the picture is Twilio's, word for word.
func (s *schedule) compare() {
	s.t.Helper()
	p := s.station.Picture()
	want, got := map[call.Sid]call.Place{}, map[call.Sid]call.Place{}
	phones := map[string]way{} // by line
	s.twilio.mu.Lock()
	for _, l := range s.twilio.legs {
		switch {
		case l.over:
		case l.desk():
			if l.way == direct || l.right || l.conference != nil {
				phones[l.line] = l.way
			}
		case l.bridge != nil:
			want[l.sid] = call.Place{Kind: call.Bridge}
		case l.queue != nil:
			want[l.sid] = call.InQueue(l.queue.name)
		case l.conference != nil:
			at := call.OnLine(l.conference.line, call.Talking)
			if l.muted {
				at.State = call.Deck
			}
			if l.hold {
				at.State = call.Held
			}
			want[l.sid] = at
		default:
			want[l.sid] = call.Place{}
		}
	}
	s.twilio.mu.Unlock()
	for _, c := range p.Cards {
		got[c.Call] = c.Place
		if c.Move != nil {
			s.t.Errorf("%s is still moving: %+v from %+v", c.Call, *c.Move, c.Place)
		}
		if topic, ok := s.noted[c.Call]; ok && c.Topic != topic {
			s.t.Errorf("%s's topic is %q, acknowledged was %q", c.Call, c.Topic, topic)
		}
		line := call.AirLine
		if c.Place.Kind == call.Line {
			line = c.Place.Name
		}
		if c.Place.OnAir() && (c.Place.Kind == call.Line) != (phones[line] == onLine) {
			s.t.Errorf("%s is on air without a desk", c.Call)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("the picture of a show that is %s (-Twilio +picture):\n%s", p.Studios[0].Show.State, diff)
	}
	for _, line := range s.twilio.lanes {
		phone := phones[line]
		is := slices.IndexFunc(p.Lines, func(l picture.Line) bool { return l.Name == line })
		if l := p.Lines[is]; l.Phone != (phone != listener) || l.Direct != (phone == direct || phone == telephone) || l.Telephone != (phone == telephone) {
			s.t.Errorf("the phone's way is %q; in the picture: %+v", phone, l)
		}
		if desks := s.twilio.live(func(l *leg) bool { return l.desk() && l.line == line }); len(desks) > 1 {
			s.t.Errorf("ghosts: %v", desks)
		}
	}
}

// locks checks that no Next has taken or dropped somebody against a lock: only
// a person's own press may move a locked caller.
func (s *schedule) locks() {
	locked := map[call.Sid]bool{}
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	for _, f := range s.journal.facts {
		switch f.Kind {
		case call.LockSet:
			locked[f.Call] = f.On
		case call.Began:
			byHand := s.journal.pressed[f.Seq]
			if locked[f.Call] && (f.By == call.OpNext || f.By == call.OpDrop || f.By == call.OpTake && !byHand) {
				s.t.Errorf("%s is locked and moves by %s to %+v", f.Call, f.By, *f.Place)
			}
		}
	}
}

// fold checks that memory is what follows from the journal.
func (s *schedule) fold() {
	sorted := cmpopts.SortSlices(func(a, b picture.Card) bool { return a.Call < b.Call })
	now := cmpopts.IgnoreFields(picture.Picture{}, "Now", "Check")
	if diff := cmp.Diff(s.station.Picture(), s.open().Picture(), sorted, now, cmpopts.EquateComparable(call.Code{})); diff != "" {
		s.t.Errorf("the fold of the journal (-memory +journal):\n%s", diff)
	}
}
