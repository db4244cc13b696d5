package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"callin/app/call"
)

// CallerLine is what became of one caller's call.
type CallerLine struct {
	Call     call.Sid `json:"call"`
	Number   string   `json:"number"`
	Name     string   `json:"name"`
	Location string   `json:"location"`
	Topic    string   `json:"topic"`
	// From is the studio that gave the caller to this one; empty for who rang in here.
	From string `json:"from"`
	// Arrived is when the caller rang in, or was given to this studio, and Ended when the
	// call was over, or given to another studio; 0 while it goes on here.
	Arrived int64 `json:"arrived"`
	Ended   int64 `json:"ended"`
	// WaitedMs is how long the call was arriving, in a queue or on deck, and AiredMs
	// how long on air, up to what was heard of it last, while it was this studio's.
	WaitedMs int64 `json:"waitedMs"`
	AiredMs  int64 `json:"airedMs"`
	// MessageSeconds is how long the message is that the caller left; 0 for none.
	MessageSeconds int64 `json:"messageSeconds"`
	// Taken is what brought the caller to air first, and by whom; empty for nobody.
	Taken string `json:"taken"`
	// Left is how the call ended, to which studio it was given, or where it is.
	Left   string   `json:"left"`
	Failed []string `json:"failed"`
}

// outcome is what became of a caller who was not on air.
type outcome int

const (
	gaveUp outcome = iota
	sentAway
	notLetIn
	givenAway
)

// Step is one thing that happened in a call, in a producer's words.
type Step struct {
	Seq    int64  `json:"seq"`
	At     int64  `json:"at"`
	What   string `json:"what"`
	Failed bool   `json:"failed"`
}

const (
	// mostSteps and mostFailed are how many of a call's are told: somebody may play
	// with one caller all day. The JSON has every fact.
	mostSteps, mostFailed = 200, 20
	// slowMove is how long a move takes that the record calls slow.
	slowMove = 3 * time.Second
)

// following is one call as far as its facts have been folded.
type following struct {
	CallerLine
	steps   []Step
	place   call.Place
	since   int64      // when it came there
	move    *call.Fact // the one under way
	dropped string     // by what, if it was and is on its way out
	queued  bool       // let in, to wait or to talk
	outcome outcome
	given
}

// callers folds what became of a studio's callers from the facts of their calls, in
// order.
type callers struct {
	studio call.Studio
	// from is the number of the first fact by which a caller may have come to be one of
	// order.
	from  int64
	of    map[call.Sid]*following     // also those of other studios
	order []*following                // as they came to the studio
	modes map[call.Sid]call.PhoneMode // of the phones that take callers straight from the queue
	steps bool                        // whether the steps are wanted
	names func(call.DeskID) string    // of desks that were given out
	// called is what a studio is called in a sentence.
	called func(call.Studio) string
}

func (r *Room) follow(of call.Studio, from int64, steps bool) *callers {
	return &callers{
		studio: of, from: from, of: map[call.Sid]*following{}, modes: map[call.Sid]call.PhoneMode{},
		steps: steps, names: r.Desks.Name, called: r.called,
	}
}

// at names the desk in words for what was done at one that was given out.
func (c *callers) at(words string, desk call.DeskID) string {
	if name := c.names(desk); desk != "" && name != "" {
		return strings.Replace(words, "at the desk", "at the desk “"+name+"”", 1)
	}
	return words
}

// apply folds a fact. One that is about no caller of the studio changes no line.
func (c *callers) apply(f call.Fact) {
	switch f.Kind {
	case call.ClockSet:
		c.clockPut(f.Step)
		return
	case call.PhoneSet:
		if mode := call.PhoneMode(f.Code); f.On && mode != call.PhoneOnLine {
			c.modes[f.Call] = mode
		}
		return
	case call.Arrived:
		if c.of[f.Call] == nil {
			w := &following{CallerLine: CallerLine{Call: f.Call}, place: call.Place{Kind: call.Arriving}, given: given{in: f.Studio}}
			if f.Place != nil {
				w.place = *f.Place
			}
			c.of[f.Call] = w
			if f.Studio == c.studio {
				c.comes(w, f)
			}
		}
	}
	w := c.of[f.Call]
	if w == nil {
		return
	}
	w.who.learn(f)
	c.gives(w, f)
	if !w.here && w.away == "" {
		return
	}
	w.Number, w.Name, w.Location, w.Topic = w.who.number, w.who.name, w.who.location, w.who.topic
	what, failed := w.words(f, c.modes)
	if f.Kind == call.Began {
		what = c.at(what, f.Desk)
	}
	if c.steps && what != "" && len(w.steps) < mostSteps {
		w.steps = append(w.steps, Step{f.Seq, f.At, what, failed})
	}
	if failed && len(w.Failed) < mostFailed && !slices.Contains(w.Failed, what) {
		w.Failed = append(w.Failed, what)
	}
	if w.here {
		c.fold(w, f)
	} else {
		w.leaves(f)
	}
}

// clockPut moves what is still counted from as far as the clock was put: no time
// has passed.
func (c *callers) clockPut(step int64) {
	if step == 0 {
		return
	}
	for _, w := range c.order {
		if w.Ended == 0 {
			w.since += step
			if w.move != nil {
				w.move.At += step
			}
		}
	}
}

func (c *callers) fold(w *following, f call.Fact) {
	switch f.Kind {
	case call.Began:
		w.move = &f
		switch f.By {
		case call.OpDrop:
			w.dropped = c.at(droppedBy(f), f.Desk)
		case call.OpUndo:
			w.dropped = ""
		}
	case call.Failed:
		if w.move != nil && w.move.Seq == f.Move {
			if w.move.By == call.OpDrop {
				w.dropped = ""
			}
			w.move = nil
		}
	case call.Placed:
		c.placed(w, f)
	case call.Recorded:
		w.MessageSeconds = f.Seconds
	case call.Ended:
		w.passed(f.At)
		w.Left, w.outcome = w.ending(f)
		w.Ended, w.move = f.At, nil
	}
}

// passed counts the time in the place that is left at a time.
func (w *following) passed(at int64) {
	switch {
	case w.place.OnAir():
		w.AiredMs += max(at-w.since, 0)
	case w.waits():
		w.WaitedMs += max(at-w.since, 0)
	}
	w.since = at
}

func (w *following) waits() bool {
	return w.place.Kind == call.Arriving || w.place.Kind == call.Queue || w.place.Kind == call.Line && w.place.State == call.Deck
}

func (c *callers) placed(w *following, f call.Fact) {
	w.passed(f.At)
	w.place = *f.Place
	if w.place.OnAir() && w.Taken == "" {
		w.Taken = takenBy(f, w.move, c.modes)
		if w.move != nil {
			w.Taken = c.at(w.Taken, w.move.Desk)
		}
	}
	switch w.place.Kind {
	case call.Queue, call.Line, call.Bridge:
		w.dropped = ""
		w.queued = true
	}
	if w.move != nil && *w.move.Place == w.place {
		w.move = nil
	}
}

// aired is whether the caller was on air, however shortly.
func (w *following) aired() bool { return w.Taken != "" }

// ending is how a call ended, by its last fact.
func (w *following) ending(f call.Fact) (string, outcome) {
	became := gaveUp
	switch {
	case w.dropped != "" || w.queued && (w.place.Kind == call.Closing || w.place.Kind == call.Voicemail):
		became = sentAway
	case w.place.Kind == call.Closing || w.place.Kind == call.Voicemail:
		became = notLetIn
	}
	switch {
	case broke(f):
		return "The line broke off", became
	case w.MessageSeconds > 0:
		return "Left a message", became
	case w.dropped != "":
		return w.dropped, became
	case became == sentAway:
		return "Heard the closing words", became
	case became == notLetIn:
		return "Not let in: the show was closed, or full", became
	case w.aired():
		return "Hung up", became
	}
	return "Hung up while waiting", became
}

// broke is whether a call's end is none that a person made.
func broke(f call.Fact) bool {
	return f.Code != "completed" && f.Code != "canceled"
}

// line is a caller's as it is now.
func (w *following) line(now func() int64) CallerLine {
	line := w.CallerLine
	if line.Failed == nil {
		line.Failed = []string{}
	}
	if line.Ended == 0 {
		at := *w
		at.passed(max(now(), at.since))
		line.WaitedMs, line.AiredMs = at.WaitedMs, at.AiredMs
		line.Left = "Still here: " + lower(stands(w.place))
	}
	return line
}

// summary says in short what became of a caller.
func (l CallerLine) summary() string {
	said := l.Left
	if l.Taken != "" {
		said = fmt.Sprintf("On air %s by %s · %s", clockLength(l.AiredMs), l.Taken, said)
	}
	if l.From != "" {
		said = fmt.Sprintf("From %s · %s", l.From, said)
	}
	return said
}

// clockLength is a length as mm:ss or h:mm:ss.
func clockLength(ms int64) string {
	s := ms / 1000
	if s < 3600 {
		return fmt.Sprintf("%02d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
