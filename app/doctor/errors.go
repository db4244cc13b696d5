package doctor

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"callin/app/carrier"
)

// meaning is what one of Twilio's codes says, and what to do. One of the account's
// concerns a station whatever was asked.
type meaning struct {
	code     int
	account  bool
	what, do string
}

// meanings are those that a station can meet (Twilio docs: error dictionary).
var meanings = []meaning{
	{11200, false, "it could not fetch from Callin", "See to the public address; the errors stop when it answers."},
	{11205, false, "it could not connect to Callin", "See to the public address; the errors stop when it answers."},
	{11206, false, "it did not understand Callin's answer", "See what stands between Twilio and Callin: a proxy may answer in its place."},
	{11210, false, "it did not find the name of the public address", "See that the name of the public address is right and known everywhere."},
	{11215, false, "a call was led round too often", "See that a trial account is upgraded; else start Callin again."},
	{11216, false, "it was redirected away from Callin", "See that the proxy redirects nobody at /voice/."},
	{11220, false, "it could not agree on encryption with the public address", "See to the certificate."},
	{11235, false, "it did not accept the public address's certificate", "See to the certificate."},
	{11236, false, "it did not accept the public address's certificate", "See to the certificate."},
	{11237, false, "it did not accept the public address's certificate", "See to the certificate."},
	{11750, false, "an answer was too long", "See what stands between Twilio and Callin: a proxy may answer in its place."},
	{11751, false, "an answer was too long", "See what stands between Twilio and Callin: a proxy may answer in its place."},
	{12100, false, "an answer was no document that it reads", "See what stands between Twilio and Callin: a proxy may answer in its place."},
	{12200, false, "a document had something in it that it does not know", "Install the newest Callin."},
	{12300, false, "an answer was of the wrong kind", "See what stands between Twilio and Callin: a proxy may answer in its place."},
	{15003, false, "Callin did not take a message about a call", "See to the public address; the errors stop when it answers."},
	{10001, true, "the account was not active", "Look in Twilio's console for why."},
	{10003, true, "the account was not active", "Look in Twilio's console for why."},
	{10004, true, "there were more calls at once than the account may have", "Get the account's profile approved in Twilio's console, or upgrade a trial account."},
	{21219, true, "a trial account can only be called by, or call, verified telephones", "Upgrade it in Twilio's console before a show."},
	{21408, true, "the account may not text that country", "Allow it in Twilio's console under Messaging, Geo permissions."},
	{30007, true, "a text was taken for spam by a carrier", "Register the number for texts in Twilio's console."},
	{30034, true, "texts come from a number that is not registered for them", "Register the number for texts in Twilio's console."},
}

// day is how far back Twilio's log is read.
const day = 24 * time.Hour

// errors are what Twilio's own log of the last day has about this station.
func (v *visit) errors(ctx context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	now, known := v.Twilio.Now()
	if !known {
		now = time.Now()
	}
	all, err := v.Twilio.Alerts(ctx, now.Add(-day))
	if err != nil {
		return untold(err)
	}
	times, newest, codes := map[int]int{}, map[int]time.Time{}, []int{}
	for _, a := range all { // newest first
		if a.Level != "error" && a.Level != "warning" || !v.concerns(a) {
			continue
		}
		if times[a.Code]++; times[a.Code] == 1 {
			codes, newest[a.Code] = append(codes, a.Code), a.At
		}
	}
	if len(codes) == 0 {
		return fine("Twilio's log of the last day has nothing against this station.")
	}
	var says []string
	do := ""
	for _, code := range codes {
		means := meaningOf(code)
		says = append(says, fmt.Sprintf("%s (%d, %s, last at %s)", means.what, code, many(times[code], "time"), newest[code].Local().Format("15:04")))
		do = cmp.Or(do, means.do) // of the newest
	}
	return wrong("Twilio's log of the last day says: "+strings.Join(says, "; ")+".", do)
}

func meaningOf(code int) meaning {
	for _, m := range meanings {
		if m.code == code {
			return m
		}
	}
	return meaning{code, false, "an error without words here", fmt.Sprintf("Read what it means at twilio.com/docs/errors/%d.", code)}
}

// concerns reports whether an alert is about this station: an account may have other
// applications, which fail too.
func (v *visit) concerns(a carrier.Alert) bool {
	if a.URL == "" {
		return meaningOf(a.Code).account
	}
	ours := strings.TrimRight(v.Wish.Public, "/") + "/voice/"
	return v.Wish.Public != "" && strings.HasPrefix(a.URL, ours) || v.Wish.Fallback != "" && strings.HasPrefix(a.URL, v.Wish.Fallback)
}
