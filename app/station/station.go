// Package station decides what becomes of calls. It takes what Twilio tells and
// what people at a desk want, decides under one lock, records each decision as
// facts that fold into the picture, and does what follows from it at Twilio when
// the lock is free again.
//
// A station has one or more studios, each with its show, and desks. A person decides at
// a desk's Seat in one of the studios (seat.go), which says at whose desk a fact was
// decided and keeps to that studio's callers; what a desk may do beyond its table of
// operations is refused where the caller's place is known (desks.go, seat.go).
//
// The way through it leads down: a request or a press comes in (answers.go,
// conference.go, phone.go, talkback.go, bridge.go, operations.go, order.go, show.go…), is decided by a
// method of core, and leaves facts (core.go) and effects (effects.go). Facts go
// to the disk and then to the desks (disk.go, feed.go). Effects go to Twilio
// (moves.go), and what becomes of them comes in again as any other news does.
// Every half minute, and after a doubt, all is compared with Twilio (compare.go).
//
// All times are the station's own (clock.go): the time of day, from a clock that
// goes on evenly while the computer's is put forward or back. After the next
// comparison the station takes the new time of day up with one fact, which moves
// every time that is still counted from by as much: who has waited for a minute
// has then still waited for a minute. The times of earlier facts stay as they were
// read. Twilio's own clock tells a step from a sleep of the computer, and what was
// put while Callin was away.
package station

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/locked"
	"callin/app/picture"
)

// Journal keeps facts. Append returns when they are on disk.
type Journal interface {
	Append(ctx context.Context, facts []call.Fact) error
	Read(ctx context.Context, each func(call.Fact)) error
}

// Carrier is Twilio's REST as the station needs it. Every method may return
// call.ErrGone, call.ErrLater or call.ErrUnknown.
type Carrier interface {
	// Redirect makes a call that is in place from fetch the TwiML of its intended
	// place. queueSid is the QueueSid of a call that waits in a queue.
	Redirect(ctx context.Context, sid call.Sid, from call.Place, queueSid string, move int64) error
	// RedirectTo makes a call do what a TwiML document says, wherever it is: it
	// needs no request to Callin.
	RedirectTo(ctx context.Context, sid call.Sid, twiml string) error
	// SetParticipant changes how a call stands on the line it is on.
	SetParticipant(ctx context.Context, conference string, sid call.Sid, state call.State) error
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

// Options are what a station is made of.
type Options struct {
	Station picture.Station
	// Studios are what the station has, the first one first; of their shows, what is
	// set for good.
	Studios []picture.Studio
	// Desks are what the station has, see SetDesks.
	Desks   []call.Desk
	Journal Journal
	// Script writes an answer as a TwiML document.
	Script func(call.Sid, Answer) (twiml string)
	// Disk is what is wrong with the journal from the start, such as that it
	// was damaged and begun anew; nil when nothing is.
	Disk    *picture.Trouble
	Carrier Carrier
	// WayIn reports whether Twilio reaches Callin now, as far as can be told within
	// a second: else moves carry what they need along. nil is that it does.
	WayIn func(context.Context) bool
	// Wait is how long the music of a wait document lasts; 0 when that is not known. Who
	// waits asks again by then.
	Wait time.Duration
	// Moved is whether Twilio reached Callin at another address until now: calls that are
	// here were told that one.
	Moved bool
	// Stranded is the QueueSid of call.Fallback, empty when there is none; nil when
	// callers whom Twilio could not bring here have no place to wait.
	Stranded func(context.Context) (queueSid string, err error)
	// Texts sends texts to callers who were missed; nil for none. SorryAfter is
	// how long somebody who hangs up must have waited for one.
	Texts      Texts
	SorryAfter time.Duration
	// TextCountries are the countries, as call.Country names them, whose numbers
	// are sent texts; the one of the station's number when there are none.
	TextCountries []string
	// CallsPerNumber is how many calls of one number hold places at once; 0 for
	// any number of them.
	CallsPerNumber int
	// Recordings are what callers leave; nil when they cannot leave messages.
	Recordings Recordings
	// Pages reaches the pages of phones; nil where nothing does.
	Pages Pages
	// Wall is the computer's clock, which can be stepped; nil is time.Now.
	// TwilioNow is Twilio's, false while it is not known; nil is never.
	Wall      func() time.Time
	TwilioNow func() (time.Time, bool)
	Log       *slog.Logger
}

// Station decides for all its studios. Its methods may be called at the same time.
type Station struct {
	core       *locked.Value[*core]
	journal    Journal
	carrier    Carrier
	script     func(call.Sid, Answer) string
	texts      Texts
	recordings Recordings
	pages      Pages
	wayIn      func(context.Context) bool
	stranded   func(context.Context) (string, error)
	log        *slog.Logger
	hub        *hub
	backoff    backoff
	// askingAgain is held while those are who waited in silence.
	askingAgain sync.Mutex
	// takingLanes is full while a desk in reserve takes lanes over.
	takingLanes chan struct{}
	surveys     surveys
	entries     chan struct{} // signals the writer
	doubts      chan struct{} // asks for a comparison soon

	life context.Context
	stop context.CancelFunc
	work sync.WaitGroup
	// writing is the writer, which ends after all other work.
	writing sync.WaitGroup
}

// New folds what the journal holds. Start sets the station to work.
func New(ctx context.Context, o Options) (*Station, error) {
	c := newCore(o)
	err := o.Journal.Read(ctx, func(f call.Fact) { c.state.Apply(f, c.state.Changes()) })
	if err != nil {
		return nil, err
	}
	c.lastBefore = c.state.Seq()
	s := &Station{
		core:    locked.New(c),
		journal: o.Journal, carrier: o.Carrier, script: o.Script, log: o.Log,
		texts: o.Texts, recordings: o.Recordings, pages: o.Pages, wayIn: o.WayIn, stranded: o.Stranded,
		hub:         &hub{feeds: map[*Feed]bool{}},
		surveys:     surveys{turn: make(chan struct{}, 1)},
		takingLanes: make(chan struct{}, 1),
		entries:     make(chan struct{}, 1), doubts: make(chan struct{}, 1),
	}
	// From the first request on, which may come before Start.
	s.life, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Start sets the station to work: it asks Twilio where every call is, finishes
// what was under way when Callin last ended, and keeps comparing.
func (s *Station) Start() {
	s.locked(func(c *core) {
		c.startClock()
		c.started = c.now()
	})
	s.writing.Go(s.write)
	s.work.Go(s.compareNowAndThen)
}

// Close ends the station's work and waits for it. What was decided is on disk.
func (s *Station) Close() {
	s.stop()
	s.work.Wait() // what it still records is written too
	s.locked(func(c *core) { c.ended = true })
	s.wakeWriter()
	s.writing.Wait()
}

// pause waits; it reports false when the station ends.
func (s *Station) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-s.life.Done():
		return false
	}
}
