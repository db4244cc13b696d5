package picture

import (
	"slices"

	"callin/app/call"
)

// applyPhone folds which phone has a line, or has left it.
func (s *State) applyPhone(f call.Fact, changed *Changes) {
	l, mode := s.line(f.Line), call.PhoneMode(f.Code)
	switch {
	case l == nil:
		return
	case mode == call.PhoneReplaced:
		delete(s.stillThere, f.Call)
		return
	case mode == call.PhoneOlder:
		s.replace(f.Call)
		return
	case mode == call.PhoneByHand:
		s.letGo[f.Call] = true
		return
	case mode == call.PhoneSilent, f.On && l.Phone && l.Leg != f.Call:
		s.replace(l.Leg)
	}
	s.applyReserve(f.Call, nil, changed) // it has the line now, or has left
	if l.Phone && (!f.On || l.Leg != f.Call) {
		l.ByHand = s.letGo[l.Leg]
		delete(s.letGo, l.Leg)
	}
	l.Phone, l.Since, l.Leg = f.On, f.At, f.Call
	l.Desk = s.phones[f.Call]
	l.Telephone = f.On && mode == call.PhoneTelephone
	l.Direct = l.Telephone || f.On && mode == call.PhoneDirect
	changed.line(l.Name)
}

// applyTalkback notes the line on which a leg speaks to the host alone; empty for none.
func (s *State) applyTalkback(leg call.Sid, line string, changed *Changes) {
	was := s.talkbacks[leg]
	delete(s.talkbacks, leg)
	if line != "" {
		s.talkbacks[leg] = line
	}
	for _, name := range []string{was, line} {
		l := s.lines[name]
		if l == nil {
			continue
		}
		l.Talkback = []call.DeskID{}
		for _, leg := range s.Talkbacks(name) {
			l.Talkback = append(l.Talkback, s.phones[leg])
		}
		slices.Sort(l.Talkback)
		changed.line(name)
	}
}

// replace notes that a phone's line is another one's now.
func (s *State) replace(leg call.Sid) {
	s.replaced.Add(leg)
	if !s.over.Has(leg) {
		s.stillThere[leg] = true
	}
}
