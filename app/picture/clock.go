package picture

import (
	"slices"

	"callin/app/call"
)

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
	byNumber := []map[string]int64{s.texts.last, s.texts.resumed, s.pins.right}
	for _, st := range s.studios {
		byNumber = append(byNumber, st.aired)
	}
	for _, times := range byNumber {
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
