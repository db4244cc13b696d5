package rest

import (
	"net/url"
	"strings"
	"testing"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// dated are the lists that have filters by date, with something of today in each.
var dated = []struct{ list, key, filter string }{
	{"/Calls.json", "calls", "StartTime"},
	{"/Calls.json", "calls", "EndTime"},
	{"/Conferences.json", "conferences", "DateCreated"},
	{"/Conferences.json", "conferences", "DateUpdated"},
	{"/Messages.json", "messages", "DateSent"},
	{"/Notifications.json", "notifications", "MessageDate"},
	{"/Recordings.json", "recordings", "DateCreated"},
}

// A day is a day in every form that helper libraries send.
func TestDates(t *testing.T) {
	w := newWorld(t)
	sid := w.call(toneOne, line(""))
	w.first("/Conferences.json", "conferences")
	w.made("/Calls/"+sid+"/Recordings.json", nil)
	w.end(sid)
	w.made("/Messages.json", url.Values{"From": {listeners}, "To": {quietOne}, "Body": {"x"}})
	w.made("/Calls.json", url.Values{"To": {quietOne}, "From": {listeners}, "Url": {w.app + "/broken"}})
	w.first("/Notifications.json", "notifications")
	now := time.Now().UTC()
	today, day := now.Truncate(24*time.Hour), 24*time.Hour
	for _, c := range []struct {
		source, filter string
		shown          bool
	}{
		{"Twilio docs: Call", "=" + today.Format(time.DateOnly), true},
		{"Twilio docs: Call", "=" + today.Add(-day).Format(time.DateOnly), false},
		{"Twilio docs: Call (as twilio-node and python-twilio send a day)", "=" + today.Format("2006-01-02T15:04:05Z"), true},
		{"Twilio docs: Call (the same)", "=" + today.Add(-day).Format("2006-01-02T15:04:05Z"), false},
		{"Twilio docs: Call (as twilio-go sends a day)", "=" + today.Add(day-time.Second).Format(time.RFC3339), true},
		{"Twilio docs: Call (days are in UTC)", "=" + today.In(time.FixedZone("", 3600)).Format(time.RFC3339), true},
		{"inferred", "=" + today.Format("Mon, 02 Jan 2006 15:04:05 +0000"), true},
		{"inferred", "=" + today.Add(-day).Format("Mon, 2 Jan 2006 15:04:05 +0000"), false},
		{"Twilio docs: Call", ">=" + today.Format(time.DateOnly), true}, // the name ends in >
		{"Twilio docs: Call", ">=" + today.Add(day).Format("2006-01-02T15:04:05Z"), false},
		{"Twilio docs: Call (its = written as a name's)", ">==" + today.Add(day).Format(time.DateOnly), false},
		{"Twilio docs: Call", "<=" + today.Format("2006-01-02T15:04:05Z"), false},
		{"Twilio docs: Call", "<=" + today.Add(day).Format("2006-01-02T15:04:05Z"), true},
		{"Twilio docs: Call (its = written as a name's)", "<==" + today.Format(time.DateOnly), false},
		{"inferred", ">=" + now.Add(time.Hour).Format(time.RFC3339), false},
	} {
		for _, l := range dated {
			i := strings.LastIndex(c.filter, "=")
			path := l.list + "?" + url.Values{l.filter + c.filter[:i]: {c.filter[i+1:]}}.Encode()
			status, body := w.do("GET", path, nil)
			items, _ := body[l.key].([]any)
			if status != 200 || len(items) > 0 != c.shown {
				t.Errorf("%s: %d with %d items, want some: %v (%s)", path, status, len(items), c.shown, c.source)
			}
		}
	}
	for _, l := range dated {
		if status, body := w.do("GET", l.list+"?"+l.filter+"=soon", nil); status != 400 || body["code"] != 20001.0 {
			t.Errorf("%s: %d %v", l.filter, status, body)
		}
	}
	// Of usage a day is asked for too.
	if _, body := w.do("GET", "/Usage/Records/Daily.json?Category=calls&StartDate="+today.Add(-day).Format("2006-01-02T15:04:05Z"), nil); len(body["usage_records"].([]any)) != 2 {
		t.Errorf("usage: %v", body)
	}
	// By twilio-go, whose days are times.
	calls, err := w.api().ListCall((&api.ListCallParams{}).SetStartTime(today))
	if err != nil || len(calls) == 0 {
		t.Errorf("twilio-go: %d calls, %v", len(calls), err)
	}
}
