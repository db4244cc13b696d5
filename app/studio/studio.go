// Package studio owns the state of a show: it takes what Twilio tells and what
// people decide, records both as facts, shows every desk the picture, and
// sends moves to the carrier.
package studio

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"callin/app/call"
)

// Journal keeps facts. Append returns when they are on disk.
type Journal interface {
	Append(ctx context.Context, facts []call.Fact) error
	Read(ctx context.Context, each func(call.Fact)) error
}

// Carrier is Twilio's REST as the studio needs it. Every method may return
// call.ErrGone, call.ErrLater or call.ErrUnknown.
type Carrier interface {
	// Send makes a call that is in place from fetch the TwiML of its intended
	// place. queueSid is the QueueSid of a call that waits in a queue.
	Send(ctx context.Context, sid call.Sid, from call.Place, queueSid string, move int64) error
	// Instruct makes a call do what a TwiML document says, wherever it is: it
	// needs no request to Callin.
	Instruct(ctx context.Context, sid call.Sid, twiml string) error
	// Stand changes how a call stands on the line it is on.
	Stand(ctx context.Context, conference string, sid call.Sid, state call.State) error
	// End ends a call.
	End(ctx context.Context, sid call.Sid) error
	// Find tells a call's CallStatus and the caller's number.
	Find(ctx context.Context, sid call.Sid) (call.Found, error)
	// Survey tells where every call is that waits in one of the queues
	// (QueueSids) or is on one of the lines.
	Survey(ctx context.Context, queues []string, lines []string) (map[call.Sid]call.Whereabouts, error)
	// OpenQueue makes the queue, or finds it, for size callers; it returns
	// its QueueSid.
	OpenQueue(ctx context.Context, name string, size int) (string, error)
	// DeleteQueue deletes an empty queue; one that has gone is no error.
	DeleteQueue(ctx context.Context, queueSid string) error
}

// queueSize is the largest that Twilio allows.
const queueSize = 5000

// Options are what a studio is made of.
type Options struct {
	Station Station
	// ShowName is what the desk calls the show and the greeting says.
	ShowName string
	// Screens: callers land in the screening queue, not the one for the air.
	Screens bool
	// Park is how long a drop can be undone.
	Park    time.Duration
	Journal Journal
	// Script writes an answer as a TwiML document.
	Script func(call.Sid, Answer) (twiml string, err error)
	// Disk is what is wrong with the journal from the start, such as that it
	// was damaged and begun anew; nil when nothing is.
	Disk    *Trouble
	Carrier Carrier
	// Texts sends texts to callers who were missed; nil for none. SorryAfter is
	// how long somebody who hangs up must have waited for one.
	Texts      Texts
	SorryAfter time.Duration
	// Recordings are what callers leave; nil when they cannot leave messages.
	Recordings Recordings
	Log        *slog.Logger
}

// The show's queues, and the studio's one line.
const (
	OnAirQueue     = "on-air"
	ScreeningQueue = "screening"
	StudioLine     = "studio"
)

// Studio is a show's state. Its methods may be called at the same time.
type Studio struct {
	station    Station
	lineNames  []string
	journal    Journal
	carrier    Carrier
	script     func(call.Sid, Answer) (string, error)
	texts      Texts
	recordings Recordings
	log        *slog.Logger
	hub        *hub
	// sorryAfter is how long a wait must have been for a text.
	sorryAfter time.Duration

	mu       sync.Mutex
	state    *state
	heard    map[string]*hearing // by ConferenceSid
	dialled  map[call.Sid]int64  // desks' legs since the start, in the order in which they came
	legs     int64               // how many those were
	closed   bygone[string]      // ConferenceSids
	queue    []*entry            // decided, not yet with the writer
	deleting bool                // a closing show's queues are being deleted
	ended    bool
	found    int64         // the last fact that the journal held at the start
	started  int64         // milliseconds since 1970
	filled   chan struct{} // signals the writer
	// The disk: whether it refuses now, what the desks are told of it, and what
	// they were told at the start.
	refusing               bool
	refusal                chan struct{} // closed while it refuses
	diskTrouble, beginning *Trouble
	gate                   gate
	mending                bool // by what Twilio was asked, in this moment
	surveys                surveys
	doubts                 chan struct{}     // asks for a comparison soon
	check                  Check             // what the desks are told of comparing
	counts                 map[string]*count // of Twilio's, by queue name
	countDoubted           int64             // when one was last doubted, in milliseconds since 1970

	life context.Context
	stop context.CancelFunc
	work sync.WaitGroup
	// writing is the writer, which ends after all other work.
	writing sync.WaitGroup
}

// New folds what the journal holds. Start sets the studio to work.
func New(ctx context.Context, o Options) (*Studio, error) {
	show := Show{
		Name: o.ShowName, State: ShowClosed, Screens: o.Screens,
		Queues: []string{OnAirQueue, ScreeningQueue}, ParkMs: o.Park.Milliseconds(),
	}
	s := &Studio{
		station: o.Station, lineNames: []string{StudioLine},
		journal: o.Journal, carrier: o.Carrier, script: o.Script, log: o.Log,
		texts: o.Texts, recordings: o.Recordings, sorryAfter: o.SorryAfter,
		hub:   &hub{feeds: map[*Feed]bool{}},
		state: newState(show, []string{StudioLine}),
		heard: map[string]*hearing{}, dialled: map[call.Sid]int64{},
		counts: map[string]*count{}, surveys: surveys{turn: make(chan struct{}, 1)},
		doubts: make(chan struct{}, 1),
		filled: make(chan struct{}, 1),

		refusal:     make(chan struct{}),
		diskTrouble: o.Disk, beginning: o.Disk,
		check: Check{Now: true}, // until the first comparison
	}
	// From the first request on, which may come before Start.
	s.life, s.stop = context.WithCancel(context.Background())
	t := newTouched()
	if err := o.Journal.Read(ctx, func(f call.Fact) { s.state.apply(f, t) }); err != nil {
		return nil, err
	}
	s.found = s.state.seq
	return s, nil
}

func newTouched() *touched {
	return &touched{cards: map[call.Sid]bool{}, gone: map[call.Sid]bool{}, lines: map[string]bool{}}
}

// Start sets the studio to work: it asks Twilio where every call is, finishes
// what was under way when Callin last ended, and keeps comparing.
func (s *Studio) Start() {
	s.started = now()
	s.writing.Go(s.write)
	s.work.Go(s.reconcileNowAndThen)
}

// Close ends the studio's work and waits for it. What was decided is on disk.
func (s *Studio) Close() {
	s.stop()
	s.work.Wait() // what it still records is written too
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.signal()
	s.writing.Wait()
}

func now() int64 { return time.Now().UnixMilli() }

// record numbers facts, folds them and hands them to the writer. The lock is
// held. What is returned is closed when they are on disk.
func (s *Studio) record(facts ...call.Fact) <-chan struct{} {
	defer s.closeWhenEmpty()
	if len(facts) == 0 {
		return nil
	}
	before := s.state.next()
	t := newTouched()
	at := now()
	for i := range facts {
		facts[i].Seq, facts[i].At = s.state.seq+1, at
		switch facts[i].Kind {
		case call.Arrived, call.Placed, call.Ended: // what Twilio decides
			facts[i].Mended = s.mending
		}
		s.state.apply(facts[i], t)
	}
	e := &entry{facts: facts, change: s.change(t, before), saved: make(chan struct{})}
	s.queue = append(s.queue, e)
	s.signal()
	return e.saved
}

func (s *Studio) signal() {
	select {
	case s.filled <- struct{}{}:
	default:
	}
}

// notice shows a sentence to every desk. It is not a fact and is not kept.
func (s *Studio) notice(code call.Code, message string) {
	s.hub.publish(Change{Notice: &Trouble{Code: code, Message: message, At: now()}})
}
