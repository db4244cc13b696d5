package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/media"
)

// The telephones of the tests' world: one that answers and says nothing, one
// that answers and speaks a tone, one that is busy and one that nobody answers.
const (
	listeners = "+12025550100"
	quietOne  = "+16175550100"
	toneOne   = "+16175550170"
	busyOne   = "+16175550180"
	noOne     = "+16175550190"
)

// toneHz is what toneOne speaks.
const toneHz = 700

// phone is a telephone that answers; with a tone it speaks.
type phone struct{ tone *media.Tone }

func (p phone) Pull(f *media.Frame) bool { return p.tone != nil && p.tone.Pull(f) }
func (phone) Push(*media.Frame)          {}
func (phone) NeedsAudio() bool           { return false }
func (phone) Ringing(string)             {}
func (phone) Answer()                    {}
func (phone) HungUp(exchange.Status)     {}
func (phone) Heard(exchange.Event)       {}

func telephone(number string) (exchange.Party, exchange.Answers) {
	switch number {
	case quietOne:
		return phone{}, exchange.AnswersYes
	case toneOne:
		return phone{media.NewTone(toneHz, -12)}, exchange.AnswersYes
	case busyOne:
		return phone{}, exchange.AnswersBusy
	}
	return phone{}, exchange.AnswersNo
}

// world is an exchange with its API, and a TwiML application that its calls
// ask.
type world struct {
	t    *testing.T
	x    *exchange.Exchange
	base string
	app  string          // the application's address
	told chan url.Values // what its /told and its /signed are asked
}

func newWorld(t *testing.T) *world {
	t.Helper()
	x := exchange.New(exchange.Options{ListenersNumber: listeners, DialInNumber: "+12025550101", Telephone: telephone})
	mux := http.NewServeMux()
	newer := NewNewer(x)
	mux.Handle("/v1/", newer)
	mux.Handle("/v2/", newer)
	mux.Handle("/v1/AuthTokens/", NewAuthTokens(x))
	mux.Handle("/", described(t, New(x)))
	s := httptest.NewServer(mux)
	told := make(chan url.Values, 100)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/told" && r.ParseForm() == nil {
			told <- r.Form
		}
		if r.URL.Path == "/signed" && r.ParseForm() == nil {
			r.Form.Set("signature", r.Header.Get("X-Twilio-Signature"))
			told <- r.Form
		}
		twimlByPath(w, r)
	}))
	t.Cleanup(func() { x.Close(); s.Close(); app.Close() })
	return &world{t, x, s.URL, app.URL, told}
}

// twimlByPath is an application whose answers are in its paths.
func twimlByPath(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	switch r.URL.Path {
	case "/line":
		fmt.Fprint(w, `<Response><Dial><Conference beep="false" waitUrl="/quiet">line</Conference></Dial></Response>`)
	case "/quiet":
		fmt.Fprint(w, `<Response><Pause length="60"/><Redirect/></Response>`)
	case "/broken":
		w.WriteHeader(http.StatusInternalServerError)
	default:
		fmt.Fprint(w, `<Response/>`)
	}
}

// TwiML of the calls that the tests make.
const (
	holdOn  = `<Response><Pause length="60"/></Response>`
	enqueue = `<Response><Enqueue waitUrl="">q</Enqueue></Response>`
)

func line(attributes string) string {
	return `<Response><Dial><Conference beep="false" waitUrl="" ` + attributes + `>line</Conference></Dial></Response>`
}

// do makes a request under the account's path and returns status and body.
func (w *world) do(method, path string, form url.Values) (int, map[string]any) {
	w.t.Helper()
	return w.ask(method, "/2010-04-01/Accounts/"+w.x.Account().Sid+path, form)
}

// ask makes a request and returns status and body.
func (w *world) ask(method, path string, form url.Values) (int, map[string]any) {
	w.t.Helper()
	a := w.x.Account()
	req, err := http.NewRequest(method, w.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.SetBasicAuth(a.Sid, a.AuthToken)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(req)
}

func (w *world) send(req *http.Request) (int, map[string]any) {
	w.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil && !errors.Is(err, io.EOF) {
		w.t.Fatalf("%s: %v", req.URL, err)
	}
	return res.StatusCode, body
}

func (w *world) made(path string, form url.Values) map[string]any {
	w.t.Helper()
	status, body := w.do("POST", path, form)
	if status != http.StatusCreated {
		w.t.Fatalf("POST %s: %d %v", path, status, body)
	}
	return body
}

// call makes a call that follows TwiML, and returns its SID once it has been
// answered.
func (w *world) call(to, twiml string) string {
	w.t.Helper()
	sid := w.made("/Calls.json", url.Values{"To": {to}, "From": {listeners}, "Twiml": {twiml}})["sid"].(string)
	w.wait("/Calls/"+sid+".json", func(b map[string]any) bool { return b["status"] == "in-progress" })
	return sid
}

// wait asks again until the answer will do; what it waits for is another
// goroutine's, which tells nobody here.
func (w *world) wait(path string, ok func(map[string]any) bool) map[string]any {
	w.t.Helper()
	var body map[string]any
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if _, body = w.do("GET", path, nil); ok(body) {
			return body
		}
	}
	w.t.Fatalf("%s never came to be as expected: %v", path, body)
	return nil
}

// first waits until a list has an item and returns it.
func (w *world) first(path, list string) map[string]any {
	w.t.Helper()
	b := w.wait(path, func(b map[string]any) bool { l, _ := b[list].([]any); return len(l) > 0 })
	return b[list].([]any)[0].(map[string]any)
}

// end completes a call.
func (w *world) end(sid string) {
	w.t.Helper()
	if status, body := w.do("POST", "/Calls/"+sid+".json", url.Values{"Status": {"completed"}}); status != http.StatusOK {
		w.t.Fatal(body)
	}
	w.wait("/Calls/"+sid+".json", func(b map[string]any) bool { return b["status"] == "completed" })
}

// api is unmodified twilio-go, with its requests turned here.
func (w *world) api() *api.ApiService { return api.NewApiServiceWithClient(w.client()) }

func (w *world) client() *client.Client {
	a := w.x.Account()
	c := &client.Client{
		Credentials: client.NewCredentials(a.Sid, a.AuthToken),
		HTTPClient:  &http.Client{Transport: detour(strings.TrimPrefix(w.base, "http://"))},
	}
	c.SetAccountSid(a.Sid)
	return c
}

type detour string

func (d detour) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = "http", string(d), string(d)
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && answer.StatusCode >= 400 { // twilio-go does not close what says why
		var said []byte
		said, err = io.ReadAll(answer.Body)
		answer.Body.Close()
		answer.Body = io.NopCloser(bytes.NewReader(said))
	}
	return answer, err
}
