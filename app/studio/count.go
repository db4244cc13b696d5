package studio

import "time"

// apart is how long at least there is between two comparisons that Twilio's counts
// ask for: in a crowd these are now and then ahead of what is heard, or behind.
const apart = 10 * time.Second

// count is how many Twilio says are in a queue. It says so in every wait request
// (CurrentQueueSize, Twilio docs: Enqueue), so the first one after a time in which
// Callin could not be reached tells that somebody has left unheard of, or come.
type count struct {
	twilio int
	asked  bool // it is about to be held against the picture
}

// counted takes in that Twilio has so many in a queue; 0 is not known. What is
// under way explains a difference for the grace; then it is a doubt. The lock is
// held.
func (s *Studio) counted(queue string, size int) {
	if size == 0 {
		return
	}
	c := s.counts[queue]
	if c == nil {
		c = &count{}
		s.counts[queue] = c
	}
	c.twilio = size
	if c.asked || size == len(s.state.waiting[queue]) {
		return
	}
	c.asked = true
	time.AfterFunc(grace, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		c.asked = false
		if c.twilio != len(s.state.waiting[queue]) && now()-s.countDoubted >= apart.Milliseconds() {
			s.countDoubted = now()
			s.doubt()
		}
	})
}
