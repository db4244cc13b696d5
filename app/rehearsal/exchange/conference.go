package exchange

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"callin/app/rehearsal/media"
	"callin/app/rehearsal/twiml"
)

// conference is a room of calls. Its sid changes whenever it empties, as its
// name is then free for another.
type conference struct {
	x                    *Exchange
	sid, name            string
	created, updated     time.Time
	status               string // init, in-progress, completed
	mixer                *media.Mixer
	parts                []*participant // in order of arrival
	invited              []*participant // who are being called into it
	callback             callback       // the first participant's; its events are start, end, join …
	outbox               outbox
	sequence             int
	reasonEnded, endedBy string
	recordings           []*recording
}

// participant is a call in a conference.
type participant struct {
	place                   string // among all of the conference's, as a SID tells it
	call                    *call
	conf                    *conference
	label, coach            string
	muted, hold             bool
	startOnEnter, endOnExit bool
	beep                    string
	joined, updated         time.Time
	gone                    context.Context // until it leaves
	left                    context.CancelFunc
	// wait is what it hears until the conference starts: nil is Twilio's
	// music, a step without URL silence.
	wait   *step
	record *RecordingOptions // begins a recording of the conference
	// endPrivate ends what it hears alone: wait or hold audio.
	endPrivate context.CancelFunc
}

// enter lets a call into a conference, which it makes if need be; mu is held.
func (x *Exchange) enter(c *call, n *twiml.Conference, p *page) *participant {
	if me := c.invitation; me != nil && me.conf.status != "completed" {
		me.conf.admit(me)
		me.conf.uninvite(me)
		return me
	}
	name := x.trialRoom(n.Name)
	conf := x.rooms[name]
	if code, why := refusal(conf, n); code != 0 {
		x.alertLocked(code, c.sid, p.from, why)
		return nil
	}
	if conf == nil {
		cb := callback{events: n.StatusCallbackEvents, method: n.StatusCallbackMethod}
		if n.StatusCallback != "" {
			cb.url = p.to(n.StatusCallback, "", nil).url
		}
		conf = x.newConference(name, cb)
	}
	me := newParticipant(c, conf)
	me.record = recordingOf(n, p)
	me.label, me.coach, me.muted, me.beep = n.Label, n.Coach, n.Muted, n.Beep
	me.startOnEnter, me.endOnExit = n.StartOnEnter, n.EndOnExit
	if n.Wait && n.WaitURL == "" {
		me.wait = &step{}
	} else if n.Wait {
		me.wait = p.to(n.WaitURL, n.WaitMethod, nil)
	}
	conf.admit(me)
	return me
}

// newConference makes a conference; mu is held.
func (x *Exchange) newConference(name string, cb callback) *conference {
	conf := &conference{
		x: x, sid: newSid("CF"), name: name, status: "init", mixer: media.NewMixer(),
		created: time.Now(), updated: time.Now(), callback: cb,
	}
	x.rooms[name], x.confs[conf.sid] = conf, conf
	return conf
}

func newParticipant(c *call, conf *conference) *participant {
	gone, left := context.WithCancel(c.life)
	now := time.Now()
	return &participant{place: newSid("CP"), call: c, conf: conf, joined: now, updated: now, gone: gone, left: left, endPrivate: func() {}}
}

// admit lets a participant in; mu is held.
func (conf *conference) admit(me *participant) {
	c := me.call
	c.participant, c.where = me, "conference "+conf.name
	conf.parts = append(conf.parts, me)
	conf.updated = time.Now()
	conf.mixer.Join(c.sid, c.wire)
	conf.mixer.Coach(c.sid, me.coach)
	conf.tell("join", "participant-join", me, nil)
	if conf.status == "init" {
		conf.maybeStart()
	} else {
		conf.record(me)
	}
	me.tune()
	if me.beep == "true" || me.beep == "onEnter" {
		conf.beep()
	}
}

// refusal is Twilio's code for why somebody cannot enter a conference, nil if
// there is none yet; 0 when nothing is in the way.
func refusal(conf *conference, n *twiml.Conference) (code int, why string) {
	var there, coming []*participant
	if conf != nil {
		there, coming = conf.parts, conf.invited
	}
	switch {
	case n.Name == "" || utf8.RuneCountInString(n.Name) > 128:
		return 13237, "a conference's name has 1 to 128 characters"
	case n.Label != "" && find(slices.Concat(there, coming), func(o *participant) bool { return o.label == n.Label }) != nil:
		return 16025, "the label " + n.Label + " is taken"
	case len(there)+len(coming) >= n.MaxParticipants:
		return 16020, "the conference is full"
	case n.Coach != "" && find(there, func(o *participant) bool { return o.call.sid == n.Coach }) == nil:
		return 13240, "nobody to coach here: " + n.Coach
	}
	return 0, ""
}

// recordingOf is how who enters wants the conference recorded; nil is not at all.
func recordingOf(n *twiml.Conference, p *page) *RecordingOptions {
	if !n.Record {
		return nil
	}
	to := n.Callback
	if to.URL == "" { // its older name
		to = twiml.RecordingCallback{URL: n.EventCallbackURL}
	}
	return NewRecordingOptions("", "", n.Trim, p.told(to.URL), to.Method, to.Events)
}

// maybeStart starts a conference in which two have met of whom one may start it.
func (conf *conference) maybeStart() {
	if len(conf.parts) < 2 || !slices.ContainsFunc(conf.parts, func(p *participant) bool { return p.startOnEnter }) {
		return
	}
	conf.status = "in-progress"
	conf.tell("start", "conference-start", nil, nil)
	for _, p := range conf.parts {
		conf.record(p)
		if !p.hold {
			p.tune()
		}
	}
}

// tune lets a participant hear and be heard as its state is now; mu is held.
// What it heard alone ends.
func (p *participant) tune() {
	p.endPrivate()
	p.endPrivate = func() {}
	conf := p.conf
	conf.mixer.PlayTo(p.call.sid, nil)
	alone := conf.status == "init"
	conf.mixer.Set(p.call.sid, p.muted, alone || p.hold)
	if alone && !p.hold {
		p.private(p.wait)
	}
}

// private lets a participant hear a document alone; mu is held.
func (p *participant) private(st *step) {
	p.endPrivate()
	ctx, end := context.WithCancel(p.gone)
	p.endPrivate = end
	c := p.call
	params := url.Values{"ConferenceSid": {p.conf.sid}, "FriendlyName": {p.conf.name}}
	c.x.running.Go(func() {
		switch {
		case st == nil:
			for ctx.Err() == nil {
				_ = p.alone(ctx, music())
			}
		case st.url == "":
		default:
			_, _ = c.hearDocument(ctx, *st, inConference, p.alone, func() url.Values { return params })
		}
	})
}

// alone is the speaker of a participant that hears neither the conference nor
// is heard in it.
func (p *participant) alone(ctx context.Context, k clip) error {
	x := p.call.x
	p.call.hear(k.event)
	voice := media.NewVoice(k.samples(), false)
	x.mu.Lock()
	if ctx.Err() == nil { // tune, under mu too, has not taken the turn
		p.conf.mixer.PlayTo(p.call.sid, voice.Pull)
	}
	x.mu.Unlock()
	return sleep(ctx, k.length)
}

// leave takes a participant out; mu is held. Twilio's words for why are those
// of ReasonParticipantLeft.
func (p *participant) leave(why string, kickedOrLeft bool) {
	if p.call.participant != p {
		return
	}
	conf := p.conf
	p.call.participant, p.call.where = nil, ""
	p.endPrivate()
	conf.parts = slices.DeleteFunc(conf.parts, func(o *participant) bool { return o == p })
	conf.updated = time.Now()
	conf.mixer.Leave(p.call.sid)
	conf.tell("leave", "participant-leave", p, p.leaving(why))
	if p.beep == "true" || p.beep == "onExit" {
		conf.beep()
	}
	p.left()
	if conf.status == "completed" {
		return
	}
	word := map[bool]string{true: "left", false: "kicked"}[kickedOrLeft]
	switch {
	case p.endOnExit:
		conf.end("participant-with-end-conference-on-exit-"+word, "moderator_ended_conference", p.call)
	case conf.empty():
		conf.close("last-participant-"+word, p.call)
	}
}

// end makes everybody leave; mu is held.
func (conf *conference) end(reason, participantReason string, by *call) {
	conf.status = "completed"
	for len(conf.parts) > 0 {
		conf.parts[0].leave(participantReason, false)
	}
	for len(conf.invited) > 0 {
		conf.x.end(conf.invited[0].call, Canceled)
	}
	conf.close(reason, by)
}

// close is the end of an empty conference; mu is held.
func (conf *conference) close(reason string, by *call) {
	conf.status, conf.reasonEnded, conf.updated = "completed", reason, time.Now()
	v := url.Values{"ReasonConferenceEnded": {reason}, "Reason": {reason}}
	if by != nil {
		conf.endedBy = by.sid
		v.Set("CallSidEndingConference", by.sid)
	}
	for _, r := range conf.recordings {
		r.stop()
	}
	conf.mixer.Close()
	if conf.x.rooms[conf.name] == conf {
		delete(conf.x.rooms, conf.name)
	}
	conf.tell("end", "conference-end", nil, v)
	x := conf.x
	if x.ended = append(x.ended, conf); len(x.ended) > keptRooms {
		delete(x.confs, x.ended[0].sid)
		x.ended = x.ended[1:]
	}
}

// beep is heard by all who hear the conference; mu is held.
func (conf *conference) beep() {
	if conf.status != "in-progress" {
		return
	}
	conf.mixer.Sound(media.NewVoice(beep().samples(), false).Pull)
	for _, p := range conf.parts {
		if !p.hold {
			p.call.hear(Event{Kind: "beep"})
		}
	}
}

// tell sends a conference callback; mu is held.
func (conf *conference) tell(event, name string, p *participant, extra url.Values) {
	cb := conf.callback
	if cb.url == "" || !slices.Contains(cb.events, event) {
		return
	}
	conf.sequence++
	v := url.Values{
		"AccountSid": {conf.x.account.Sid}, "ConferenceSid": {conf.sid}, "FriendlyName": {conf.name},
		"StatusCallbackEvent": {name}, "SequenceNumber": {strconv.Itoa(conf.sequence)},
		"Timestamp": {conf.x.Clock(time.Now()).UTC().Format(time.RFC1123Z)},
	}
	callSid := ""
	if p != nil {
		callSid = p.call.sid
		v.Set("CallSid", callSid)
		v.Set("Muted", strconv.FormatBool(p.muted))
		v.Set("Hold", strconv.FormatBool(p.hold))
		v.Set("Coaching", strconv.FormatBool(p.coach != ""))
		if p.coach != "" {
			v.Set("CallSidToCoach", p.coach)
		}
		v.Set("StartConferenceOnEnter", strconv.FormatBool(p.startOnEnter))
		v.Set("EndConferenceOnExit", strconv.FormatBool(p.endOnExit))
		if p.label != "" {
			v.Set("ParticipantLabel", p.label)
		}
	}
	conf.x.tellStatus(&conf.outbox, callSid, cb.url, cb.method, merge(v, extra))
}

// dialConference is in a conference until it ends or the call leaves it.
func (c *call) dialConference(ctx context.Context, v twiml.Dial, p *page) url.Values {
	c.answer()
	x := c.x
	x.mu.Lock()
	if ctx.Err() != nil {
		x.mu.Unlock()
		return nil
	}
	me := x.enter(c, v.Conference, p)
	x.mu.Unlock()
	if me == nil {
		return status("failed")
	}
	limit := time.NewTimer(time.Duration(v.TimeLimit) * time.Second)
	defer limit.Stop()
	for {
		select {
		case k := <-c.keys:
			if !v.HangupOnStar || k != '*' {
				continue
			}
		case <-limit.C:
		case <-me.gone.Done():
		}
		break
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	me.leave("participant_updated_via_api", true)
	return url.Values{"DialCallStatus": {"answered"}, "DialBridged": {"true"}}
}
