package picture

import (
	"slices"

	"callin/app/call"
)

// aheadOfTwilio is how far the station's clock is ahead of Twilio's, in
// milliseconds, if they have been compared.
type aheadOfTwilio struct {
	by       int64
	compared bool
}

// AheadOfTwilio is how far the station's clock is ahead of Twilio's, in
// milliseconds; false when they have not been compared.
func (s *State) AheadOfTwilio() (by int64, compared bool) { return s.ahead.by, s.ahead.compared }

// applyClock moves every time that something is still counted from as far as the
// clock was put: no time has passed.
func (s *State) applyClock(f call.Fact, changed *Changes) {
	switch {
	case f.Twilio != 0:
		s.ahead = aheadOfTwilio{by: f.At - f.Twilio, compared: true}
	case s.ahead.compared:
		s.ahead.by += f.Step
	}
	if f.Step == 0 {
		return
	}
	changed.now = f.At
	for _, c := range s.callers {
		c.card.Arrived += f.Step
		c.card.Since += f.Step
		if c.Moving() { // desks have the earlier one
			m := *c.card.Move
			m.Began += f.Step
			c.card.Move = &m
		}
		changed.card(c)
	}
	for _, l := range s.lines {
		if l.Since != 0 {
			l.Since += f.Step
			changed.line(l.Name)
		}
	}
	for _, times := range []map[string]int64{s.texts.last, s.texts.resumed, s.aired, s.pins.right} {
		for number := range times {
			times[number] += f.Step
		}
	}
	for i := range s.texts.times {
		s.texts.times[i] += f.Step
	}
	if len(s.voicemail) > 0 {
		s.voicemail = slices.Clone(s.voicemail)
		for i := range s.voicemail {
			s.voicemail[i].At += f.Step
		}
		changed.voicemail = true
	}
}
