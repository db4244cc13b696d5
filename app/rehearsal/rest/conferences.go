package rest

import (
	"net/http"
	"strings"

	"callin/app/rehearsal/exchange"
)

func conferences(handle func(string, handler)) {
	handle("GET /Conferences.json", func(r *request) (reply, error) {
		name, status := r.Form.Get("FriendlyName"), r.Form.Get("Status")
		found := r.x.Conferences(func(c exchange.ConferenceInfo) bool {
			return (name == "" || c.Name == name) && (status == "" || c.Status == status)
		})
		return list(r, "conferences", found, showConference(r))
	})
	handle("GET /Conferences/{sid}", func(r *request) (reply, error) {
		c, err := r.x.Conference(r.sid("sid"))
		return reply{http.StatusOK, showConference(r)(c)}, err
	})
	handle("POST /Conferences/{sid}", func(r *request) (reply, error) {
		f := r.Form.Get
		c, err := r.x.UpdateConference(r.sid("sid"), f("Status"), f("AnnounceUrl"), strings.ToUpper(f("AnnounceMethod")))
		return reply{http.StatusOK, showConference(r)(c)}, err
	})
	handle("GET /Conferences/{sid}/Participants.json", listParticipants)
	handle("GET /Conferences/{sid}/Participants/{call}", func(r *request) (reply, error) {
		p, err := r.x.Participant(r.sid("sid"), r.sid("call"))
		return reply{http.StatusOK, showParticipant(r)(p)}, err
	})
	handle("POST /Conferences/{sid}/Participants/{call}", updateParticipant)
	handle("DELETE /Conferences/{sid}/Participants/{call}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, r.x.RemoveParticipant(r.sid("sid"), r.sid("call"))
	})
}

func listParticipants(r *request) (reply, error) {
	all, err := r.x.Participants(r.sid("sid"))
	if err != nil {
		return reply{}, err
	}
	muted, err := r.flag("Muted")
	if err != nil {
		return reply{}, err
	}
	hold, err := r.flag("Hold")
	if err != nil {
		return reply{}, err
	}
	found := all[:0]
	for _, p := range all {
		if (muted == nil || *muted == p.Muted) && (hold == nil || *hold == p.Hold) {
			found = append(found, p)
		}
	}
	return list(r, "participants", found, showParticipant(r))
}

func updateParticipant(r *request) (reply, error) {
	f := r.Form.Get
	t := exchange.Tune{
		HoldURL: f("HoldUrl"), HoldMethod: strings.ToUpper(f("HoldMethod")),
		AnnounceURL: f("AnnounceUrl"), AnnounceMethod: strings.ToUpper(f("AnnounceMethod")),
		CallSidToCoach: f("CallSidToCoach"),
	}
	for name, to := range map[string]**bool{
		"Muted": &t.Muted, "Hold": &t.Hold, "EndConferenceOnExit": &t.EndOnExit, "Coaching": &t.Coaching,
	} {
		b, err := r.flag(name)
		if err != nil {
			return reply{}, err
		}
		*to = b
	}
	p, err := r.x.UpdateParticipant(r.sid("sid"), r.sid("call"), t)
	return reply{http.StatusOK, showParticipant(r)(p)}, err
}

func showConference(r *request) func(exchange.ConferenceInfo) object {
	return func(c exchange.ConferenceInfo) object {
		return object{
			"sid": c.Sid, "account_sid": r.account, "friendly_name": c.Name, "status": c.Status,
			"date_created": date(c.Created), "date_updated": date(c.Updated), "api_version": "2010-04-01",
			"region": "us1", "reason_conference_ended": orNull(c.ReasonEnded),
			"call_sid_ending_conference": orNull(c.EndedBy), "uri": r.uri("Conferences", c.Sid),
			"subresource_uris": subresources(r, []string{"Participants", "Recordings"}, "Conferences", c.Sid),
		}
	}
}

func showParticipant(r *request) func(exchange.ParticipantInfo) object {
	return func(p exchange.ParticipantInfo) object {
		return object{
			"account_sid": r.account, "call_sid": p.CallSid, "conference_sid": p.ConferenceSid,
			"label": orNull(p.Label), "call_sid_to_coach": orNull(p.Coach), "coaching": p.Coach != "",
			"date_created": date(p.Created), "date_updated": date(p.Updated),
			"end_conference_on_exit": p.EndOnExit, "start_conference_on_enter": p.StartOnEnter,
			"muted": p.Muted, "hold": p.Hold, "status": "connected", "queue_time": nil,
			"uri": r.uri("Conferences", p.ConferenceSid, "Participants", p.CallSid),
		}
	}
}
