package studio

import (
	"errors"

	"callin/app/call"
)

// A ghost is a phone's call that another one has replaced. Two phones must not
// take callers, so it is ended. One that takes them straight from the queue is in
// no list of Twilio's, so ghosts are kept in mind until their end is heard of.

// isGhost reports whether another phone has replaced leg, whether that has ended
// since or not. The lock is held.
func (s *Studio) isGhost(leg call.Sid) bool { return s.state.replaced.has(leg) }

// endGhost ends a phone's call that another one has replaced. What fails is done
// by the next comparison. The lock is held.
func (s *Studio) endGhost(leg call.Sid) {
	s.state.replaced.add(leg)
	s.work.Go(func() {
		switch err := s.carrier.End(s.life, leg); {
		case errors.Is(err, call.ErrGone):
			s.Ended(leg, "gone")
		case err != nil:
			s.log.Info("a desk's older call could not be ended", "call", leg, "error", err)
		}
	})
}

// endGhosts ends those whose end has not been heard of. The lock is held.
func (s *Studio) endGhosts() {
	for leg := range s.state.ghosts {
		s.endGhost(leg)
	}
}

// ghostEnded records the end of a ghost. The lock is held.
func (s *Studio) ghostEnded(leg call.Sid) {
	if line, is := s.state.ghosts[leg]; is {
		s.record(call.Fact{Kind: call.PhoneSet, Call: leg, Line: line, Code: "replaced"})
	}
}
