package exchange

import (
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// maxTwiml is the longest TwiML that REST takes, in characters.
const maxTwiml = 4000

// Change is what REST does to a live call. Empty fields change nothing.
type Change struct {
	URL, Method                 string
	Twiml                       string
	Status                      string // canceled or completed
	FallbackURL, FallbackMethod string
	StatusCallback              string
	StatusCallbackMethod        string
	TimeLimit                   string // seconds
}

func (ch Change) check() error {
	switch {
	case ch.URL != "" && ch.Twiml != "":
		return &Fault{21218, "Url and Twiml exclude each other"}
	case utf8.RuneCountInString(ch.Twiml) > maxTwiml:
		return &Fault{21626, "Twiml is longer than 4000 characters"}
	case ch.Status != "" && ch.Status != "completed" && ch.Status != "canceled":
		return &Fault{21218, "Invalid Status " + ch.Status}
	}
	for _, u := range []string{ch.URL, ch.FallbackURL, ch.StatusCallback} {
		if err := CheckURL(u); err != nil {
			return err
		}
	}
	return CheckMethod(ch.Method)
}

// CheckURL refuses what is not an absolute http URL; empty is none.
func CheckURL(s string) error {
	if s == "" {
		return nil
	}
	if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &Fault{21205, "Url is not a valid URL: " + s}
	}
	return nil
}

// CheckMethod refuses what is neither GET nor POST; empty is the default.
func CheckMethod(s string) error {
	if s != "" && s != "GET" && s != "POST" {
		return &Fault{21207, "Method is not GET or POST: " + s}
	}
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// UpdateCall changes a live call at once. A call that has ended is refused
// with 21220.
func (x *Exchange) UpdateCall(sid string, ch Change) (CallInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[sid]
	if c == nil {
		return CallInfo{}, NotFound("/Calls/" + sid + ".json")
	}
	if err := ch.check(); err != nil {
		return CallInfo{}, err
	}
	if c.status.Final() {
		return CallInfo{}, &Fault{21220, "Call is not in-progress. Cannot redirect."}
	}
	if ch.FallbackURL != "" {
		c.fallback = step{url: ch.FallbackURL, method: or(ch.FallbackMethod, "POST"), isFallback: true}
	}
	if ch.StatusCallback != "" {
		c.callback.url, c.callback.method = ch.StatusCallback, or(ch.StatusCallbackMethod, "POST")
	}
	if seconds, err := strconv.Atoi(ch.TimeLimit); err == nil && seconds > 0 {
		x.limit(c, seconds)
	}
	switch {
	case ch.Status == "canceled" && !c.answered.IsZero():
		// Twilio cancels only a call that has not been answered.
		return CallInfo{}, &Fault{21220, "Call is in-progress. Cannot cancel."}
	case ch.Status == "canceled":
		x.end(c, Canceled)
	case ch.Status == "completed":
		x.end(c, Completed)
	case ch.URL != "":
		x.redirect(c, &step{url: ch.URL, method: or(ch.Method, "POST")})
	case ch.Twiml != "":
		x.redirect(c, &step{twiml: ch.Twiml})
	}
	return c.info(), nil
}

func (x *Exchange) limit(c *call, seconds int) {
	if c.timeLimit != nil {
		c.timeLimit.Stop()
	}
	c.timeLimit = time.AfterFunc(time.Duration(seconds)*time.Second, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.end(c, Completed)
	})
}

// Outgoing is a call that REST makes.
type Outgoing struct {
	From, To, ApplicationSid string
	Change
	StatusCallbackEvents []string
	Timeout              int // seconds
}

// Call makes an outgoing call.
func (x *Exchange) Call(o Outgoing) (CallInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := o.Change.check(); err != nil {
		return CallInfo{}, err
	}
	r := Route{VoiceURL: o.URL, VoiceMethod: or(o.Method, "POST"), FallbackURL: o.FallbackURL, FallbackMethod: or(o.FallbackMethod, "POST")}
	switch app := find(x.apps, func(a *Application) bool { return a.Sid == o.ApplicationSid }); {
	case o.To == "":
		return CallInfo{}, &Fault{21201, "No 'To' number is specified"}
	case o.From == "":
		return CallInfo{}, &Fault{21213, "No 'From' number is specified"}
	case o.ApplicationSid != "" && app == nil:
		return CallInfo{}, &Fault{21218, "Invalid ApplicationSid " + o.ApplicationSid}
	case app != nil:
		r = app.Route
	case o.URL == "" && o.Twiml == "":
		return CallInfo{}, &Fault{21205, "Url parameter is required"}
	}
	c, answers := x.newOutgoing(o.From, o.To, OutboundAPI)
	c.take(r)
	if o.StatusCallback != "" {
		c.callback = callback{o.StatusCallback, or(o.StatusCallbackMethod, "POST"), o.StatusCallbackEvents}
	}
	if seconds, err := strconv.Atoi(o.TimeLimit); err == nil && seconds > 0 {
		x.limit(c, seconds)
	}
	timeout := time.Duration(o.Timeout) * time.Second
	if timeout <= 0 {
		timeout = time.Minute
	}
	then := firstStep(r, nil)
	then.twiml = o.Twiml
	err := x.begin(c, &step{do: ringThen(c, answers, timeout, then)})
	return c.info(), err
}

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
		return &Fault{14207, "MaxSize is 1 to 5000"}
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
	if err := CheckMethod(method); err != nil {
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

// Tune is what REST does to a participant. Nil fields change nothing.
type Tune struct {
	Muted, Hold, EndOnExit, Coaching *bool
	HoldURL, HoldMethod              string
	AnnounceURL, AnnounceMethod      string
	CallSidToCoach                   string
}

// UpdateParticipant changes a participant at once.
func (x *Exchange) UpdateParticipant(confSid, callSid string, t Tune) (ParticipantInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	p, err := x.findParticipant(confSid, callSid)
	if err != nil {
		return ParticipantInfo{}, err
	}
	for _, u := range []string{t.HoldURL, t.AnnounceURL} {
		if err := CheckURL(u); err != nil {
			return ParticipantInfo{}, err
		}
	}
	if t.EndOnExit != nil {
		p.endOnExit = *t.EndOnExit
	}
	if t.Coaching != nil && !*t.Coaching {
		p.coach = ""
	} else if t.CallSidToCoach != "" {
		p.coach = t.CallSidToCoach
	}
	p.updated = time.Now()
	p.mute(t.Muted)
	p.setHold(t)
	if t.AnnounceURL != "" {
		p.announce(t.AnnounceURL, or(t.AnnounceMethod, "POST"))
	}
	return p.info(), nil
}

func (x *Exchange) findParticipant(confSid, callSid string) (*participant, error) {
	path := "/Conferences/" + confSid + "/Participants/" + callSid + ".json"
	conf := x.confs[confSid]
	if conf == nil {
		return nil, NotFound(path)
	}
	i := slices.IndexFunc(conf.parts, func(p *participant) bool {
		return p.call.sid == callSid || p.label != "" && p.label == callSid
	})
	if i < 0 {
		return nil, NotFound(path)
	}
	return conf.parts[i], nil
}

// RemoveParticipant kicks a participant; its call goes on after its Dial.
func (x *Exchange) RemoveParticipant(confSid, callSid string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	p, err := x.findParticipant(confSid, callSid)
	if err != nil {
		return err
	}
	p.leave("participant_updated_via_api", false)
	return nil
}

// UpdateConference ends a conference, or lets all in it hear a document.
func (x *Exchange) UpdateConference(sid, status, announceURL, announceMethod string) (ConferenceInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	conf := x.confs[sid]
	if conf == nil || conf.status == "completed" {
		return ConferenceInfo{}, NotFound("/Conferences/" + sid + ".json")
	}
	if status != "" && status != "completed" {
		return ConferenceInfo{}, &Fault{20001, "Status is completed or nothing"}
	}
	if err := CheckURL(announceURL); err != nil {
		return ConferenceInfo{}, err
	}
	if announceURL != "" {
		for _, p := range conf.parts {
			p.announce(announceURL, or(announceMethod, "POST"))
		}
	}
	if status == "completed" {
		conf.end("conference-ended-via-api", "conference_ended_via_api", nil)
	}
	return conf.info(), nil
}
