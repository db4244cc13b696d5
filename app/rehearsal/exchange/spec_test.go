package exchange

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/rehearsal/media"
)

// The tables of this package's tests are a specification. Each row has its
// source: a page of Twilio's documentation by its title ("Twilio docs: Dial"),
// "dictionary" for Twilio's error dictionary, or "inferred", for what the
// documentation leaves open.
//
// Time is a bubble's, so that a row takes as long as it says in no time at all,
// and comes out the same each time. What somebody hears is written with the
// second it begins at: "0.0 say Hello".
type row struct {
	name   string
	source string
	pages  map[string]string // TwiML by path; /in is for who rings, /fallback the number's fallback if there is one
	pace   int               // of speech
	caller script
	others map[string]script // who can be rung, by number or client:identity
	rest   func(w *world)    // what else happens, while the caller is there
	until  time.Duration     // the caller hangs up then, if still there; 5 minutes if 0
	heard  string            // by the caller, and its end, divided by |
	asked  string            // after /in: paths with some of their parameters, divided by |
	alerts []int
}

// script is what somebody does at the far end of a call.
type script struct {
	keys    string        // pressed from the answer on, one each tenth of a second; a w waits for a second
	tone    float64       // Hz, spoken from the answer on
	speaks  time.Duration // for how long; 0 is for ever
	answers Answers       // of a telephone
	after   time.Duration // until a softphone decides
	decides Status        // InProgress is to accept
	live    bool          // needs to be sent what it hears
	says    []string      // where speech is recognised
	presses string        // keys, just as it begins to speak
	told    time.Duration // until a softphone has been told that it is called
	dials   bool          // is a Dialler, and writes down what it is told
}

// person follows a script.
type person struct {
	*world
	script
	ear    *media.Ear
	mu     sync.Mutex
	sid    string
	source *media.Tone
	since  time.Time
	over   bool
	log    []string
}

type world struct {
	t     *testing.T
	x     *Exchange
	began time.Time
	row   row
	mu    sync.Mutex
	asked []*http.Request
	met   map[string]*person // who was rung, or rang too
	me    *person
}

func check(t *testing.T, rows []row) {
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { r.run(t) })
		})
	}
}

const applications = "http://127.0.0.1:1"

func (r row) run(t *testing.T) {
	w := &world{t: t, row: r, began: time.Now(), met: map[string]*person{}}
	w.x = New(Options{ListenersNumber: "+12025550100", DialInNumber: "+12025550101", Telephone: w.telephone, Softphone: w.softphone, Pace: r.pace})
	w.x.client = &http.Client{Transport: w, CheckRedirect: w.x.client.CheckRedirect}
	w.x.numbers[0].VoiceURL = applications + "/in"
	if r.pages["/fallback"] != "" {
		w.x.numbers[0].FallbackURL = applications + "/fallback"
	}
	w.me = w.person("caller", r.caller)
	var me Party = w.me
	if r.caller.dials {
		me = dialling{w.me}
	}
	sid, err := w.x.Ring("+12065550123", "+12025550100", "", me)
	if err != nil {
		t.Fatal(err)
	}
	w.me.mu.Lock()
	w.me.sid = sid
	w.me.mu.Unlock()
	if r.rest != nil {
		r.rest(w)
	}
	if r.until == 0 {
		r.until = 5 * time.Minute
	}
	time.Sleep(r.until - time.Since(w.began))
	w.x.HangUp(sid)
	synctest.Wait()
	w.x.Close()
	time.Sleep(time.Minute) // for what is still waiting, to see that nothing is
	synctest.Wait()
	if got := strings.Join(w.me.log, " | "); got != r.heard {
		t.Errorf("heard\n%s\nnot\n%s", got, r.heard)
	}
	w.checkAsked(r.asked)
	var codes []int
	for _, a := range w.x.Alerts() {
		codes = append(codes, a.Code)
	}
	if !slices.Equal(codes, r.alerts) {
		t.Errorf("alerts %+v, not %v", w.x.Alerts(), r.alerts)
	}
}

func (w *world) checkAsked(want string) {
	var all []string
	asked := w.asked
	if len(asked) > 0 && asked[0].URL.Path == "/in" {
		asked = asked[1:]
	}
	// Documents and callbacks do not wait for one another: order counts within a path.
	asked = slices.DeleteFunc(slices.Clone(asked), func(r *http.Request) bool { return w.met[r.URL.Path] != nil })
	slices.SortStableFunc(asked, func(a, b *http.Request) int { return strings.Compare(a.URL.Path, b.URL.Path) })
	for _, r := range asked {
		all = append(all, r.Method+" "+r.URL.Path+" "+r.Form.Encode())
	}
	wants := strings.Split(want, " | ")
	if want == "" {
		wants = nil
	}
	slices.SortStableFunc(wants, func(a, b string) int { return strings.Compare(strings.Fields(a)[0], strings.Fields(b)[0]) })
	matches := len(wants) == len(asked)
	for i := 0; matches && i < len(wants); i++ {
		words := strings.Fields(wants[i])
		matches = words[0] == asked[i].URL.Path
		for _, word := range words[1:] {
			name, value, has := strings.Cut(word, "=")
			spaced := strings.ReplaceAll(value, "_", " ")
			switch {
			case word == "GET" || word == "POST":
				matches = matches && asked[i].Method == word
			case !has:
				matches = matches && !asked[i].Form.Has(name[1:]) // !Name
			case value == "*":
				matches = matches && asked[i].Form.Get(name) != ""
			default:
				got := asked[i].Form.Get(name)
				matches = matches && (got == value || got == spaced)
			}
		}
	}
	if !matches {
		w.t.Errorf("asked\n%s\nnot\n%s", strings.Join(all, "\n"), strings.Join(wants, "\n"))
	}
}

// RoundTrip answers for the applications.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	_ = r.ParseForm()
	w.mu.Lock()
	defer w.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, ".mp3") {
		tone, err := os.ReadFile("../media/testdata/tone.mp3") // a little more than a second
		return answerOf(200, "audio/mpeg", string(tone)), err
	}
	if strings.HasSuffix(r.URL.Path, ".wav") {
		return answerOf(200, "audio/wav", string(media.WriteWAV(make([]int16, media.Rate)))), nil
	}
	w.asked = append(w.asked, r)
	page, ok := w.row.pages[r.URL.Path]
	switch {
	case !ok:
		return answerOf(200, "text/xml", "<Response/>"), nil
	case page == "500":
		return answerOf(500, "text/plain", "broken"), nil
	case strings.HasPrefix(page, "Content-Type:"): // and an empty line before the document
		kind, body, _ := strings.Cut(strings.TrimPrefix(page, "Content-Type:"), "\n\n")
		return answerOf(200, strings.TrimSpace(kind), body), nil
	case !strings.HasPrefix(page, "<"):
		return answerOf(200, "text/plain", page), nil
	}
	return answerOf(200, "text/xml", "<Response>"+page+"</Response>"), nil
}

func answerOf(status int, kind, body string) *http.Response {
	header := http.Header{}
	if kind != "" {
		header.Set("Content-Type", kind)
	}
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: &http.Request{URL: &url.URL{}},
	}
}

func (w *world) person(name string, does script) *person {
	one := &person{world: w, script: does, ear: media.NewEar()}
	one.ear.OnChange = func(tones []float64) {
		one.mu.Lock()
		over := one.over
		one.mu.Unlock()
		if !over {
			one.write(strings.TrimSpace(fmt.Sprint("hears ", strings.Trim(fmt.Sprint(tones), "[]"))))
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.met[name] = one
	return one
}

func (w *world) telephone(number string) (Party, Answers) {
	p, ok := w.row.others[number]
	if !ok {
		return nil, AnswersNo
	}
	return w.person(number, p), p.answers
}

func (w *world) softphone(o Offer) Party {
	p, ok := w.row.others[o.To]
	if !ok {
		return nil
	}
	one := w.person(o.To, p)
	one.write(strings.TrimSpace("offered " + o.From + " " + o.Parameters.Encode()))
	return one
}

// join lets somebody else ring in, who is met by the path of the first document.
func (w *world) join(path string, does script) (callSid string) {
	w.t.Helper()
	synctest.Wait() // who rang before has come as far as can be
	p := w.person(path, does)
	w.x.mu.Lock()
	w.x.numbers[1].VoiceURL = applications + path
	w.x.mu.Unlock()
	sid, err := w.x.Ring("+12065550124", "+12025550101", "", p)
	if err != nil {
		w.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sid = sid
	return sid
}

// at waits until a moment.
func (w *world) at(d time.Duration) { time.Sleep(d - time.Since(w.began)) }

func (p *person) write(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, fmt.Sprintf("%.1f %s", time.Since(p.began).Seconds(), what))
}

func (p *person) Pull(f *media.Frame) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.source == nil || p.speaks > 0 && time.Since(p.since) >= p.speaks {
		clear(f[:])
		return false
	}
	return p.source.Pull(f)
}

func (p *person) Words() (text string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.says) == 0 {
		return "", false
	}
	p.x.Digits(p.sid, p.presses)
	text, p.says = p.says[0], p.says[1:]
	return text, true
}

func (p *person) Push(f *media.Frame) { p.ear.Push(f) }
func (p *person) NeedsAudio() bool    { return p.live }

func (p *person) Ringing(sid string) {
	p.mu.Lock()
	p.sid = sid
	p.mu.Unlock()
	time.AfterFunc(p.told, func() { p.x.Rings(sid) })
	if p.decides != "" {
		time.AfterFunc(p.after, func() {
			if p.decides == InProgress {
				p.x.Accept(sid)
			} else {
				p.x.Refuse(sid, p.decides)
			}
		})
	}
}

func (p *person) Answer() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.since = time.Now()
	if p.tone != 0 {
		p.source = media.NewTone(p.tone, -12)
	}
	go func() {
		for _, k := range p.keys {
			if k == 'w' {
				time.Sleep(900 * time.Millisecond)
			}
			time.Sleep(100 * time.Millisecond)
			p.mu.Lock()
			sid := p.sid
			p.mu.Unlock()
			p.x.Digits(sid, string(k))
		}
	}()
}

func (p *person) HungUp(s Status) {
	p.write(string(s))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
}

func (p *person) Heard(e Event) {
	p.write(strings.TrimSpace(e.Kind + " " + e.Text + strings.TrimPrefix(e.URL, applications)))
}

// dialling is a person who is told more of the call that it makes.
type dialling struct{ *person }

func (d dialling) Alerted()             { d.write("alerted") }
func (d dialling) Refused(response int) { d.write(fmt.Sprint("refused ", response)) }

func (d dialling) Answer() {
	d.write("answered")
	d.person.Answer()
}

// hangUp lets somebody who was rung hang up.
func (w *world) hangUp(name string) {
	w.mu.Lock()
	p := w.met[name]
	w.mu.Unlock()
	p.mu.Lock()
	sid := p.sid
	p.mu.Unlock()
	w.x.HangUp(sid)
	synctest.Wait()
}

// heardBy is what somebody who was rung has heard so far.
func (w *world) heardBy(name, want string) {
	w.t.Helper()
	w.mu.Lock()
	p := w.met[name]
	w.mu.Unlock()
	if p == nil {
		w.t.Fatalf("%s was not rung", name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if got := strings.Join(p.log, " | "); got != want {
		w.t.Errorf("%s heard\n%s\nnot\n%s", name, got, want)
	}
}
