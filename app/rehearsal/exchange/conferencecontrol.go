package exchange

import (
	"slices"
	"time"
)

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
