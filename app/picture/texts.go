package picture

import "callin/app/call"

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
