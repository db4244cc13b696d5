package exchange

import (
	"slices"
	"time"
)

// CallInfo is a call as REST and the stage show it.
type CallInfo struct {
	Sid, From, To, ParentSid         string
	NumberSid, CallerName            string
	Price, AnsweredBy                string // empty when not known
	Status                           Status
	Direction                        Direction
	Created, Updated, Started, Ended time.Time // zero when not yet
	Seconds                          int
	Where                            string
}

func (c *call) info() CallInfo {
	i := CallInfo{
		Sid: c.sid, From: c.from, To: c.to, ParentSid: c.parent, NumberSid: c.numberSid, CallerName: c.callerName,
		AnsweredBy: c.answeredBy,
		Status:     c.status, Direction: c.direction, Created: c.created, Updated: c.created,
		Started: c.answered, Ended: c.ended, Where: c.where,
	}
	for _, t := range []time.Time{c.answered, c.ended} {
		if !t.IsZero() {
			i.Updated = t
		}
	}
	if c.status.Final() {
		i.Seconds, i.Price = c.seconds(), c.price().String()
	}
	return i
}

// CallBySid returns a call; an error if there never was one.
func (x *Exchange) CallBySid(sid string) (CallInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[sid]
	if c == nil {
		return CallInfo{}, NotFound("/Calls/" + sid + ".json")
	}
	return c.info(), nil
}

// Calls returns the calls that want accepts, newest first.
func (x *Exchange) Calls(want func(CallInfo) bool) []CallInfo {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := []CallInfo{}
	for _, c := range slices.Backward(x.order) {
		if i := c.info(); want(i) {
			out = append(out, i)
		}
	}
	return out
}

// QueueInfo is a queue.
type QueueInfo struct {
	Sid, Name                  string
	Size, MaxSize, AverageWait int // AverageWait in seconds
	Created, Updated           time.Time
}

func (q *queue) info() QueueInfo {
	return QueueInfo{q.sid, q.name, len(q.members), q.maxSize, q.averageWait(), q.created, q.updated}
}

// Queue returns a queue.
func (x *Exchange) Queue(sid string) (QueueInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if q := x.queues[sid]; q != nil {
		return q.info(), nil
	}
	return QueueInfo{}, NotFound("/Queues/" + sid + ".json")
}

// Queues returns all queues, oldest first.
func (x *Exchange) Queues() []QueueInfo {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := []QueueInfo{}
	for _, q := range x.queues {
		out = append(out, q.info())
	}
	slices.SortFunc(out, func(a, b QueueInfo) int { return byMade(a.Sid, b.Sid) })
	return out
}

// MemberInfo is a waiting call.
type MemberInfo struct {
	Place             string // in the queue, of what waited and has gone too: see Made
	CallSid, QueueSid string
	Enqueued          time.Time
	Position, Wait    int // from 1; seconds
}

func (m *member) info() MemberInfo {
	return MemberInfo{m.place, m.call.sid, m.queue.sid, m.enqueued, m.position(), int(m.wait().Seconds())}
}

// Member returns a waiting member, by CallSid or "Front".
func (x *Exchange) Member(queueSid, callSid string) (MemberInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	m, err := x.findMember(queueSid, callSid)
	if err != nil {
		return MemberInfo{}, err
	}
	return m.info(), nil
}

// Members returns those who wait in a queue, in order.
func (x *Exchange) Members(queueSid string) ([]MemberInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	q := x.queues[queueSid]
	if q == nil {
		return nil, NotFound("/Queues/" + queueSid + "/Members.json")
	}
	out := make([]MemberInfo, len(q.members))
	for i, m := range q.members {
		out[i] = MemberInfo{m.place, m.call.sid, q.sid, m.enqueued, i + 1, int(m.wait().Seconds())}
	}
	return out, nil
}

// ConferenceInfo is a conference, live or ended.
type ConferenceInfo struct {
	Sid, Name, Status, ReasonEnded, EndedBy string
	Created, Updated                        time.Time
}

func (conf *conference) info() ConferenceInfo {
	return ConferenceInfo{conf.sid, conf.name, conf.status, conf.reasonEnded, conf.endedBy, conf.created, conf.updated}
}

// Conference returns a conference.
func (x *Exchange) Conference(sid string) (ConferenceInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if conf := x.confs[sid]; conf != nil {
		return conf.info(), nil
	}
	return ConferenceInfo{}, NotFound("/Conferences/" + sid + ".json")
}

// Conferences returns the conferences that want accepts, newest first.
func (x *Exchange) Conferences(want func(ConferenceInfo) bool) []ConferenceInfo {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := []ConferenceInfo{}
	for _, conf := range x.confs {
		if i := conf.info(); want(i) {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b ConferenceInfo) int { return byMade(b.Sid, a.Sid) })
	return out
}

// ParticipantInfo is a call in a conference.
type ParticipantInfo struct {
	Place                                string // among all who are and were in the conference: see Made
	CallSid, ConferenceSid, Label, Coach string
	Status                               string
	Muted, Hold, StartOnEnter, EndOnExit bool
	Created, Updated                     time.Time
}

func (p *participant) info() ParticipantInfo {
	return ParticipantInfo{
		p.place, p.call.sid, p.conf.sid, p.label, p.coach, p.status(),
		p.muted, p.hold, p.startOnEnter, p.endOnExit, p.joined, p.updated,
	}
}

// Participant returns a call in a conference, by CallSid or label.
func (x *Exchange) Participant(confSid, callSid string) (ParticipantInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	p, err := x.findParticipant(confSid, callSid)
	if err != nil {
		return ParticipantInfo{}, err
	}
	return p.info(), nil
}

// Participants returns the calls in a conference and those that are being called
// into it, in the order in which they came or were called: whoever answers stays
// where they stood, so that a list that is being read moves nobody.
func (x *Exchange) Participants(confSid string) ([]ParticipantInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	conf := x.confs[confSid]
	if conf == nil {
		return nil, NotFound("/Conferences/" + confSid + "/Participants.json")
	}
	out := []ParticipantInfo{}
	for _, in := range [][]*participant{conf.parts, conf.invited} {
		for _, p := range in {
			out = append(out, p.info())
		}
	}
	slices.SortFunc(out, func(a, b ParticipantInfo) int { return byMade(a.Place, b.Place) })
	return out, nil
}
