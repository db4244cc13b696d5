package station

import "time"

// countsApart is how long at least there is between two comparisons that Twilio's
// counts ask for: in a crowd these are now and then ahead of what is heard, or
// behind.
const countsApart = 10 * time.Second

// count is how many Twilio says are in a queue. It says so in every wait request
// (CurrentQueueSize, Twilio docs: Enqueue), so the first one after a time in which
// Callin could not be reached tells that somebody has left unheard of, or come.
type count struct {
	twilio  int
	doubted time.Time // zero, or since when it is not what the picture says
}

// counted takes in that Twilio has so many in a queue; 0 is not known. What is
// under way explains a difference for a moment.
func (c *core) counted(queue string, size int) {
	if size == 0 {
		return
	}
	n := c.counts[queue]
	if n == nil {
		n = &count{}
		c.counts[queue] = n
	}
	n.twilio = size
	if n.doubted.IsZero() && size != len(c.state.Waiting(queue)) {
		n.doubted = time.Now()
		c.leave(doubtCounts{})
	}
}

// doubtCounts doubts the picture if, a moment after that was noticed, as many do
// not wait as Twilio last said.
func (c *core) doubtCounts() {
	for queue, n := range c.counts {
		if n.doubted.IsZero() || time.Since(n.doubted) < listsLag {
			continue
		}
		n.doubted = time.Time{}
		if n.twilio != len(c.state.Waiting(queue)) && time.Since(c.countDoubted) >= countsApart {
			c.countDoubted = time.Now()
			c.leave(compareSoon{})
		}
	}
}
