package exchange

import (
	"cmp"
	"context"
	"regexp"
	"time"

	"callin/app/rehearsal/twiml"
)

// Invitation is a call into a conference that REST makes. Nil fields are
// defaults.
type Invitation struct {
	Outgoing
	Label, Beep                    string
	WaitURL, WaitMethod            string
	Wait                           bool // whether WaitUrl was given, if only as ""
	Muted, StartOnEnter, EndOnExit *bool
	Coaching                       *bool
	CallSidToCoach                 string
	MaxParticipants                int // 0 is Twilio's 250
	ConferenceRecord               *RecordingOptions
	ConferenceStatusCallback       string
	ConferenceStatusCallbackMethod string
	ConferenceStatusCallbackEvents []string
}

var conferenceSid = regexp.MustCompile(`^CF[0-9a-f]{32}$`)

// Invite calls somebody into a conference, given by its SID or by its name. A
// conference of that name is made if there is none.
func (x *Exchange) Invite(room string, in Invitation) (ParticipantInfo, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.check(in.Outgoing); err != nil {
		return ParticipantInfo{}, err
	}
	conf := x.rooms[x.trialRoom(room)]
	if conferenceSid.MatchString(room) {
		if conf = x.confs[room]; conf == nil || conf.status == "completed" {
			return ParticipantInfo{}, NotFound("/Conferences/" + room + "/Participants.json")
		}
	}
	for _, u := range []string{in.WaitURL, in.ConferenceStatusCallback} {
		if err := CheckURL(u); err != nil {
			return ParticipantInfo{}, err
		}
	}
	if twiml.BadLabel(in.Label) {
		return ParticipantInfo{}, &Fault{16024, "Invalid participant label"}
	}
	if conf != nil {
		if err := conf.admits(in); err != nil {
			return ParticipantInfo{}, err
		}
	} else if in.CallSidToCoach != "" {
		return ParticipantInfo{}, &Fault{16028, "Participant to be whispered is not present in the conference"}
	}
	c, ring := x.newCallOut(in.Outgoing)
	if conf == nil {
		conf = x.newConference(x.trialRoom(room), callback{
			url: in.ConferenceStatusCallback, method: or(in.ConferenceStatusCallbackMethod, "POST"), events: in.ConferenceStatusCallbackEvents,
		})
	}
	p := conf.invite(c, in)
	noun := &twiml.Conference{Name: conf.name}
	enter := &step{do: func(ctx context.Context) *step {
		c.dialConference(ctx, twiml.Dial{TimeLimit: int(longestDial / time.Second), Conference: noun}, &page{})
		return nil
	}}
	if err := x.begin(c, &step{do: ring(enter)}); err != nil {
		conf.uninvite(p)
		return ParticipantInfo{}, err
	}
	return p.info(), nil
}

// longestDial is how long a Dial lasts unless it says otherwise.
const longestDial = 4 * time.Hour

// admits refuses who cannot join a conference.
func (conf *conference) admits(in Invitation) error {
	all := append(append([]*participant{}, conf.parts...), conf.invited...)
	most := cmp.Or(in.MaxParticipants, 250)
	switch {
	case in.Label != "" && find(all, func(o *participant) bool { return o.label == in.Label }) != nil:
		return &Fault{16025, "The label " + in.Label + " is taken"}
	case len(all) >= most:
		return &Fault{16020, "The conference is full"}
	case in.CallSidToCoach != "" && find(conf.parts, func(o *participant) bool { return o.call.sid == in.CallSidToCoach }) == nil:
		return &Fault{16028, "Participant to be whispered is not present in the conference"}
	case in.CallSidToCoach == "" && in.Coaching != nil && *in.Coaching:
		return &Fault{20001, "Coaching wants CallSidToCoach"}
	}
	return nil
}

// invite puts a call that is to be made among those who are connecting.
func (conf *conference) invite(c *call, in Invitation) *participant {
	is := func(b *bool, otherwise bool) bool {
		if b == nil {
			return otherwise
		}
		return *b
	}
	p := newParticipant(c, conf)
	p.label, p.beep = in.Label, or(in.Beep, "true")
	p.muted, p.startOnEnter, p.endOnExit = is(in.Muted, false), is(in.StartOnEnter, true), is(in.EndOnExit, false)
	if is(in.Coaching, in.CallSidToCoach != "") {
		p.coach = in.CallSidToCoach
	}
	p.record = in.ConferenceRecord
	switch {
	case in.WaitURL != "":
		p.wait = &step{url: in.WaitURL, method: or(in.WaitMethod, "POST")}
	case in.Wait:
		p.wait = &step{}
	}
	c.invitation = p
	conf.invited = append(conf.invited, p)
	return p
}

// uninvite takes a call away that has not come in, or comes in now. A conference
// that nobody is in or called into any more ends.
func (conf *conference) uninvite(p *participant) {
	p.call.invitation = nil
	for i, o := range conf.invited {
		if o == p {
			conf.invited = append(conf.invited[:i:i], conf.invited[i+1:]...)
		}
	}
	if conf.empty() && conf.status != "completed" {
		conf.close("last-participant-left", p.call)
	}
}

func (conf *conference) empty() bool { return len(conf.parts) == 0 && len(conf.invited) == 0 }

// status is the participant's, in Twilio's words.
func (p *participant) status() string {
	switch {
	case p.call.participant == p:
		return "connected"
	case p.call.status == Queued:
		return "queued"
	case p.call.status == Ringing:
		return "ringing"
	case p.call.status == InProgress:
		return "connecting"
	case p.call.status == Completed:
		return "complete"
	}
	return "failed"
}
