package picture

import (
	"slices"

	"callin/app/call"
)

// applyNumber folds what is remembered of a number beyond its calls: the PINs that
// it typed and the texts that it was sent. The right PIN is how a telephone asks
// for the line.
func (s *State) applyNumber(f call.Fact, changed *Changes) {
	switch f.Kind {
	case call.PinTyped, call.PinUnlocked:
		if f.Kind == call.PinTyped && f.On {
			s.dialled.Add(f.Call)
		}
		s.pins.apply(f)
		s.showPins(changed)
	case call.Texted, call.OptedOut:
		s.texts.apply(f)
	case call.Forgotten:
		s.texts.forget(f.Whose)
		s.pins.forget(f.Whose)
		for _, st := range s.studios {
			delete(st.aired, f.Whose)
			st.typed.forget(f.Whose)
		}
		s.showPins(changed)
	}
}

// typedBefore is what was typed of callers who have hung up since, in this show: it
// is offered when their number rings again.
type typedBefore struct {
	by    map[string]Typed    // number
	calls map[call.Sid]string // the number of each call that is over
}

func newTypedBefore() typedBefore {
	return typedBefore{by: map[string]Typed{}, calls: map[call.Sid]string{}}
}

// of is what was typed of a number; nil for nothing.
func (t typedBefore) of(number string) *Typed {
	if typed, ok := t.by[number]; ok {
		return &typed
	}
	return nil
}

// keep keeps what was typed of a caller whose call is over.
func (t typedBefore) keep(c *Caller) {
	number := c.card.Number
	if number == "" {
		return
	}
	t.calls[c.card.Call] = number
	if c.noted {
		t.by[number] = Typed{Name: c.card.Name, Location: c.card.Location, Topic: c.card.Topic}
	}
}

// late takes in what was typed of a call that was over already.
func (t typedBefore) late(f call.Fact) {
	number, ok := t.calls[f.Call]
	if !ok {
		return
	}
	typed := t.by[number]
	set(&typed.Name, f.Name)
	set(&typed.Location, f.Location)
	set(&typed.Topic, f.Topic)
	t.by[number] = typed
}

func (t typedBefore) forget(number string) {
	delete(t.by, number)
	for sid, of := range t.calls {
		if of == number {
			delete(t.calls, sid)
		}
	}
}

// texts are what is known of texts and of who wants none, by number.
type texts struct {
	last     map[string]int64 // when a number was sent one last, in milliseconds
	times    []int64          // of the last day's, oldest first
	optedOut map[string]bool
	resumed  map[string]int64 // when a number asked for them again last
}

// dayMs is how many milliseconds a day has.
const dayMs = 24 * 60 * 60 * 1000

func newTexts() texts {
	return texts{last: map[string]int64{}, optedOut: map[string]bool{}, resumed: map[string]int64{}}
}

// TextedAt is when a number was sent a text last, in milliseconds; 0 for never.
func (s *State) TextedAt(number string) int64 { return s.texts.last[number] }

// TextsSince is how many texts were sent since a time of the last day, to all numbers.
func (s *State) TextsSince(at int64) (sent int) {
	for _, t := range s.texts.times {
		if t >= at {
			sent++
		}
	}
	return sent
}

// OptedOut is whether a number wants no texts.
func (s *State) OptedOut(number string) bool { return s.texts.optedOut[number] }

// ResumedAt is when a number asked for texts again last, in milliseconds; 0 for never.
func (s *State) ResumedAt(number string) int64 { return s.texts.resumed[number] }

func (t *texts) apply(f call.Fact) {
	switch {
	case f.Number == nil:
	case f.Kind == call.Texted:
		t.last[*f.Number] = f.At
		for len(t.times) > 0 && t.times[0] < f.At-dayMs {
			t.times = t.times[1:]
		}
		t.times = append(t.times, f.At)
	case f.On:
		t.optedOut[*f.Number] = true
	default:
		delete(t.optedOut, *f.Number)
		t.resumed[*f.Number] = f.At
	}
}

func (t *texts) forget(number string) {
	delete(t.last, number)
	delete(t.optedOut, number) // Twilio refuses the next text again
	delete(t.resumed, number)
}

const (
	// mostWrongPins is how many wrong PINs, one after the other and over all its
	// calls, lock a number.
	mostWrongPins = 5
	// mostWrongPinsInAll is how many of all numbers lock the whole telephone way: it
	// takes many numbers, as each is locked long before.
	mostWrongPinsInAll = 25
	// knownMs is for how many milliseconds a number is known that typed the right PIN.
	knownMs = 30 * dayMs
)

// pins are what is known of the PINs that telephones typed. All withheld numbers
// are one, "".
type pins struct {
	wrong map[string]int   // by number, since its last right one
	right map[string]int64 // when a number typed the right one last, in milliseconds
	// unnumbered are the wrong ones, one after the other, in the journals of earlier
	// Callins, which did not keep who typed them.
	unnumbered int
}

func newPins() pins { return pins{wrong: map[string]int{}, right: map[string]int64{}} }

func (p *pins) apply(f call.Fact) {
	switch {
	case f.Kind == call.PinUnlocked:
		p.wrong, p.unnumbered = map[string]int{}, 0
	case f.Number == nil && f.On:
		p.unnumbered = 0
	case f.Number == nil:
		p.unnumbered++
	case f.On:
		delete(p.wrong, *f.Number)
		p.right[*f.Number] = f.At
	default:
		p.wrong[*f.Number]++
	}
}

// forget makes what a number typed a withheld one's, as it becomes in a journal.
func (p *pins) forget(number string) {
	if wrong := p.wrong[number]; wrong > 0 {
		delete(p.wrong, number)
		p.wrong[""] += wrong
	}
	delete(p.right, number)
}

func (p *pins) allLocked() bool {
	all := 0
	for _, wrong := range p.wrong {
		all += wrong
	}
	return all >= mostWrongPinsInAll || p.unnumbered >= mostWrongPins
}

// locked are the numbers that are locked by themselves, in order.
func (p *pins) locked() []string {
	numbers := []string{}
	for number, wrong := range p.wrong {
		if wrong >= mostWrongPins {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// PinLocked is whether wrong PINs have locked the telephone way for all but those
// that are known.
func (s *State) PinLocked() bool { return s.pins.allLocked() }

// PinLockedFor is whether a telephone cannot type a PIN at a time, by its number:
// that one is locked, or the whole way is and the number has not typed the right
// PIN lately. So a stranger shuts out nobody who takes callers.
func (s *State) PinLockedFor(number string, at int64) bool {
	right := s.pins.right[number]
	known := number != "" && right != 0 && at-right < knownMs
	return s.pins.wrong[number] >= mostWrongPins || s.pins.allLocked() && !known
}

// showPins shows on every line what wrong PINs have locked.
func (s *State) showPins(changed *Changes) {
	all, numbers := s.pins.allLocked(), s.pins.locked()
	for name, l := range s.lines {
		if l.PinLocked != all || !slices.Equal(l.LockedTelephones, numbers) {
			l.PinLocked, l.LockedTelephones = all, numbers
			changed.line(name)
		}
	}
}
