package rest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/media"
)

// silent is a telephone that answers and does nothing.
type silent struct{}

func (silent) Pull(*media.Frame) bool { return false }
func (silent) Push(*media.Frame)      {}
func (silent) NeedsAudio() bool       { return false }
func (silent) Ringing(string)         {}
func (silent) Answer()                {}
func (silent) HungUp(exchange.Status) {}
func (silent) Heard(exchange.Event)   {}

type world struct {
	t    *testing.T
	x    *exchange.Exchange
	base string
}

func newServer(t *testing.T) *world {
	x := exchange.New(exchange.Options{
		ListenersNumber: "+12025550100", DialInNumber: "+12025550101",
		Telephone: func(string) (exchange.Party, exchange.Answers) { return silent{}, exchange.AnswersYes },
	})
	s := httptest.NewServer(New(x))
	t.Cleanup(func() { x.Close(); s.Close() })
	return &world{t, x, s.URL}
}

// do makes a request under the account's path and returns status and body.
func (s *world) do(method, path string, form url.Values) (int, map[string]any) {
	s.t.Helper()
	a := s.x.Account()
	req, err := http.NewRequest(method, s.base+"/2010-04-01/Accounts/"+a.Sid+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth(a.Sid, a.AuthToken)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(req)
}

func (s *world) send(req *http.Request) (int, map[string]any) {
	s.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil && !errors.Is(err, io.EOF) {
		s.t.Fatalf("%s: %v", req.URL, err)
	}
	return res.StatusCode, body
}

func (s *world) made(path string, form url.Values) map[string]any {
	s.t.Helper()
	status, body := s.do("POST", path, form)
	if status != http.StatusCreated {
		s.t.Fatalf("POST %s: %d %v", path, status, body)
	}
	return body
}

// wait asks again until the answer will do; what it waits for is another
// goroutine's, which tells nobody here.
func (s *world) wait(path string, ok func(map[string]any) bool) map[string]any {
	s.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		if _, body := s.do("GET", path, nil); ok(body) {
			return body
		}
	}
	s.t.Fatalf("%s never came to be as expected", path)
	return nil
}

func first(list string) func(map[string]any) bool {
	return func(b map[string]any) bool { l, _ := b[list].([]any); return len(l) > 0 }
}

// Every field of twilio-go's structs is in the answers, and fits its type.
func TestFields(t *testing.T) {
	s := newServer(t)
	call := s.made("/Calls.json", url.Values{
		"To": {"+16175550100"}, "From": {"+12025550100"},
		"Twiml": {`<Response><Dial><Conference waitUrl="">c</Conference></Dial></Response>`},
	})
	waiter := s.made("/Calls.json", url.Values{
		"To": {"+16175550101"}, "From": {"+12025550100"}, "Twiml": {`<Response><Enqueue waitUrl="">q</Enqueue></Response>`},
	})
	queue := s.wait("/Queues.json", first("queues"))["queues"].([]any)[0].(map[string]any)
	conf := s.wait("/Conferences.json", first("conferences"))["conferences"].([]any)[0].(map[string]any)
	_, member := s.do("GET", "/Queues/"+queue["sid"].(string)+"/Members/"+waiter["sid"].(string)+".json", nil)
	_, participant := s.do("GET", "/Conferences/"+conf["sid"].(string)+"/Participants/"+call["sid"].(string)+".json", nil)
	_, account := s.do("GET", ".json", nil)
	_, numbers := s.do("GET", "/IncomingPhoneNumbers.json", nil)
	for _, c := range []struct {
		got  map[string]any
		want any
	}{
		{account, &api.ApiV2010Account{}},
		{s.made("/Applications.json", nil), &api.ApiV2010Application{}},
		{numbers["incoming_phone_numbers"].([]any)[0].(map[string]any), &api.ApiV2010IncomingPhoneNumber{}},
		{s.made("/Keys.json", nil), &api.ApiV2010NewKey{}},
		{queue, &api.ApiV2010Queue{}},
		{member, &api.ApiV2010Member{}},
		{call, &api.ApiV2010Call{}},
		{conf, &api.ApiV2010Conference{}},
		{participant, &api.ApiV2010Participant{}},
		{s.made("/Messages.json", url.Values{"To": {"+16175550100"}, "From": {"+12025550100"}, "Body": {"x"}}), &api.ApiV2010Message{}},
		{numbers, &api.ListIncomingPhoneNumberResponse{}},
	} {
		typ := reflect.TypeOf(c.want).Elem()
		for i := range typ.NumField() {
			tag, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if _, ok := c.got[tag]; !ok {
				t.Errorf("%s: %s is missing", typ.Name(), tag)
			}
		}
		b, _ := json.Marshal(c.got)
		if err := json.Unmarshal(b, c.want); err != nil {
			t.Errorf("%s: %v", typ.Name(), err)
		}
		if sid, has := c.got["sid"].(string); has && !regexp.MustCompile(`^[A-Z]{2}[0-9a-f]{32}$`).MatchString(sid) {
			t.Errorf("%s: sid %q", typ.Name(), sid)
		}
		if made, has := c.got["date_created"].(string); has {
			if _, err := time.Parse(time.RFC1123Z, made); err != nil {
				t.Errorf("%s: %v", typ.Name(), err)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	s := newServer(t)
	s.made("/Queues.json", url.Values{"FriendlyName": {"q"}})
	_, numbers := s.do("GET", "/IncomingPhoneNumbers.json", nil)
	number := "/IncomingPhoneNumbers/" + numbers["incoming_phone_numbers"].([]any)[0].(map[string]any)["sid"].(string) + ".json"
	over := "<Response>" + strings.Repeat(" ", 4000) + "</Response>"
	live := s.made("/Calls.json", url.Values{"To": {"+16175550100"}, "From": {"+12025550100"}, "Twiml": {`<Response><Pause length="60"/></Response>`}})["sid"].(string)
	for _, c := range []struct {
		request string
		form    url.Values
		status  int
		code    float64
	}{
		{"GET /Calls/CA0.json", nil, 404, 20404},
		{"POST /Calls/CA0.json", nil, 404, 20404},
		{"GET /Queues/QU0/Members/Front.json", nil, 404, 20404},
		{"GET /Conferences/CF0/Participants.json", nil, 404, 20404},
		{"DELETE /Keys/SK0.json", nil, 404, 20404},
		{"GET /Nothing.json", nil, 404, 20404},
		{"POST /Queues.json", url.Values{"FriendlyName": {"q"}}, 400, 22003},
		{"POST /Queues.json", url.Values{"FriendlyName": {"r"}, "MaxSize": {"5001"}}, 400, 14207},
		{"POST /Queues.json", url.Values{"FriendlyName": {"r"}, "MaxSize": {"many"}}, 400, 20001},
		{"POST /Calls.json", url.Values{"From": {"+12025550100"}}, 400, 21201},
		{"POST /Calls.json", url.Values{"To": {"+16175550100"}}, 400, 21213},
		{"POST /Calls.json", url.Values{"To": {"+16175550100"}, "From": {"+12025550100"}}, 400, 21205},
		{"POST /Calls.json", url.Values{"To": {"+16175550100"}, "From": {"+12025550100"}, "Url": {"/relative"}}, 400, 21205},
		{"POST /Calls/" + live + ".json", url.Values{"Twiml": {over}}, 400, 21626},
		{"POST /Calls/" + live + ".json", url.Values{"Twiml": {"<Response/>"}, "Url": {"http://127.0.0.1/"}}, 400, 21218},
		{"POST /Calls/" + live + ".json", url.Values{"Status": {"paused"}}, 400, 21218},
		{"POST " + number, url.Values{"VoiceUrl": {"ftp://x/"}}, 400, 21205},
		{"POST " + number, url.Values{"VoiceMethod": {"PUT"}}, 400, 21207},
		{"POST /Messages.json", url.Values{"From": {"+12025550100"}, "Body": {"x"}}, 400, 21604},
		{"GET /Queues.json?PageSize=x", nil, 400, 20001},
	} {
		method, path, _ := strings.Cut(c.request, " ")
		status, body := s.do(method, path, c.form)
		if status != c.status || body["code"] != c.code || body["status"] != float64(c.status) || body["message"] == "" || body["more_info"] == "" {
			t.Errorf("%s %v: %d %v, want %d %g", c.request, c.form, status, body, c.status, c.code)
		}
	}
}

func TestWhoMayAsk(t *testing.T) {
	s := newServer(t)
	a := s.x.Account()
	key := s.x.AddKey("k")
	for _, c := range []struct {
		name, user, password, account string
		want                          int
	}{
		{"account", a.Sid, a.AuthToken, a.Sid, 200},
		{"key", key.Sid, key.Secret, a.Sid, 200},
		{"wrong token", a.Sid, key.Secret, a.Sid, 401},
		{"wrong secret", key.Sid, a.AuthToken, a.Sid, 401},
		{"unknown key", "SK0", "", a.Sid, 401},
		{"nobody", "", "", a.Sid, 401},
		{"another account", a.Sid, a.AuthToken, "AC0", 404},
	} {
		req, _ := http.NewRequest("GET", s.base+"/2010-04-01/Accounts/"+c.account+"/Keys.json", nil)
		if c.user != "" {
			req.SetBasicAuth(c.user, c.password)
		}
		status, body := s.send(req)
		if status != c.want || c.want == 401 && body["code"] != 20003.0 {
			t.Errorf("%s: %d %v", c.name, status, body)
		}
	}
	for _, k := range s.x.Keys() {
		if status, body := s.do("GET", "/Keys/"+k.Sid+".json", nil); status != 200 || body["secret"] != nil {
			t.Errorf("a key's secret is shown again: %v", body)
		}
	}
	if status, _ := s.do("DELETE", "/Keys/"+key.Sid+".json", nil); status != 204 {
		t.Errorf("deleting a key: %d", status)
	}
	if _, _, ok := s.x.KeySecret(key.Sid); ok {
		t.Error("a deleted key still opens")
	}
}

// twilio-go walks the pages by itself.
func TestPages(t *testing.T) {
	s := newServer(t)
	for range 7 {
		s.made("/Applications.json", url.Values{"FriendlyName": {"a b&c"}})
	}
	a := s.x.Account()
	c := &client.Client{
		Credentials: client.NewCredentials(a.Sid, a.AuthToken),
		HTTPClient:  &http.Client{Timeout: 5 * time.Second, Transport: detour(strings.TrimPrefix(s.base, "http://"))},
	}
	c.SetAccountSid(a.Sid)
	apps, err := api.NewApiServiceWithClient(c).ListApplication((&api.ListApplicationParams{}).SetPageSize(3).SetFriendlyName("a b&c"))
	if err != nil || len(apps) != 7 {
		t.Fatalf("%d applications, %v", len(apps), err)
	}
	seen := map[string]bool{}
	for _, app := range apps {
		seen[*app.Sid] = true
	}
	if len(seen) != 7 {
		t.Errorf("%d different applications", len(seen))
	}
}

type detour string

func (d detour) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = "http", string(d), string(d)
	return http.DefaultTransport.RoundTrip(r)
}
