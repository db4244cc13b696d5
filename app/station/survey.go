package station

import (
	"context"
	"sync"

	"callin/app/call"
)

// surveys lets those who ask Twilio where everybody is do so together: when five
// hundred moves are late at once, one list of everybody answers them all.
type surveys struct {
	turn chan struct{} // holds one for the one that is under way
	mu   sync.Mutex
	next *survey // has not begun: whoever asks now may share it
}

type survey struct {
	done chan struct{}
	seen map[call.Sid]call.Whereabouts
	err  error
}

// compareShared compares the picture with Twilio's lists as they are from now on.
func (s *Station) compareShared(ctx context.Context) (map[call.Sid]call.Whereabouts, error) {
	s.surveys.mu.Lock()
	shared := s.surveys.next
	if shared == nil {
		shared = &survey{done: make(chan struct{})}
		s.surveys.next = shared
		s.work.Go(func() { s.survey(shared) })
	}
	s.surveys.mu.Unlock()
	select {
	case <-shared.done:
		return shared.seen, shared.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Station) survey(shared *survey) {
	defer close(shared.done)
	s.surveys.turn <- struct{}{}
	defer func() { <-s.surveys.turn }()
	s.surveys.mu.Lock()
	s.surveys.next = nil
	s.surveys.mu.Unlock()
	ctx, cancel := context.WithTimeout(s.life, surveyTimeout)
	defer cancel()
	shared.seen, shared.err = s.compareWith(ctx)
}
