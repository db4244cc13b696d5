package rest

import (
	"net/http"

	"callin/app/rehearsal/exchange"
)

// newerAPIs are those of other hosts than api.twilio.com: monitor, trusthub, pricing,
// voice and accounts. Their paths do not overlap, so that one address can have them all.
var newerAPIs = map[string]handler{
	"/v1/Alerts":       listAlerts,
	"/v1/Alerts/{sid}": fetchAlert,

	"/v1/CustomerProfiles":       listProfiles,
	"/v1/CustomerProfiles/{sid}": fetchProfile,

	"/v1/PhoneNumbers/Countries":           listPrices("/v1/PhoneNumbers/Countries"),
	"/v1/PhoneNumbers/Countries/{country}": numberPrices,
	"/v2/Voice/Countries":                  listPrices("/v2/Voice/Countries"),
	"/v2/Voice/Countries/{country}":        voicePrices,
	"/v2/Voice/Numbers/{number}":           callPrices,

	"/v1/DialingPermissions/Countries":           listPermissions,
	"/v1/DialingPermissions/Countries/{country}": dialingPermissions,

	"/v1/Messaging/GeoPermissions": textingPermissions,
}

// NewNewer returns the handler of the newer APIs, the monitor's among them: of all
// paths below /v1/ and /v2/.
func NewNewer(x *exchange.Exchange) http.Handler {
	s := &server{x: x}
	mux := http.NewServeMux()
	for path, get := range newerAPIs {
		mux.Handle(path, s.serve(map[string]handler{"GET": get}))
	}
	mux.Handle("/", s.serve(nil))
	return s.count(mux)
}

// newer is a page in the newer manner of Twilio's APIs, where what tells of the page
// is beside the list, in meta, and addresses are whole.
func newer(r *request, key string, out reply, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	// Libraries go to these as they are: to where they asked, as a library that is
	// pointed here would leave this machine for Twilio's own address.
	page := out.body.(object)
	meta := object{"key": key, "page": page["page"], "page_size": page["page_size"]}
	for name, uri := range map[string]string{
		"url": "uri", "first_page_url": "first_page_uri", "next_page_url": "next_page_uri", "previous_page_url": "previous_page_uri",
	} {
		meta[name] = nil
		if s, is := page[uri].(string); is {
			meta[name] = "http://" + r.Host + s
		}
	}
	return reply{out.status, object{key: page[key], "meta": meta}}, nil
}
