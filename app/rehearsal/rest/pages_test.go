package rest

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/exchange"
)

// A list that grows at its head while it is read is read without a gap and
// without seeing anything twice, back again too.
func TestPages(t *testing.T) {
	w := newWorld(t)
	var sids []string
	ring := func() {
		sids = append(sids, w.made("/Calls.json", url.Values{"From": {listeners}, "To": {noOne}, "Twiml": {holdOn}})["sid"].(string))
	}
	for range 7 {
		ring()
	}
	seen := []string{}
	previous := ""
	path := "/2010-04-01/Accounts/" + w.x.Account().Sid + "/Calls.json?PageSize=3&From=" + url.QueryEscape(listeners)
	for page := 0; path != ""; page++ {
		status, body := w.ask("GET", path, nil)
		if status != 200 || body["page"] != float64(page) || body["start"] != float64(3*page) {
			t.Fatalf("%s: %d %v", path, status, body)
		}
		for _, c := range body["calls"].([]any) {
			seen = append(seen, c.(map[string]any)["sid"].(string))
		}
		if page == 1 {
			previous = body["previous_page_uri"].(string)
		}
		path, _ = body["next_page_uri"].(string)
		ring() // at the head of the list
	}
	want := []string{sids[6], sids[5], sids[4], sids[3], sids[2], sids[1], sids[0]}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("saw %v, want %v", seen, want)
	}
	_, body := w.ask("GET", previous, nil)
	if first := body["calls"].([]any)[0].(map[string]any)["sid"]; first != sids[6] {
		t.Errorf("the page before begins with %v", first)
	}
	if at := body["first_page_uri"].(string); at != "/2010-04-01/Accounts/"+w.x.Account().Sid+"/Calls.json?From=%2B12025550100&PageSize=3&Page=0" {
		t.Error(at)
	}
}

// shrinking are lists that items are taken out of while they are read, page by
// page: whatever goes, nothing that stays is left out and nothing comes twice.
var shrinking = []struct {
	path, key, id string
	make          func(w *world, i int) string // an item, and returns its id
	remove        func(w *world, id string)
}{
	{
		"/Queues.json", "queues", "sid",
		func(w *world, i int) string {
			return w.made("/Queues.json", url.Values{"FriendlyName": {fmt.Sprint(i)}})["sid"].(string)
		}, func(w *world, id string) { w.gone("/Queues/" + id + ".json") },
	},
	{
		"/Keys.json", "keys", "sid",
		func(w *world, _ int) string { return w.made("/Keys.json", nil)["sid"].(string) },
		func(w *world, id string) { w.gone("/Keys/" + id + ".json") },
	},
	{
		"/Messages.json", "messages", "sid",
		func(w *world, _ int) string {
			return w.made("/Messages.json", url.Values{"From": {listeners}, "To": {quietOne}, "Body": {"x"}})["sid"].(string)
		}, func(w *world, id string) { w.gone("/Messages/" + id + ".json") },
	},
	{
		"/Calls.json", "calls", "sid",
		func(w *world, _ int) string { sid := w.call(quietOne, holdOn); w.end(sid); return sid },
		func(w *world, id string) { w.gone("/Calls/" + id + ".json") },
	},
	{
		"/Queues/{q}/Members.json", "queue_members", "call_sid",
		func(w *world, _ int) string { return w.waiting() },
		func(w *world, id string) { w.x.HangUp(id) }, // between two pages
	},
	{
		"/Conferences/{c}/Participants.json", "participants", "call_sid",
		func(w *world, i int) string {
			form := url.Values{"From": {listeners}, "To": {noOne}}
			if i%2 == 0 { // who is in, between those who are rung
				form.Set("To", quietOne)
			}
			sid := w.made("/Conferences/line/Participants.json", form)["call_sid"].(string)
			w.wait("/Calls/"+sid+".json", func(b map[string]any) bool { return b["status"] != "queued" })
			return sid
		}, func(w *world, id string) { w.x.HangUp(id) },
	},
	{
		"/AvailablePhoneNumbers/US/Local.json", "available_phone_numbers", "phone_number",
		func(w *world, i int) string {
			for _, s := range w.x.ForSale("US", exchange.Local) { // nine of the sixty are left
				a := s.Number
				if n := a[len(a)-1]; a[:5] != "+1206" || n == '0' {
					w.made("/IncomingPhoneNumbers.json", url.Values{"PhoneNumber": {a}})
				}
			}
			return fmt.Sprintf("+1206555015%d", i+1)
		},
		func(w *world, id string) { w.made("/IncomingPhoneNumbers.json", url.Values{"PhoneNumber": {id}}) },
	},
}

func TestPagesOfWhatGoes(t *testing.T) {
	for _, c := range shrinking {
		t.Run(c.key, func(t *testing.T) {
			w := newWorld(t)
			var all []string
			for i := range 9 {
				all = append(all, c.make(w, i))
			}
			path := "/2010-04-01/Accounts/" + w.x.Account().Sid + put(w.lists(), c.path) + "?PageSize=3"
			seen := []string{}
			for page := 0; path != ""; page++ {
				status, body := w.ask("GET", path, nil)
				if status != 200 {
					t.Fatalf("%s: %d %v", path, status, body)
				}
				path, _ = body["next_page_uri"].(string)
				var ids []string
				for _, o := range body[c.key].([]any) {
					ids = append(ids, o.(map[string]any)[c.id].(string))
				}
				seen = append(seen, ids...)
				switch page {
				case 0: // all of the page goes, its token's item too
					for _, id := range ids {
						c.remove(w, id)
					}
				case 1: // the token's item alone
					c.remove(w, ids[len(ids)-1])
				}
			}
			slices.Sort(all)
			slices.Sort(seen)
			if !slices.Equal(seen, all) {
				t.Errorf("saw %d of %d:\n%v\n%v", len(seen), len(all), seen, all)
			}
		})
	}
}

// twilio-go's own walk through a list from which each item is deleted as it
// comes.
func TestStreamOfWhatGoes(t *testing.T) {
	w := newWorld(t)
	c := w.api()
	want := map[string]bool{}
	for i := range 9 {
		want[w.made("/Queues.json", url.Values{"FriendlyName": {fmt.Sprint(i)}})["sid"].(string)] = true
	}
	queues, failed := c.StreamQueue((&api.ListQueueParams{}).SetPageSize(2))
	for q := range queues {
		if !want[*q.Sid] {
			t.Errorf("%s came twice", *q.Sid)
		}
		delete(want, *q.Sid)
		if err := c.DeleteQueue(*q.Sid, nil); err != nil {
			t.Error(err)
		}
	}
	if err := <-failed; err != nil {
		t.Error(err)
	}
	if len(want) != 0 {
		t.Errorf("left out: %v", want)
	}
	first, err := c.ListCall((&api.ListCallParams{}).SetPageSize(2).SetLimit(3))
	if err != nil || len(first) != 0 {
		t.Errorf("%v %v", first, err)
	}
}

func TestRulesOfPages(t *testing.T) {
	keep(t, []rule{
		{"Twilio errors: 21481", "GET /Keys.json?PageSize=1&Page=1&PageToken=PA{key}", "", 200, "keys#0", ""},
		{"Twilio errors: 21481", "GET /Keys.json?PageSize=1&Page=1&PageToken=nonsense", "", 400, "code=21481", ""},
		{"Twilio errors: 21481", "GET /Keys.json?PageSize=1&Page=1&PageToken=PA", "", 400, "code=21481", ""},
		{"Twilio errors: 21481", "GET /Keys.json?PageSize=1&Page=1&PageToken=PASK00000000000000000000000000000000", "", 400, "code=21481", ""},
		{"inferred", "GET /Queues.json?PageToken=PA{key}", "", 400, "code=21481", ""},
		{"inferred", "GET /Usage/Records.json?PageToken=PA{key}", "", 400, "code=21481", ""},
		{"inferred", "GET /AvailablePhoneNumbers/US/Local.json?PageToken=PA{key}", "", 400, "code=21481", ""},
		{"inferred", "GET /Calls/{call}/Streams.json?PageToken=PA{key}", "", 400, "code=21481", ""},
	}, func(w *world) map[string]string {
		call := w.made("/Calls.json", url.Values{"From": {listeners}, "To": {quietOne}, "Twiml": {holdOn}})["sid"].(string)
		return map[string]string{"key": w.made("/Keys.json", nil)["sid"].(string), "call": call}
	})
}

// gone deletes.
func (w *world) gone(path string) {
	w.t.Helper()
	if status, body := w.do("DELETE", path, nil); status != 204 {
		w.t.Fatalf("DELETE %s: %d %v", path, status, body)
	}
}

// waiting is a call that waits in the queue.
func (w *world) waiting() string {
	w.t.Helper()
	sid := w.call(quietOne, enqueue)
	q := w.first("/Queues.json", "queues")["sid"].(string)
	w.wait("/Queues/"+q+"/Members/"+sid+".json", func(b map[string]any) bool { return b["call_sid"] == sid })
	return sid
}

// lists are the SIDs that the paths of lists have in them.
func (w *world) lists() map[string]string {
	names := map[string]string{}
	for name, of := range map[string]string{"q": "Queues", "c": "Conferences"} {
		_, body := w.do("GET", "/"+of+".json", nil)
		for _, key := range []string{"queues", "conferences"} {
			if l, _ := body[key].([]any); len(l) > 0 {
				names[name] = l[0].(map[string]any)["sid"].(string)
			}
		}
	}
	return names
}
