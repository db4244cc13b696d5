package exchange

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"callin/app/rehearsal/twiml"
)

// Queue sizes, of Twilio's.
const (
	defaultQueueSize = 1000
	MaxQueueSize     = 5000
)

// queue is a queue of waiting calls. The members stand in order of arrival,
// which their number tells, so that a position is a binary search.
type queue struct {
	sid, name        string
	maxSize          int
	created, updated time.Time
	members          []*member
	arrivals         int64
	enqueuedSum      int64    // of all members' times, in milliseconds
	takers           []*taker // who dialled while nobody waited, first come first served
}

// member is a call in a queue, and for as long as it is bridged from it.
type member struct {
	place    string // among all of the queue's, as a SID tells it
	call     *call
	queue    *queue
	number   int64
	enqueued time.Time
	waited   time.Duration // once it has left
	result   string        // QueueResult; empty while it waits
	wake     context.CancelFunc
	bridge   *bridge // who has taken it
	// action is told of a call that was redirected or hung up.
	action *step
}

// taker is a Dial that waits for somebody to join an empty queue.
type taker struct {
	by    *call
	queue *queue
	// got is sent the member taken, or closed when the queue is deleted.
	got chan *member
}

func (x *Exchange) newQueue(name string, size int) *queue {
	q := &queue{sid: newSid("QU"), name: name, maxSize: size, created: time.Now(), updated: time.Now()}
	x.queues[q.sid], x.byName[name] = q, q
	return q
}

// join puts a call at the end of a queue, which is made if need be; mu is held.
// The answer is nil with a QueueResult when the call cannot join.
func (x *Exchange) join(c *call, v twiml.Enqueue, in *webhook) (*member, string) {
	if v.Invalid { // the alerts say how
		return nil, "error"
	}
	if v.WorkflowSid != "" { // that the verb comes to error is inferred
		x.alertLocked(14226, c.sid, in, "TaskRouter Enqueue is not supported here")
		return nil, "error"
	}
	name := x.trialQueue(v.Name)
	if fault := checkQueueName(name, 14204, 14205); fault != nil {
		x.alertLocked(fault.Code, c.sid, in, fault.Message)
		return nil, "error"
	}
	q := x.byName[name]
	if q == nil {
		q = x.newQueue(name, defaultQueueSize)
	}
	size := q.maxSize
	if v.MaxQueueSize > 0 {
		size = min(size, v.MaxQueueSize)
	}
	if len(q.members) >= size {
		x.alertLocked(14207, c.sid, in, fmt.Sprintf("the queue %s is full with %d", name, len(q.members)))
		return nil, "queue-full"
	}
	q.arrivals++
	m := &member{place: newSid("QM"), call: c, queue: q, number: q.arrivals, enqueued: time.Now()}
	c.member, c.where = m, "queue "+name
	q.members = append(q.members, m)
	q.enqueuedSum += m.enqueued.UnixMilli()
	return m, ""
}

// checkQueueName refuses a name that is too short or too long. Each verb has
// codes of its own for that.
func checkQueueName(name string, short, long int) *Fault {
	n := utf8.RuneCountInString(name)
	if n >= 1 && n <= 64 {
		return nil
	}
	code := long
	if n == 0 {
		code = short
	}
	return &Fault{code, fmt.Sprintf("a queue's name has 1 to 64 characters, not %d", n)}
}

// serve gives the front member to whoever waits for one; mu is held.
func (q *queue) serve() {
	for len(q.takers) > 0 && len(q.members) > 0 {
		t := q.takers[0]
		q.takers = q.takers[1:]
		m := q.members[0]
		m.takenBy(t.by)
		t.got <- m
	}
}

// giveUp takes a Dial out of those who wait; mu is held.
func (t *taker) giveUp() {
	t.queue.takers = slices.DeleteFunc(t.queue.takers, func(o *taker) bool { return o == t })
}

// takenBy takes a member out of its queue into a new bridge with by; mu is held.
func (m *member) takenBy(by *call) {
	m.bridge = newBridge(by, m.call)
	by.bridge, m.call.bridge = m.bridge, m.bridge
	m.out("bridged")
}

// position is a waiting member's place in its queue, from 1; mu is held.
func (m *member) position() int {
	i, _ := slices.BinarySearchFunc(m.queue.members, m.number, func(a *member, n int64) int { return cmp.Compare(a.number, n) })
	return i + 1
}

func (m *member) wait() time.Duration {
	if m.result != "" {
		return m.waited
	}
	return time.Since(m.enqueued)
}

// averageWait is that of those waiting now; mu is held.
func (q *queue) averageWait() int {
	if len(q.members) == 0 {
		return 0
	}
	return int((time.Now().UnixMilli() - q.enqueuedSum/int64(len(q.members))) / 1000)
}

// out takes a waiting member out of its queue with a QueueResult, and wakes its
// call; mu is held.
func (m *member) out(result string) {
	if m.result != "" {
		return
	}
	m.waited = time.Since(m.enqueued)
	i := m.position() - 1
	m.queue.members = slices.Delete(m.queue.members, i, i+1)
	m.queue.enqueuedSum -= m.enqueued.UnixMilli()
	m.queue.updated = time.Now()
	m.result = result
	if m.wake != nil {
		m.wake()
	}
}

// leave is for a call that is redirected or ends, from its queue or from a
// bridge it was taken into. Twilio asks the action and, since the call is
// elsewhere, does nothing with the answer; mu is held.
func (m *member) leave(why string) {
	m.out(why)
	result := why
	if m.bridge != nil {
		result = m.dequeued(why)
	}
	if m.action == nil {
		return
	}
	c := m.call
	v := c.base()
	if why != "redirected" {
		v.Set("CallStatus", string(Completed))
	}
	for k, s := range m.actionParams(result) {
		v[k] = s
	}
	c.x.tell(&c.outbox, c.sid, m.action.url, m.action.method, v)
}

// dequeued is the QueueResult of a member that a Dial has taken and that now leaves
// as why says, or is left. Who hung up while the whisper played hung up "before
// connecting", and only a "successfully bridged" one is redirected from bridged
// (Twilio docs: Enqueue, QueueResult); what is told of others that were never
// connected is inferred. mu is held.
func (m *member) dequeued(why string) string {
	connected := !m.bridge.since.IsZero()
	switch {
	case connected && why == "redirected":
		return "redirected-from-bridged"
	case connected:
		return "bridged"
	case why == "hangup":
		return why
	}
	return "bridging-in-process"
}

// actionParams are what Enqueue's action is told.
func (m *member) actionParams(result string) url.Values {
	return url.Values{
		"QueueResult": {result}, "QueueSid": {m.queue.sid},
		"QueueTime": {strconv.Itoa(int(m.wait().Seconds()))},
	}
}

// waitParams are what each wait document is told; mu is held.
func (m *member) waitParams() url.Values {
	q := m.queue
	return url.Values{
		"QueueSid": {q.sid}, "QueuePosition": {strconv.Itoa(m.position())},
		"QueueTime":        {strconv.Itoa(int(m.wait().Seconds()))},
		"AvgQueueTime":     {strconv.Itoa(q.averageWait())},
		"CurrentQueueSize": {strconv.Itoa(len(q.members))},
		"MaxQueueSize":     {strconv.Itoa(q.maxSize)},
	}
}
