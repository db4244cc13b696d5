package station

import (
	"cmp"
	"slices"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

// core is all that the lock guards, and what is decided about it. Its methods
// neither wait nor log nor start anything: what is left to do when the lock is
// free again they note as effects.
type core struct {
	clock   clock
	station picture.Station
	studios []picture.Studio // as they are set
	state   *picture.State
	// takesTexts and takesMessages are whether there is something to send texts
	// with, and whether callers can leave messages. sorryAfter is how long a wait
	// must have been for a text, and textCountries are whose numbers are sent one.
	takesTexts, takesMessages bool
	sorryAfter                time.Duration
	textCountries             []string
	callsPerNumber            int // 0 for any number

	by           call.Desk // at which desk is being decided; the zero one for none
	desks        []call.Desk
	open         map[call.DeskID]int            // by how many feeds each is
	asked        map[call.Sid]int64             // the last move of a call that Twilio was asked for
	heard        map[string]*hearing            // by ConferenceSid
	closed       picture.Recent[string]         // ConferenceSids
	showDecision map[call.Studio]int64          // the last fact by which somebody opened or closed a show
	deleting     map[call.Studio]bool           // whose closing show's queues are being deleted
	counts       map[string]*count              // of Twilio's, by queue name
	countDoubted time.Time                      // when one was last doubted
	check        picture.Check                  // what the desks are told of comparing
	wayIn        *picture.Trouble               // why Twilio does not reach Callin; nil when it does
	costs        *picture.Costs                 // what the shows come to; nil while that is not reckoned
	alone        map[call.Sid]bool              // who were told what to do without being able to ask
	wait         time.Duration                  // how long hold music lasts; 0 where that is not known
	heardAt      map[call.Sid]time.Time         // when who waits asked what to hear
	elsewhere    bool                           // Twilio tells another address of calls that were here at the start
	microphones  map[string]*microphone         // by line
	tracks       map[call.Studio]picture.Tracks // as they were told last
	pages        map[call.Sid]*page             // by their phones
	away         map[call.DeskID]time.Time      // since when those that were open are so no more
	cutOff       map[call.DeskID]bool           // whose phones carry sound meanwhile
	mutedAt      int64                          // when one was asked to mute last
	troubles     map[about]*trouble
	disk         diskState
	unwritten    []*entry // decided, not yet with the writer
	effects      []effect // to be done when the lock is free
	lastBefore   int64    // the last fact that the journal held at the start
	// knows is whether a comparison since the start has found where everybody is.
	knows bool
	// mayCome are the lines that callers may come to yet by moves that have ended undone: nobody knows what Twilio
	// did of them, until a comparison has found where they are.
	mayCome map[call.Sid][]string
	started int64 // milliseconds since 1970
	ended   bool
}

func newCore(o Options) *core {
	studios := slices.Clone(o.Studios)
	for i := range studios {
		studios[i].Show.State = call.ShowClosed
	}
	return &core{
		clock: newClock(o), station: o.Station, studios: studios, state: picture.New(studios...),
		takesTexts: o.Texts != nil, takesMessages: o.Recordings != nil, sorryAfter: o.SorryAfter,
		textCountries: textCountries(o), callsPerNumber: o.CallsPerNumber,
		asked: map[call.Sid]int64{}, mayCome: map[call.Sid][]string{}, heard: map[string]*hearing{}, counts: map[string]*count{}, alone: map[call.Sid]bool{},
		wait: o.Wait, heardAt: map[call.Sid]time.Time{}, elsewhere: o.Moved,
		desks: slices.Clone(o.Desks), open: map[call.DeskID]int{},
		showDecision: map[call.Studio]int64{}, deleting: map[call.Studio]bool{},
		microphones: map[string]*microphone{}, tracks: map[call.Studio]picture.Tracks{}, pages: map[call.Sid]*page{}, away: map[call.DeskID]time.Time{}, cutOff: map[call.DeskID]bool{}, troubles: map[about]*trouble{},
		check: picture.Check{Now: true}, // until the first comparison
		disk:  diskState{trouble: o.Disk, beginning: o.Disk, refusal: make(chan struct{})},
	}
}

// locked lets a decision be made and then has done what it leaves to do. It is
// the only way to the core.
func (s *Station) locked(decide func(*core)) {
	var left []effect
	wrote := false
	s.core.With(func(c *core) {
		decide(c)
		left, c.effects = c.effects, nil
		wrote = len(c.unwritten) > 0
	})
	if wrote {
		s.wakeWriter()
	}
	for _, e := range left {
		s.act(e)
	}
}

// origin is how Callin came to know a fact.
type origin int

const (
	told     origin = iota // Twilio told it, or somebody decided it
	compared               // Callin found it out by comparing with Twilio
)

// record numbers facts, folds them and hands them to the writer. What is
// returned is closed when they are on disk.
func (c *core) record(from origin, facts ...call.Fact) <-chan struct{} {
	if len(facts) == 0 {
		return nil
	}
	changes := c.state.Changes()
	at := c.now()
	for i := range facts {
		f := &facts[i]
		f.Seq, f.At, f.Desk = c.state.Seq()+1, at, cmp.Or(f.Desk, c.by.ID)
		if who := c.state.Caller(f.Call); who != nil {
			f.Studio = who.Studio()
		}
		if f.Kind != call.ClockSet { // nothing else goes back
			f.At = max(at, c.state.LastAt())
		}
		switch f.Kind {
		case call.Arrived, call.Placed, call.Ended: // what Twilio decides
			f.Mended = from == compared
		}
		c.state.Apply(*f, changes)
	}
	saved := make(chan struct{})
	c.unwritten = append(c.unwritten, &entry{facts: facts, change: changes.Change(), saved: saved})
	for _, id := range c.state.Studios() {
		c.studio(id).deleteQueuesWhenEmpty(saved)
	}
	return saved
}

// tell shows a change that is no fact to every desk, after the facts of before:
// what is said of a caller is not said before the caller is seen. While the disk
// takes its time, it waits as they do.
// What is returned is closed when all that came before is on disk.
func (c *core) tell(change picture.Change) <-chan struct{} {
	saved := make(chan struct{})
	c.unwritten = append(c.unwritten, &entry{change: change, saved: saved})
	return saved
}

// notice shows a sentence to whoever is at a desk now.
func (c *core) notice(code call.Code, message string) {
	c.tell(picture.Change{Notice: &picture.Trouble{Code: code, Message: message, At: c.now()}})
}

func (c *core) leave(e effect) { c.effects = append(c.effects, e) }

// admit is who a request is about, made known by it if need be; nil for one
// whose call has ended: the request was under way.
func (c *core) admit(a Arrival) *picture.Caller {
	if c.state.Caller(a.Call) == nil && !c.state.Over(a.Call) {
		f := call.Fact{Kind: call.Arrived, Call: a.Call, Studio: a.Studio, Number: &a.Number, Name: &a.Name}
		if a.Area != "" {
			f.Area = &a.Area
		}
		c.record(told, f)
	}
	return c.state.Caller(a.Call)
}

// placed records that Twilio says a call is in a place, and sees that nobody is
// left on air without a desk. What is returned is closed when that is on disk;
// nil when it is no news.
func (c *core) placed(sid call.Sid, at call.Place, conference string, from origin) <-chan struct{} {
	who := c.state.Caller(sid)
	if who == nil {
		return nil
	}
	if who.Place() == at && who.Conference() == conference && !who.MovesTo(at) {
		c.correctHold(who) // it may have failed the last time
		return nil
	}
	if at.Kind == call.Line {
		delete(c.mayCome, sid)
	}
	saved := c.record(from, call.Fact{Kind: call.Placed, Call: sid, Place: &at, Conference: conference})
	c.correctHold(who)
	return saved
}

// closing records that a call hears its closing words.
func (c *core) closing(sid call.Sid, from origin) <-chan struct{} {
	return c.placed(sid, call.Place{Kind: call.Closing}, "", from)
}

// correctHold brings a call on a line to how it should stand there: a caller
// whose way back led to hold joined muted, and nobody talks on a line that has
// lost its phone.
func (c *core) correctHold(who *picture.Caller) {
	at := who.Place()
	if at.Kind != call.Line || who.Conference() == "" || c.takenOver() != nil {
		return
	}
	held := call.OnLine(at.Name, call.Held)
	switch {
	case who.MovesTo(held) && at.State == call.Deck:
		c.leave(runMove{c.job(who)})
	case !who.Moving() && at.State == call.Talking && !c.phoneOn(at.Name):
		if who.FromHold() {
			held = c.of(who).hold(who)
		}
		c.leave(runMove{c.begin(who.Call(), call.OpLost, held)})
	}
}

// correctLine brings everyone on a line to how they should stand there.
func (c *core) correctLine(line string) {
	for who := range c.state.Callers() {
		if at := who.Place(); at.Kind == call.Line && at.Name == line {
			c.correctHold(who)
		}
	}
}

// phoneOn is whether a phone is on the line itself: a direct one is not.
func (c *core) phoneOn(line string) bool {
	l, _, _ := c.state.Line(line)
	return l.Phone && !l.Direct
}

// begin records a move that Callin decides by itself.
func (c *core) begin(sid call.Sid, op call.Op, to call.Place) job {
	return c.beginWith(began(sid, op, to))
}

// beginWith records a move by its fact.
func (c *core) beginWith(f call.Fact) job {
	saved := c.record(told, f)
	m := c.job(c.state.Caller(f.Call))
	m.saved = saved
	return m
}

// began is the fact that begins a move.
func began(sid call.Sid, op call.Op, to call.Place) call.Fact {
	return call.Fact{Kind: call.Began, Call: sid, By: op, Place: &to}
}

// gone records that a call is over, by its final CallStatus, and what that
// means for a move that was under way.
func (c *core) gone(sid call.Sid, status call.CallStatus, from origin) {
	c.phoneLeaves(sid)
	c.bridgeLost(sid, from)
	who := c.state.Caller(sid)
	if who == nil {
		// A phone's, or its first request is still under way.
		if !c.state.Over(sid) {
			c.record(from, call.EndedAs(sid, status))
		}
		return
	}
	st, moving, called := c.of(who), who.Moving(), who.Called()
	m := c.job(who)
	if c.gaveUp(who) {
		c.sorry(who, call.WaitedTooLong)
	}
	madeNext := who.MadeNext() && !moving && who == st.next()
	delete(c.asked, sid)
	delete(c.alone, sid)
	delete(c.mayCome, sid)
	c.record(from, call.EndedAs(sid, status))
	if moving {
		st.missed(m, called)
	}
	if madeNext {
		words := "Nobody else waits."
		if next := st.next(); next != nil {
			words = next.Called() + " is next."
		}
		st.notice(call.CodeCallerGone, called+", who was made next, has hung up. "+words)
	}
}
