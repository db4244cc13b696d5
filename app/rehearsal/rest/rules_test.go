package rest

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// rule is one line of the specification that this stand-in keeps: what is
// asked, what is answered, and who says so. The source is a page of Twilio's
// documentation, "Twilio errors" for its dictionary of error codes, "Twilio
// OpenAPI", or "inferred" where nobody outside Twilio can know.
type rule struct {
	source string
	ask    string // "METHOD /path" below the account, or from /v1/ or /v2/ on
	form   string // as a query is written
	status int
	// want are fields of the answer: name=value, name=null, name=* for any, or
	// list#n for how many items a list has.
	want string
	// as keeps the answer's sid under a name, which {name} in what follows means.
	as string
}

// keep follows the rules in their order, in a world of their own.
func keep(t *testing.T, rules []rule, prepare func(*world) map[string]string) {
	t.Helper()
	w := newWorld(t)
	names := map[string]string{}
	if prepare != nil {
		names = prepare(w)
	}
	names["app"] = w.app
	for i, r := range rules {
		if r.source == "" {
			t.Errorf("rule %d has no source", i)
		}
		method, path, _ := strings.Cut(put(names, r.ask), " ")
		form, err := url.ParseQuery(put(names, r.form))
		if err != nil {
			t.Fatal(err)
		}
		newer := strings.HasPrefix(path, "/v1/") || strings.HasPrefix(path, "/v2/") // not below the account
		if !newer {
			path = "/2010-04-01/Accounts/" + w.x.Account().Sid + path
		}
		status, body := w.ask(method, path, form)
		if status != r.status {
			t.Errorf("%s %s: %d %v, want %d (%s)", r.ask, r.form, status, body, r.status, r.source)
			continue
		}
		if status == 404 { // Twilio errors: 20404, whose message says the whole path
			asked, _, _ := strings.Cut(path, "?")
			if want := "The requested resource " + asked + " was not found"; body["message"] != want {
				t.Errorf("%s: %v, want %s", r.ask, body["message"], want)
			}
		}
		if status >= 400 {
			for _, name := range []string{"message", "more_info"} {
				if s, _ := body[name].(string); s == "" {
					t.Errorf("%s: an error without %s: %v", r.ask, name, body)
				}
			}
			if body["status"] != float64(status) {
				t.Errorf("%s: status %v in the body of a %d", r.ask, body["status"], status)
			}
		}
		for _, want := range strings.Fields(put(names, r.want)) {
			if got := unlike(body, want); got != "" {
				t.Errorf("%s %s: %s, want %s (%s)", r.ask, r.form, got, want, r.source)
			}
		}
		if r.as != "" {
			names[r.as], _ = body["sid"].(string)
			if sid, is := body["call_sid"].(string); is && names[r.as] == "" {
				names[r.as] = sid
			}
		}
	}
}

var nameInBraces = regexp.MustCompile(`\{\w+\}`)

func put(names map[string]string, s string) string {
	return nameInBraces.ReplaceAllStringFunc(s, func(m string) string { return names[m[1:len(m)-1]] })
}

// unlike says what an answer has instead of what is wanted; empty if it is as
// wanted.
func unlike(body map[string]any, want string) string {
	if list, n, is := strings.Cut(want, "#"); is {
		items, _ := body[list].([]any)
		if fmt.Sprint(len(items)) != n {
			return fmt.Sprintf("%d items", len(items))
		}
		return ""
	}
	name, value, _ := strings.Cut(want, "=")
	got, has := body[name]
	text := fmt.Sprint(got)
	if got == nil {
		text = "null"
	}
	text = strings.ReplaceAll(text, " ", "+")
	switch {
	case !has:
		return "no " + name
	case value == "*" && got != nil, text == value:
		return ""
	}
	return name + " " + text
}

func TestWhoMayAsk(t *testing.T) {
	w := newWorld(t)
	a := w.x.Account()
	key := w.x.AddKey("k")
	account := "/" + a.Sid
	for _, c := range []struct {
		name, user, password, path string
		want                       int
	}{
		{"account", a.Sid, a.AuthToken, account + "/Keys", 200},
		{"account", a.Sid, a.AuthToken, account, 200},
		{"key", key.Sid, key.Secret, account + "/Calls", 200},
		{"key", key.Sid, key.Secret, account + "/Balance", 200},
		{"Standard key, of keys", key.Sid, key.Secret, account + "/Keys", 401}, // Twilio docs: Key
		{"Standard key, of itself", key.Sid, key.Secret, account + "/Keys/" + key.Sid, 401},
		{"Standard key, of its account", key.Sid, key.Secret, account, 401},
		{"Standard key, of accounts", key.Sid, key.Secret, "", 401},
		{"wrong token", a.Sid, key.Secret, account + "/Calls", 401},
		{"wrong secret", key.Sid, a.AuthToken, account + "/Calls", 401},
		{"unknown key", "SK0", "", account + "/Calls", 401},
		{"nobody", "", "", account + "/Calls", 401},
		{"another account", a.Sid, a.AuthToken, "/AC0/Calls", 404},
	} {
		for _, end := range []string{".json", ""} {
			req, _ := http.NewRequest("GET", w.base+"/2010-04-01/Accounts"+c.path+end, nil)
			if c.user != "" {
				req.SetBasicAuth(c.user, c.password)
			}
			status, body := w.send(req)
			if status != c.want || c.want == 401 && body["code"] != 20003.0 {
				t.Errorf("%s: %d %v", c.name, status, body)
			}
		}
	}
	if status, _ := w.do("DELETE", "/Keys/"+key.Sid+".json", nil); status != 204 {
		t.Errorf("deleting a key: %d", status)
	}
	if _, _, ok := w.x.KeySecret(key.Sid); ok {
		t.Error("a deleted key still opens")
	}
}

func TestRulesOfPaths(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Requests", "GET ", "", 200, "status=active type=Full sid=*", ""},
		{"Twilio docs: Account", "POST .json", "FriendlyName=Radio", 200, "friendly_name=Radio", ""},
		{"inferred", "POST .json", "Status=closed", 400, "code=20001", ""},
		{"Twilio docs: Requests", "GET /Calls", "", 200, "calls#0 page=0 page_size=50 start=0 end=0 next_page_uri=null previous_page_uri=null uri=* first_page_uri=*", ""},
		{"Twilio errors: 20404", "GET /Nothing.json", "", 404, "code=20404", ""},
		{"Twilio errors: 20404", "GET /Calls/CA0/Nothing.json", "", 404, "code=20404", ""},
		{"Twilio errors: 20004", "PUT /Calls.json", "", 405, "code=20004", ""},
		{"Twilio errors: 20004", "DELETE /Queues.json", "", 405, "code=20004", ""},
		{"Twilio errors: 20004", "POST /Conferences.json", "", 405, "code=20004", ""},
		{"Twilio docs: Requests", "GET /Queues.json?PageSize=2000&NoSuchFilter=x", "", 200, "page_size=1000", ""},
		{"inferred", "GET /Queues.json?PageSize=x", "", 400, "code=20001", ""},
		{"inferred", "GET /Queues.json?Page=-1", "", 400, "code=20001", ""},
	}, nil)
}

func TestRulesOfQueues(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Queue", "POST /Queues.json", "FriendlyName=a&Unknown=1", 201, "friendly_name=a max_size=1000 current_size=0 average_wait_time=0 sid=* date_created=*", "a"},
		{"Twilio docs: Queue", "POST /Queues.json", "FriendlyName=b&MaxSize=5000", 201, "max_size=5000", "b"},
		{"Twilio errors: 22003", "POST /Queues.json", "FriendlyName=a", 400, "code=22003", ""},
		{"inferred", "POST /Queues.json", "", 400, "code=22000", ""},
		{"Twilio docs: Queue (64 characters)", "POST /Queues.json", "FriendlyName=" + strings.Repeat("x", 65), 400, "code=22000", ""},
		{"Twilio docs: Queue (5000 at most; 14207 is a queue that is full, the code is inferred)", "POST /Queues.json", "FriendlyName=c&MaxSize=5001", 400, "code=20001", ""},
		{"inferred", "POST /Queues/{a}.json", "MaxSize=5001", 400, "code=20001", ""},
		{"inferred", "POST /Queues.json", "FriendlyName=c&MaxSize=many", 400, "code=20001", ""},
		{"Twilio docs: Queue", "GET /Queues.json", "", 200, "queues#3", ""},
		{"Twilio docs: Queue", "GET /Queues/{a}.json", "", 200, "sid={a}", ""},
		{"Twilio docs: Queue", "POST /Queues/{a}.json", "FriendlyName=z&MaxSize=7", 200, "friendly_name=z max_size=7", ""},
		{"Twilio errors: 22003", "POST /Queues/{a}.json", "FriendlyName=b", 400, "code=22003", ""},
		{"Twilio docs: Queue", "DELETE /Queues/{b}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "GET /Queues/{b}.json", "", 404, "code=20404", ""},
		{"Twilio errors: 20404", "DELETE /Queues/{b}.json", "", 404, "code=20404", ""},
		{"Twilio docs: Member", "GET /Queues/{q}/Members.json", "", 200, "queue_members#2", ""},
		{"Twilio docs: Member", "GET /Queues/{q}/Members/{first}.json", "", 200, "position=1 call_sid={first} queue_sid={q} wait_time=0 date_enqueued=*", ""},
		{"Twilio docs: Member", "GET /Queues/{q}/Members/Front.json", "", 200, "call_sid={first}", ""},
		{"Twilio docs: Member (Url is required)", "POST /Queues/{q}/Members/{second}.json", "", 400, "code=21205", ""},
		{"Twilio errors: 21205", "POST /Queues/{q}/Members/{second}.json", "Url=/relative", 400, "code=21205", ""},
		{"Twilio errors: 21209", "POST /Queues/{q}/Members/{second}.json", "Url={app}/quiet&Method=PUT", 400, "code=21209", ""},
		{"Twilio docs: Member", "POST /Queues/{q}/Members/{second}.json", "Url={app}/quiet&Method=post", 200, "call_sid={second} position=2", ""},
		{"inferred", "POST /Queues/{q}/Members/{second}.json", "Url={app}/quiet", 404, "code=20404", ""},
		{"inferred", "DELETE /Queues/{q}.json", "", 400, "code=22004", ""},
		{"Twilio docs: Member", "POST /Queues/{q}/Members/Front.json", "Url={app}/quiet", 200, "call_sid={first}", ""},
		{"inferred", "GET /Queues/{q}/Members/Front.json", "", 404, "code=20404", ""},
		{"Twilio docs: Queue", "DELETE /Queues/{q}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "GET /Queues/{q}/Members.json", "", 404, "code=20404", ""},
	}, func(w *world) map[string]string {
		first := w.call(quietOne, enqueue)
		q := w.first("/Queues.json", "queues")["sid"].(string)
		w.first("/Queues/"+q+"/Members.json", "queue_members")
		second := w.call(quietOne, enqueue)
		w.wait("/Queues/"+q+"/Members/"+second+".json", func(b map[string]any) bool { return b["position"] == 2.0 })
		// The rules make and count queues of their own.
		w.x.UpdateQueue(q, "the full one", 0)
		return map[string]string{"q": q, "first": first, "second": second}
	})
}

const (
	fromTo = "From=%2B12025550100&To=%2B16175550100"
	pause  = "Twiml=%3CResponse%3E%3CPause+length%3D%2260%22%2F%3E%3C%2FResponse%3E"
)

func TestRulesOfCalls(t *testing.T) {
	long := "%3CResponse%3E" + strings.Repeat("+", 4000) + "%3C/Response%3E"
	keep(t, []rule{
		{"Twilio errors: 21201", "POST /Calls.json", "From=%2B12025550100", 400, "code=21201", ""},
		{"Twilio errors: 21213", "POST /Calls.json", "To=%2B16175550100", 400, "code=21213", ""},
		{"Twilio errors: 21211", "POST /Calls.json", "From=%2B12025550100&To=nobody&" + pause, 400, "code=21211", ""},
		{"Twilio errors: 21212", "POST /Calls.json", "From=me&To=%2B16175550100&" + pause, 400, "code=21212", ""},
		{"Twilio errors: 21210", "POST /Calls.json", "From=%2B16175550100&To=%2B16175550100&" + pause, 400, "code=21210", ""},
		{"Twilio docs: Call (From is a number if To is)", "POST /Calls.json", "From=client:ana&To=%2B16175550100&" + pause, 400, "code=21212", ""},
		{"Twilio errors: 21205", "POST /Calls.json", fromTo, 400, "code=21205", ""},
		{"Twilio errors: 21205", "POST /Calls.json", fromTo + "&Url=/relative", 400, "code=21205", ""},
		{"Twilio errors: 21209", "POST /Calls.json", fromTo + "&Url={app}/quiet&Method=PUT", 400, "code=21209", ""},
		{"Twilio errors: 21209", "POST /Calls.json", fromTo + "&Url={app}/quiet&StatusCallbackMethod=PUT", 400, "code=21209", ""},
		{"Twilio OpenAPI (GET or POST)", "POST /Calls/{live}/UserDefinedMessageSubscriptions.json", "Callback={app}/told&Method=PUT", 400, "code=21209", ""},
		{"Twilio docs: Call (600 s)", "POST /Calls.json", fromTo + "&Timeout=601&" + pause, 400, "code=20001", ""},
		{"Twilio errors: 21206", "POST /Calls.json", fromTo + "&SendDigits=12a&" + pause, 400, "code=21206", ""},
		{"Twilio errors: 21206", "POST /Calls.json", fromTo + "&SendDigits=1,2&" + pause, 400, "code=21206", ""},
		{"Twilio OpenAPI (32 at most)", "POST /Calls.json", fromTo + "&SendDigits=" + strings.Repeat("1", 33) + "&" + pause, 400, "code=21206", ""},
		{"Twilio errors: 21206", "POST /Calls.json", fromTo + "&SendDigits=" + strings.Repeat("w", 14) + "0123456789ABCD*%23wW&" + pause, 201, "status=queued", ""},
		{"Twilio docs: Call (4000 characters)", "POST /Calls.json", fromTo + "&Twiml=" + long, 400, "code=21626", ""},
		{"Twilio docs: Call", "POST /Calls.json", fromTo + "&ApplicationSid=AP0", 400, "code=21218", ""},
		{"Twilio docs: Call (Twiml is ignored)", "POST /Calls.json", fromTo + "&Url={app}/quiet&" + pause, 201, "status=queued direction=outbound-api to=+16175550100", "both"},
		{"Twilio docs: Call", "POST /Calls.json", fromTo + "&CallerId=%2B12025550101&MachineDetection=Enable&SendDigits=1&Record=true&" + pause, 201, "from=+12025550101 from_formatted=(202)+555-0101 start_time=null duration=null", "all"},
		{"Twilio docs: Call", "POST /Calls.json", "From=%2B12025550100&To=client:ana&Timeout=5&" + pause, 201, "to=client:ana to_formatted=client:ana", "client"},
		{"Twilio docs: Call", "GET /Calls/{live}.json", "", 200, "status=in-progress start_time=* end_time=null price=null price_unit=USD duration=null api_version=2010-04-01", ""},
		{"Twilio docs: Call", "GET /Calls/{done}.json", "", 200, "status=completed end_time=* duration=1 price=-0.01400", ""},
		{"Twilio docs: Call", "GET /Calls/{busy}.json", "", 200, "status=busy duration=0 start_time=null", ""},
		{"Twilio errors: 20404", "GET /Calls/CA0.json", "", 404, "code=20404", ""},
		{"Twilio errors: 20404", "POST /Calls/CA0.json", "Status=completed", 404, "code=20404", ""},
		{"Twilio docs: Call", "GET /Calls.json?Status=busy", "", 200, "calls#1", ""},
		{"Twilio docs: Call", "GET /Calls.json?To=%2B16175550180&From=%2B12025550100", "", 200, "calls#1", ""},
		{"Twilio docs: Call", "GET /Calls.json?ParentCallSid={live}", "", 200, "calls#0", ""},
		{"inferred", "GET /Calls.json?Status=gone", "", 400, "code=20001", ""},
		{"Twilio docs: Call", "GET /Calls.json?Status=completed&EndTime={today}", "", 200, "calls#1", ""},
		{"Twilio docs: Call", "GET /Calls.json?Status=completed&EndTime%3C={today}", "", 200, "calls#0", ""},
		{"Twilio docs: Call", "GET /Calls.json?Status=completed&EndTime%3E={today}", "", 200, "calls#1", ""},
		{"Twilio docs: Call", "GET /Calls.json?Status=completed&StartTime%3E={today}&StartTime%3C={tomorrow}T00:00:00Z", "", 200, "calls#1", ""},
		{"Twilio docs: Call", "GET /Calls.json?StartTime={tomorrow}", "", 200, "calls#0", ""},
		{"inferred", "GET /Calls.json?StartTime=soon", "", 400, "code=20001", ""},
		{"Twilio docs: Call", "POST /Calls/{live}.json", "TimeLimit=600&FallbackUrl={app}/quiet&StatusCallback={app}/told", 200, "sid={live} status=in-progress", ""},
		{"inferred", "POST /Calls/{live}.json", "Twiml=%3CResponse/%3E&Url={app}/quiet", 400, "code=21218", ""},
		{"Twilio docs: Call (4000 characters)", "POST /Calls/{live}.json", "Twiml=" + long, 400, "code=21626", ""},
		{"inferred", "POST /Calls/{live}.json", "Status=paused", 400, "code=21218", ""},
		{"inferred", "POST /Calls/{live}.json", "TimeLimit=soon", 400, "code=20001", ""},
		{"Twilio docs: Call (canceled only before the answer)", "POST /Calls/{live}.json", "Status=canceled", 400, "code=21220", ""},
		{"inferred", "DELETE /Calls/{live}.json", "", 409, "code=20009", ""},
		{"Twilio docs: Call", "POST /Calls/{ringing}.json", "Status=canceled", 200, "status=canceled", ""},
		{"Twilio docs: Call", "POST /Calls/{live}.json", "Status=completed", 200, "status=completed", ""},
		{"Twilio errors: 21220", "POST /Calls/{live}.json", "Url={app}/quiet", 400, "code=21220", ""},
		{"Twilio docs: Call", "DELETE /Calls/{live}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "GET /Calls/{live}.json", "", 404, "code=20404", ""},
		{"Twilio docs: Call Events", "GET /Calls/{done}/Events.json", "", 200, "events#2", ""}, // made and completed
		{"Twilio errors: 20404", "GET /Calls/CA0/Events.json", "", 404, "code=20404", ""},
		{"Twilio docs: Notification", "GET /Calls/{done}/Notifications.json", "", 200, "notifications#0", ""},
		{"Twilio errors: 20404", "GET /Calls/{done}/Notifications/NO0.json", "", 404, "code=20404", ""},
	}, func(w *world) map[string]string {
		live, done := w.call(quietOne, holdOn), w.call(quietOne, holdOn)
		w.end(done)
		busy := w.made("/Calls.json", url.Values{"From": {listeners}, "To": {busyOne}, "Twiml": {holdOn}})["sid"].(string)
		w.wait("/Calls/"+busy+".json", func(b map[string]any) bool { return b["status"] == "busy" })
		ringing := w.made("/Calls.json", url.Values{"From": {listeners}, "To": {noOne}, "Twiml": {holdOn}})["sid"].(string)
		w.wait("/Calls/"+ringing+".json", func(b map[string]any) bool { return b["status"] == "ringing" })
		return days(map[string]string{"live": live, "done": done, "busy": busy, "ringing": ringing})
	})
}
