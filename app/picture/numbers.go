package picture

import "slices"

// From are the calls of a number that are not over, in the order in which they
// came. The slice is the state's own.
func (s *State) From(number string) []*Caller { return s.byNumber[number] }

// AiredAt is when a number was on air last in this show, in milliseconds; 0 for never.
func (s *State) AiredAt(number string) int64 { return s.aired[number] }

// airs notes that a caller is, or was until now, on air.
func (s *State) airs(c *Caller, at int64) {
	if c.card.Number != "" {
		s.aired[c.card.Number] = at
	}
}

// forgetNumber drops what is remembered of a number beyond its calls.
func (s *State) forgetNumber(number string, changed *Changes) {
	s.texts.forget(number)
	delete(s.aired, number)
	s.pins.forget(number)
	s.showPins(changed)
}

func (s *State) addNumber(c *Caller) {
	if number := c.card.Number; number != "" {
		s.byNumber[number] = append(s.byNumber[number], c)
	}
}

func (s *State) removeNumber(c *Caller) {
	number := c.card.Number
	if left := slices.DeleteFunc(s.byNumber[number], func(o *Caller) bool { return o == c }); len(left) > 0 {
		s.byNumber[number] = left
	} else {
		delete(s.byNumber, number)
	}
}
