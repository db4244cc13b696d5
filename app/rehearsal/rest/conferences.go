package rest

import (
	"net/http"

	"callin/app/rehearsal/exchange"
)

func conferences(s *server) {
	s.handle("GET /Conferences", listConferences)
	s.handle("GET /Conferences/{sid}", func(r *request) (reply, error) {
		c, err := r.x.Conference(r.PathValue("sid"))
		return reply{http.StatusOK, showConference(r)(c)}, err
	})
	s.handle("POST /Conferences/{sid}", func(r *request) (reply, error) {
		f := r.Form.Get
		c, err := r.x.UpdateConference(r.PathValue("sid"), f("Status"), f("AnnounceUrl"), r.Form.Get("AnnounceMethod"))
		return reply{http.StatusOK, showConference(r)(c)}, err
	})
}

func listConferences(r *request) (reply, error) {
	if err := r.oneOf("Status", "init", "in-progress", "completed"); err != nil {
		return reply{}, err
	}
	created, err := r.within("DateCreated")
	if err != nil {
		return reply{}, err
	}
	updated, err := r.within("DateUpdated")
	if err != nil {
		return reply{}, err
	}
	found := r.x.Conferences(func(c exchange.ConferenceInfo) bool {
		return r.is("FriendlyName", c.Name) && r.is("Status", c.Status) && created(c.Created) && updated(c.Updated)
	})
	return list(r, "conferences", found, newestFirst("CF"), func(c exchange.ConferenceInfo) string { return c.Sid }, showConference(r))
}

func showConference(r *request) func(exchange.ConferenceInfo) object {
	return func(c exchange.ConferenceInfo) object {
		return object{
			"sid": c.Sid, "account_sid": r.account, "friendly_name": c.Name, "status": c.Status,
			"date_created": r.date(c.Created), "date_updated": r.date(c.Updated), "api_version": version,
			"region": "us1", "reason_conference_ended": orNull(c.ReasonEnded),
			"call_sid_ending_conference": orNull(c.EndedBy), "uri": r.uri("Conferences", c.Sid),
			"subresource_uris": subresources(r, []string{"Participants", "Recordings"}, "Conferences", c.Sid),
		}
	}
}
