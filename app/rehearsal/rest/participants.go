package rest

import (
	"net/http"

	"callin/app/rehearsal/exchange"
)

func participants(s *server) {
	s.handle("GET /Conferences/{sid}/Participants", listParticipants)
	s.handle("POST /Conferences/{sid}/Participants", createParticipant)
	s.handle("GET /Conferences/{sid}/Participants/{call}", func(r *request) (reply, error) {
		p, err := r.x.Participant(r.PathValue("sid"), r.PathValue("call"))
		return reply{http.StatusOK, showParticipant(r)(p)}, err
	})
	s.handle("POST /Conferences/{sid}/Participants/{call}", updateParticipant)
	s.handle("DELETE /Conferences/{sid}/Participants/{call}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, r.x.RemoveParticipant(r.PathValue("sid"), r.PathValue("call"))
	})
}

func listParticipants(r *request) (reply, error) {
	all, err := r.x.Participants(r.PathValue("sid"))
	if err != nil {
		return reply{}, err
	}
	var muted, hold, coaching *bool
	if err := r.flags(map[string]**bool{"Muted": &muted, "Hold": &hold, "Coaching": &coaching}); err != nil {
		return reply{}, err
	}
	passes := func(want *bool, have bool) bool { return want == nil || *want == have }
	found := all[:0]
	for _, p := range all {
		if passes(muted, p.Muted) && passes(hold, p.Hold) && passes(coaching, p.Coach != "") {
			found = append(found, p)
		}
	}
	return list(r, "participants", found, oldestFirst("CP"), func(p exchange.ParticipantInfo) string { return p.Place }, showParticipant(r))
}

// createParticipant calls a telephone or a client into a conference, which the
// path gives by its SID or, to make one, by a name (Twilio docs: Participant).
func createParticipant(r *request) (reply, error) {
	o, err := outgoing(r)
	if err != nil {
		return reply{}, err
	}
	f := r.Form.Get
	o.Change = exchange.Change{
		TimeLimit: f("TimeLimit"), StatusCallback: f("StatusCallback"), StatusCallbackMethod: r.Form.Get("StatusCallbackMethod"),
	}
	if err := r.oneOf("Beep", "true", "false", "onEnter", "onExit"); err != nil {
		return reply{}, err
	}
	in := exchange.Invitation{
		Outgoing: o, Label: f("Label"), Beep: f("Beep"), WaitURL: f("WaitUrl"), Wait: r.has("WaitUrl"), WaitMethod: r.Form.Get("WaitMethod"),
		CallSidToCoach: f("CallSidToCoach"), ConferenceStatusCallback: f("ConferenceStatusCallback"),
		ConferenceStatusCallbackMethod: r.Form.Get("ConferenceStatusCallbackMethod"),
		ConferenceStatusCallbackEvents: r.events("ConferenceStatusCallbackEvent"),
	}
	if err := r.flags(map[string]**bool{
		"Muted": &in.Muted, "StartConferenceOnEnter": &in.StartOnEnter, "EndConferenceOnExit": &in.EndOnExit, "Coaching": &in.Coaching,
	}); err != nil {
		return reply{}, err
	}
	if in.MaxParticipants, err = r.number("MaxParticipants"); err != nil {
		return reply{}, err
	}
	if f("MaxParticipants") != "" && (in.MaxParticipants < 2 || in.MaxParticipants > 250) {
		return reply{}, invalid("MaxParticipants", f("MaxParticipants"))
	}
	if len(in.ConferenceStatusCallbackEvents) == 0 {
		in.ConferenceStatusCallbackEvents = []string{"start", "end"} // Twilio OpenAPI
	}
	if err := r.oneOf("ConferenceRecord", "true", "false", "record-from-start", "do-not-record"); err != nil {
		return reply{}, err
	}
	if s := f("ConferenceRecord"); s == "true" || s == "record-from-start" {
		if in.ConferenceRecord, err = recordingOptions(r, "Conference"); err != nil {
			return reply{}, err
		}
	}
	p, err := r.x.Invite(r.PathValue("sid"), in)
	return reply{http.StatusCreated, showParticipant(r)(p)}, err
}

func updateParticipant(r *request) (reply, error) {
	f := r.Form.Get
	t := exchange.Tune{
		HoldURL: f("HoldUrl"), HoldMethod: r.Form.Get("HoldMethod"),
		AnnounceURL: f("AnnounceUrl"), AnnounceMethod: r.Form.Get("AnnounceMethod"),
		WaitURL: f("WaitUrl"), WaitMethod: r.Form.Get("WaitMethod"), CallSidToCoach: f("CallSidToCoach"),
	}
	if err := r.flags(map[string]**bool{
		"Muted": &t.Muted, "Hold": &t.Hold, "EndConferenceOnExit": &t.EndOnExit, "Coaching": &t.Coaching, "BeepOnExit": &t.BeepOnExit,
	}); err != nil {
		return reply{}, err
	}
	p, err := r.x.UpdateParticipant(r.PathValue("sid"), r.PathValue("call"), t)
	return reply{http.StatusOK, showParticipant(r)(p)}, err
}

func showParticipant(r *request) func(exchange.ParticipantInfo) object {
	return func(p exchange.ParticipantInfo) object {
		return object{
			"account_sid": r.account, "call_sid": p.CallSid, "conference_sid": p.ConferenceSid,
			"label": orNull(p.Label), "call_sid_to_coach": orNull(p.Coach), "coaching": p.Coach != "",
			"date_created": r.date(p.Created), "date_updated": r.date(p.Updated),
			"end_conference_on_exit": p.EndOnExit, "start_conference_on_enter": p.StartOnEnter,
			"muted": p.Muted, "hold": p.Hold, "status": p.Status, "queue_time": "0",
			"uri": r.uri("Conferences", p.ConferenceSid, "Participants", p.CallSid),
		}
	}
}
