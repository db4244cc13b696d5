package exchange

import (
	"context"
	"net/url"
)

func (p *participant) mute(on *bool) {
	if on == nil || *on == p.muted {
		return
	}
	p.muted = *on
	if p.call.participant != p {
		return // it comes in so
	}
	p.conf.mixer.Set(p.call.sid, p.muted, p.hold || p.conf.status == "init")
	name := "participant-unmute"
	if p.muted {
		name = "participant-mute"
	}
	p.conf.tell("mute", name, p, nil)
}

// leaving is what is told of who leaves; mu is held. A call that goes on
// elsewhere is in progress.
func (p *participant) leaving(why string) url.Values {
	return url.Values{"ReasonParticipantLeft": {why}, "ParticipantCallStatus": {or(string(p.call.ending), string(p.call.status))}}
}

// coachOf lets a participant be heard by one other only, or by all when there is
// none; mu is held.
func (p *participant) coachOf(callSid string) {
	if callSid == p.coach {
		return
	}
	p.coach = callSid
	if p.call.participant == p {
		p.conf.mixer.Coach(p.call.sid, callSid)
		p.conf.tell("modify", "participant-modify", p, nil)
	}
}

// waitAt changes what a participant hears until the conference starts; mu is
// held.
func (p *participant) waitAt(st *step) {
	p.wait = st
	if p.call.participant == p && p.conf.status == "init" && !p.hold {
		p.tune()
	}
}

// setHold holds a participant or lets it back. Holding one that is held with
// another HoldUrl changes what it hears.
func (p *participant) setHold(t Tune) {
	if t.Hold == nil || *t.Hold == p.hold && (!p.hold || t.HoldURL == "") {
		return
	}
	changed := *t.Hold != p.hold
	p.hold = *t.Hold
	if p.call.participant != p {
		return
	}
	p.tune()
	if p.hold {
		var st *step
		if t.HoldURL != "" {
			st = &step{url: t.HoldURL, method: or(t.HoldMethod, "GET")}
		}
		p.private(st)
	}
	if !changed {
		return
	}
	name := "participant-unhold"
	if p.hold {
		name = "participant-hold"
	}
	p.conf.tell("hold", name, p, nil)
}

// announce lets a participant hear a document once, in place of the conference;
// mu is held.
func (p *participant) announce(u, method string) {
	ctx, end := context.WithCancel(p.gone)
	outer := p.endPrivate
	p.endPrivate = func() { end(); outer() }
	c := p.call
	c.x.running.Go(func() {
		defer end()
		_, err := c.hearDocument(ctx, step{url: u, method: method}, inConference, p.alone, func() url.Values {
			return url.Values{"ConferenceSid": {p.conf.sid}}
		})
		c.x.mu.Lock()
		defer c.x.mu.Unlock()
		name := "announcement-end"
		if err != nil {
			name = "announcement-fail"
		}
		p.conf.tell("announcement", name, p, url.Values{"AnnounceUrl": {u}})
	})
}
