package rest

import (
	"net/http"
	"time"

	"callin/app/rehearsal/exchange"
)

// profileStatuses are those of a customer profile (Twilio docs: CustomerProfile).
var profileStatuses = []string{"draft", "pending-review", "in-review", "twilio-rejected", "twilio-approved"}

// businessPolicy is whose rules a profile keeps. Twilio has one for each kind; here it
// is one for all (inferred).
const businessPolicy = "RN00000000000000000000000000000001"

func listProfiles(r *request) (reply, error) {
	if err := r.oneOf("Status", profileStatuses...); err != nil {
		return reply{}, err
	}
	all := []exchange.Profile{}
	for _, p := range r.x.Profiles() {
		if r.is("Status", p.Status) && r.is("FriendlyName", p.Name) && r.is("PolicySid", businessPolicy) {
			all = append(all, p)
		}
	}
	out, err := list(r, "results", all, oldestFirst("BU"), func(p exchange.Profile) string { return p.Sid }, showProfile(r))
	return newer(r, "results", out, err)
}

func fetchProfile(r *request) (reply, error) {
	for _, p := range r.x.Profiles() {
		if p.Sid == r.PathValue("sid") {
			return reply{http.StatusOK, showProfile(r)(p)}, nil
		}
	}
	return reply{}, r.notFound()
}

func showProfile(r *request) func(exchange.Profile) object {
	return func(p exchange.Profile) object {
		at := r.x.Clock(p.Created).UTC().Format(time.RFC3339)
		url := "https://trusthub.twilio.com/v1/CustomerProfiles/" + p.Sid
		return object{
			"sid": p.Sid, "account_sid": r.account, "policy_sid": businessPolicy, "friendly_name": p.Name, "status": p.Status,
			"valid_until": nil, "email": "station@example.com", "status_callback": nil, "date_created": at, "date_updated": at,
			"url": url, "errors": nil, "links": map[string]string{
				"customer_profiles_entity_assignments":           url + "/EntityAssignments",
				"customer_profiles_channel_endpoint_assignments": url + "/ChannelEndpointAssignments",
				"customer_profiles_evaluations":                  url + "/Evaluations",
			},
		}
	}
}
