package exchange

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// CreateQueue makes a queue of at most size members.
func (x *Exchange) CreateQueue(name string, size int) (QueueInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.checkQueue(nil, name, size); err != nil {
		return QueueInfo{}, err
	}
	if size == 0 {
		size = defaultQueueSize
	}
	return x.newQueue(name, size).info(), nil
}

// UpdateQueue renames or sizes a queue; an empty name or a size of 0 stays as it is.
func (x *Exchange) UpdateQueue(sid, name string, size int) (QueueInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	q := x.queues[sid]
	if q == nil {
		return QueueInfo{}, NotFound("/Queues/" + sid + ".json")
	}
	if err := x.checkQueue(q, or(name, q.name), size); err != nil {
		return QueueInfo{}, err
	}
	delete(x.byName, q.name)
	q.name, q.updated = or(name, q.name), time.Now()
	x.byName[q.name] = q
	if size > 0 {
		q.maxSize = size
	}
	return q.info(), nil
}

func (x *Exchange) checkQueue(q *queue, name string, size int) error {
	n := utf8.RuneCountInString(name)
	switch {
	case n == 0 || n > 64:
		return &Fault{22000, "FriendlyName has 1 to 64 characters"}
	case x.byName[name] != nil && x.byName[name] != q:
		return &Fault{22003, "Queue with this FriendlyName already exists: " + name}
	case size < 0 || size > MaxQueueSize:
		return &Fault{20001, fmt.Sprintf("Invalid parameter MaxSize: %d is not 1 to 5000", size)}
	}
	return nil
}

// DeleteQueue deletes a queue in which nobody waits.
func (x *Exchange) DeleteQueue(sid string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	q := x.queues[sid]
	if q == nil {
		return NotFound("/Queues/" + sid + ".json")
	}
	if len(q.members) > 0 {
		return &Fault{22004, "Queue is not empty"}
	}
	delete(x.queues, sid)
	delete(x.byName, q.name)
	for _, t := range q.takers {
		close(t.got)
	}
	q.takers = nil
	return nil
}

// Dequeue sends a waiting member, by CallSid or "Front", to another document.
func (x *Exchange) Dequeue(queueSid, callSid, to, method string) (MemberInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	m, err := x.findMember(queueSid, callSid)
	if err != nil {
		return MemberInfo{}, err
	}
	if to == "" {
		return MemberInfo{}, &Fault{21205, "Url parameter is required"}
	}
	if err := CheckURL(to); err != nil {
		return MemberInfo{}, err
	}
	info := m.info()
	x.redirect(m.call, &step{url: to, method: or(method, "POST")})
	return info, nil
}

func (x *Exchange) findMember(queueSid, callSid string) (*member, error) {
	path := "/Queues/" + queueSid + "/Members/" + callSid + ".json"
	q := x.queues[queueSid]
	if q == nil {
		return nil, NotFound(path)
	}
	if callSid == "Front" && len(q.members) > 0 {
		return q.members[0], nil
	}
	c := x.calls[callSid]
	if c == nil || c.member == nil || c.member.queue != q || c.member.result != "" {
		return nil, NotFound(path)
	}
	return c.member, nil
}
