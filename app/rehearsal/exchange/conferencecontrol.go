package exchange

import "time"

// Tune is what REST does to a participant. Nil fields change nothing.
type Tune struct {
	Muted, Hold, EndOnExit, Coaching, BeepOnExit *bool
	HoldURL, HoldMethod                          string
	AnnounceURL, AnnounceMethod                  string
	WaitURL, WaitMethod                          string
	CallSidToCoach                               string
}

// UpdateParticipant changes a participant at once.
func (x *Exchange) UpdateParticipant(confSid, callSid string, t Tune) (ParticipantInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	p, err := x.findParticipant(confSid, callSid)
	if err != nil {
		return ParticipantInfo{}, err
	}
	if err := t.check(p.conf); err != nil {
		return ParticipantInfo{}, err
	}
	if t.EndOnExit != nil {
		p.endOnExit = *t.EndOnExit
	}
	if t.Coaching != nil && !*t.Coaching {
		p.coachOf("")
	} else if t.CallSidToCoach != "" {
		p.coachOf(t.CallSidToCoach)
	}
	if t.BeepOnExit != nil {
		p.beep = withExitBeep(p.beep, *t.BeepOnExit)
	}
	if t.WaitURL != "" {
		p.waitAt(&step{url: t.WaitURL, method: or(t.WaitMethod, "POST")})
	}
	p.updated = time.Now()
	p.mute(t.Muted)
	p.setHold(t)
	if t.AnnounceURL != "" {
		p.announce(t.AnnounceURL, or(t.AnnounceMethod, "POST"))
	}
	return p.info(), nil
}

// check refuses what a participant cannot be made to do.
func (t Tune) check(conf *conference) error {
	for _, u := range []string{t.HoldURL, t.AnnounceURL, t.WaitURL} {
		if err := CheckURL(u); err != nil {
			return err
		}
	}
	switch {
	case t.CallSidToCoach == "" && t.Coaching != nil && *t.Coaching:
		return &Fault{20001, "Coaching wants CallSidToCoach"}
	case t.CallSidToCoach != "" && find(conf.parts, func(o *participant) bool { return o.call.sid == t.CallSidToCoach }) == nil:
		return &Fault{16028, "Participant to be whispered is not present in the conference"}
	}
	return nil
}

// withExitBeep is a beep attribute with the beep on exit on or off.
func withExitBeep(beep string, on bool) string {
	enters := beep == "true" || beep == "onEnter"
	switch {
	case enters && on:
		return "true"
	case enters:
		return "onEnter"
	case on:
		return "onExit"
	}
	return "false"
}

func (x *Exchange) findParticipant(confSid, callSid string) (*participant, error) {
	path := "/Conferences/" + confSid + "/Participants/" + callSid + ".json"
	conf := x.confs[confSid]
	if conf == nil {
		return nil, NotFound(path)
	}
	is := func(p *participant) bool { return p.call.sid == callSid || p.label != "" && p.label == callSid }
	for _, in := range [][]*participant{conf.parts, conf.invited} {
		if p := find(in, is); p != nil {
			return p, nil
		}
	}
	return nil, NotFound(path)
}

// RemoveParticipant kicks a participant; its call goes on after its Dial.
func (x *Exchange) RemoveParticipant(confSid, callSid string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	p, err := x.findParticipant(confSid, callSid)
	if err != nil {
		return err
	}
	if p.call.participant != p { // it is still being called
		x.end(p.call, Canceled)
		return nil
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
