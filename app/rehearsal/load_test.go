//go:build load

package rehearsal

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"callin/app/rehearsal/stage"
)

// What a rehearsal carries on this machine: five thousand callers who wait, a
// hundred of them then in talk, and a contest's burst. It reports and judges only
// that nothing is lost; build/load runs it against a process of its own.
const (
	waiters  = 5000
	talkers  = 100
	waitLoop = 10 * time.Second // the length of the wait document
	watched  = 60 * time.Second // how long everybody waits
	rounds   = 3                // of wait documents, where all who wait ask at once
	bursting = 500              // arrive within five seconds
)

// loaded is a rehearsal in its own process, and the application that its calls ask.
type loaded struct {
	Hello
	t       *testing.T
	stage   stage.Client
	process *exec.Cmd
	public  string

	mu     sync.Mutex
	waited map[string]time.Time // the last wait request of each call
	late   []time.Duration      // of wait requests, beyond the document's length
	rung   map[string]time.Time // when each call asked first
}

// TestLoad lets the callers in over the length of a wait document, so that their
// requests are due one after the other.
func TestLoad(t *testing.T) {
	l := newLoaded(t)
	l.start(os.Getenv("CALLIN"))

	began := time.Now()
	var talking []string
	for i := range waiters {
		time.Sleep(time.Until(began.Add(time.Duration(i) * waitLoop / waiters)))
		if i < waiters-talkers {
			l.ring(stage.Casting{Voice: "none"})
		} else {
			talking = append(talking, l.ring(stage.Casting{Tone: pilot(i)})...)
		}
	}
	l.until("everybody waits", func() bool { return len(l.waited) == waiters })
	t.Logf("%d callers wait %.1f s after the first rang", waiters, time.Since(began).Seconds())
	cpu := l.cpu()
	l.watch(watched)
	t.Logf("%.0f %% of a core, %d MB", 100*(l.cpu()-cpu).Seconds()/watched.Seconds(), l.memory()>>20)

	// Two by two they talk: each hears the other's tone and nobody else's.
	for i, sid := range talking {
		l.rest("Calls/"+sid, url.Values{"Twiml": {fmt.Sprintf(
			"<Response><Dial><Conference beep='false' waitUrl=''>pair-%d</Conference></Dial></Response>", i/2)}})
	}
	began = time.Now()
	for i, sid := range talking {
		other := pilot(i ^ 1)
		l.until(sid+" hears the other", func() bool {
			c, err := l.stage.Caller(t.Context(), sid)
			return err == nil && slices.Equal(c.Hearing.Tones, []float64{other})
		})
	}
	cpu, at := l.cpu(), time.Now()
	time.Sleep(10 * time.Second)
	t.Logf("%d are in talk with the right audio after %.1f s, while %d wait; %.0f %% of a core", talkers,
		at.Sub(began).Seconds(), waiters-talkers, 100*(l.cpu()-cpu).Seconds()/time.Since(at).Seconds())

	l.burst()
}

// TestLoadAtOnce lets all callers in at the same moment, so that all wait requests
// are due at the same moment, too: the last are as late as it takes to ask and
// answer them all. How long that is on this machine shows a bare client.
func TestLoadAtOnce(t *testing.T) {
	for _, asker := range []struct {
		name  string
		start func(*loaded)
	}{
		{"rehearsal", func(l *loaded) {
			l.start(os.Getenv("CALLIN"))
			l.ring(stage.Casting{Voice: "none", Count: waiters})
		}},
		{"bare client", func(l *loaded) {
			l.serve()
			bareCallers(l.t, l.public+"/wait", waiters)
		}},
	} {
		t.Run(asker.name, func(t *testing.T) {
			l := newLoaded(t)
			asker.start(l)
			l.until("everybody waits", func() bool { return len(l.waited) == waiters })
			l.watch(rounds*waitLoop + waitLoop/2) // from one lull to another
		})
	}
}

// watch tells how late wait requests are for a while, and that none is lost.
func (l *loaded) watch(d time.Duration) {
	l.mu.Lock()
	l.late = nil
	l.mu.Unlock()
	time.Sleep(d)
	l.mu.Lock()
	late := slices.Clone(l.late)
	l.mu.Unlock()
	l.t.Logf("%d wait requests in %v, late by %s", len(late), d, spread(late))
	if want := int(d/waitLoop) * waiters * 9 / 10; len(late) < want {
		l.t.Errorf("%d wait requests, at least %d were due", len(late), want)
	}
}

// pilot is one of ten tones, far enough apart to be told from each other and from their
// neighbour's.
func pilot(i int) float64 { return 500 + 200*float64(i%10) }

// burst lets a contest's callers in, one by one, and times each one's first request.
func (l *loaded) burst() {
	began := time.Now()
	rang := map[string]time.Time{}
	for i := range bursting {
		time.Sleep(time.Until(began.Add(time.Duration(i) * 5 * time.Second / bursting)))
		at := time.Now()
		for _, sid := range l.ring(stage.Casting{Voice: "none"}) {
			rang[sid] = at
		}
	}
	took := time.Since(began)
	l.until("the burst is answered", func() bool {
		for sid := range rang {
			if _, ok := l.rung[sid]; !ok {
				return false
			}
		}
		return true
	})
	var waits []time.Duration
	l.mu.Lock()
	for sid, at := range rang {
		waits = append(waits, l.rung[sid].Sub(at))
	}
	l.mu.Unlock()
	l.t.Logf("%d more rang within %.1f s; from the ring to the application's first request %s", bursting, took.Seconds(), spread(waits))
}

func newLoaded(t *testing.T) *loaded {
	return &loaded{t: t, waited: map[string]time.Time{}, rung: map[string]time.Time{}}
}

// serve starts the application.
func (l *loaded) serve() {
	application := httptest.NewServer(http.HandlerFunc(l.asked))
	l.t.Cleanup(application.Close)
	l.public = application.URL
}

// start starts a rehearsal that asks the application, with a queue for all.
func (l *loaded) start(binary string) {
	l.t.Helper()
	binary, err := filepath.Abs(binary)
	if err != nil {
		l.t.Fatal(err)
	}
	l.process = exec.Command(binary, "rehearsal", "--with-parent")
	l.process.Stderr = os.Stderr
	in, err := l.process.StdinPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	out, err := l.process.StdoutPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	if err := l.process.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { in.Close(); l.process.Wait() })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &l.Hello)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	l.stage = stage.Client{Address: l.Address, AccountSid: l.AccountSid, AuthToken: l.AuthToken}
	l.serve()
	var numbers struct {
		Numbers []struct {
			Sid         string
			PhoneNumber string `json:"phone_number"`
		} `json:"incoming_phone_numbers"`
	}
	l.get("IncomingPhoneNumbers", &numbers)
	for _, n := range numbers.Numbers {
		if n.PhoneNumber == l.ListenersNumber {
			l.rest("IncomingPhoneNumbers/"+n.Sid, url.Values{"VoiceUrl": {l.public + "/in"}})
		}
	}
	l.rest("Queues", url.Values{"FriendlyName": {"load"}, "MaxSize": {strconv.Itoa(waiters)}})
}

// asked is the application. It checks no signature: what is measured is the
// rehearsal, and both share this machine.
func (l *loaded) asked(w http.ResponseWriter, r *http.Request) {
	now, sid := time.Now(), r.FormValue("CallSid")
	w.Header().Set("Content-Type", "text/xml")
	l.mu.Lock()
	defer l.mu.Unlock()
	switch r.URL.Path {
	case "/in":
		l.rung[sid] = now
		fmt.Fprintf(w, `<Response><Enqueue waitUrl="%s/wait">load</Enqueue></Response>`, l.public)
	case "/wait":
		if last, again := l.waited[sid]; again {
			l.late = append(l.late, now.Sub(last)-waitLoop)
		}
		l.waited[sid] = now
		fmt.Fprintf(w, `<Response><Pause length="%d"/></Response>`, int(waitLoop.Seconds()))
	default:
		fmt.Fprint(w, "<Response/>")
	}
}

func (l *loaded) ring(c stage.Casting) (sids []string) {
	l.t.Helper()
	callers, err := l.stage.Ring(l.t.Context(), c)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, c := range callers {
		sids = append(sids, c.CallSid)
	}
	return sids
}

func (l *loaded) get(path string, into any) {
	l.t.Helper()
	l.ask(http.MethodGet, path, nil, into)
}

func (l *loaded) rest(path string, form url.Values) {
	l.t.Helper()
	l.ask(http.MethodPost, path, form, nil)
}

func (l *loaded) ask(method, path string, form url.Values, into any) {
	l.t.Helper()
	r, err := http.NewRequest(method, l.Address+"/2010-04-01/Accounts/"+l.AccountSid+"/"+path+".json", strings.NewReader(form.Encode()))
	if err != nil {
		l.t.Fatal(err)
	}
	r.SetBasicAuth(l.AccountSid, l.AuthToken)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		l.t.Fatalf("%s: %s", path, answer.Status)
	}
	if into != nil {
		if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
			l.t.Fatal(err)
		}
	}
}

// until waits until test holds, for a minute at most.
func (l *loaded) until(what string, test func() bool) {
	l.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		l.mu.Lock()
		holds := test()
		l.mu.Unlock()
		switch {
		case holds:
			return
		case time.Now().After(end):
			l.t.Fatal("not so: " + what)
		}
	}
}

// cpu is the processor time that the rehearsal has taken.
func (l *loaded) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.process.Process.Pid))
	if err != nil {
		l.t.Fatal(err)
	}
	fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+2:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks of 100 Hz
}

// memory is what the rehearsal holds, in bytes.
func (l *loaded) memory() int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", l.process.Process.Pid))
	if err != nil {
		l.t.Fatal(err)
	}
	pages, _ := strconv.Atoi(strings.Fields(string(b))[1])
	return pages * os.Getpagesize()
}

func spread(d []time.Duration) string {
	if len(d) == 0 {
		return "nothing"
	}
	slices.Sort(d)
	at := func(p int) time.Duration { return d[min(len(d)-1, len(d)*p/100)].Round(100 * time.Microsecond) }
	return fmt.Sprintf("%v in the middle, %v p99, %v at most", at(50), at(99), d[len(d)-1].Round(100*time.Microsecond))
}
