package rest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	monitor "github.com/twilio/twilio-go/rest/monitor/v1"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/media"
)

// The debugger's log, over the monitor's API and page by page by twilio-go.
func TestAlerts(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.made("/Calls.json", url.Values{"To": {quietOne}, "From": {listeners}, "Url": {w.app + "/broken"}})
	}
	for deadline := time.Now().Add(10 * time.Second); len(w.x.Alerts()) < 3 && time.Now().Before(deadline); {
		w.do("GET", "/Calls.json", nil)
	}
	m := monitor.NewApiServiceWithClient(w.client())
	all, err := m.ListAlert((&monitor.ListAlertParams{}).SetLogLevel("error").SetPageSize(1).SetStartDate(time.Now().Add(-time.Hour)))
	if err != nil || len(all) != 3 || *all[0].ErrorCode != "11200" || *all[0].RequestUrl != w.app+"/broken" {
		t.Fatalf("%+v %v", all, err)
	}
	one, err := m.FetchAlert(*all[2].Sid)
	if err != nil || *one.ResourceSid != *all[2].ResourceSid || *one.RequestVariables == "" {
		t.Errorf("%+v %v", one, err)
	}
	// A library that is pointed here by its base address alone stays here.
	for path, pages := "/v1/Alerts?PageSize=1", 3; pages > 0; pages-- {
		_, body := w.ask("GET", path, nil)
		next, _ := body["meta"].(map[string]any)["next_page_url"].(string)
		if here := strings.HasPrefix(next, w.base+"/v1/Alerts?"); here != (pages > 1) || pages == 1 && next != "" {
			t.Errorf("%d pages are left, and the next one is %q", pages-1, next)
		}
		path = strings.TrimPrefix(next, w.base)
	}
	for _, c := range []struct {
		source, ask string
		status      int
		want        string
	}{
		{"Twilio docs: Alert", "GET /v1/Alerts?LogLevel=warning", 200, "alerts#0"},
		{"Twilio docs: Alert", "GET /v1/Alerts?EndDate=" + time.Now().UTC().Format(time.DateOnly), 200, "alerts#3"},
		{"Twilio docs: Alert", "GET /v1/Alerts?StartDate=" + time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly), 200, "alerts#0"},
		{"Twilio docs: Alert (date and time)", "GET /v1/Alerts?EndDate=" + time.Now().UTC().Format("2006-01-02T00:00:00Z"), 200, "alerts#0"},
		{"Twilio errors: 21481", "GET /v1/Alerts?PageToken=nonsense", 400, "code=21481"},
		{"inferred", "GET /v1/Alerts?LogLevel=loud", 400, "code=20001"},
		{"inferred", "GET /v1/Alerts?StartDate=soon", 400, "code=20001"},
		{"Twilio errors: 20404", "GET /v1/Alerts/NO0", 404, "code=20404"},
		{"Twilio errors: 20004", "POST /v1/Alerts", 405, "code=20004"},
	} {
		method, path, _ := strings.Cut(c.ask, " ")
		status, body := w.ask(method, path, nil)
		if got := unlike(body, c.want); status != c.status || got != "" {
			t.Errorf("%s: %d %s, want %d %s (%s)", c.ask, status, got, c.status, c.want, c.source)
		}
	}
}

// What is beyond the concurrency that is allowed is refused and not done.
func TestTooManyAtOnce(t *testing.T) {
	w := newWorld(t)
	w.x.SetSwitches(exchange.Switches{RESTConcurrency: 1})
	a := w.x.Account()
	body, send := io.Pipe()
	t.Cleanup(func() { send.Close() })
	req, _ := http.NewRequest("POST", w.base+"/2010-04-01/Accounts/"+a.Sid+"/Queues.json", body)
	req.SetBasicAuth(a.Sid, a.AuthToken)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Expect", "100-continue") // it is sent once it is read, and so counted
	patient := &http.Transport{ExpectContinueTimeout: time.Minute}
	t.Cleanup(patient.CloseIdleConnections)
	done := make(chan error, 1)
	go func() {
		res, err := patient.RoundTrip(req)
		if err == nil {
			res.Body.Close()
			if res.StatusCode != 201 {
				err = fmt.Errorf("status %d", res.StatusCode)
			}
		}
		done <- err
	}()
	fmt.Fprint(send, "FriendlyName=") // under way from now on
	before := len(w.x.Queues())
	if status, body := w.do("POST", "/Queues.json", url.Values{"FriendlyName": {"refused"}}); status != 429 || body["code"] != 20429.0 {
		t.Errorf("%d %v", status, body)
	}
	if len(w.x.Queues()) != before {
		t.Error("what was refused was done")
	}
	fmt.Fprint(send, "last")
	send.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if status, _ := w.do("GET", "/Queues.json", nil); status != 200 {
		t.Errorf("status %d", status)
	}
}

// A call that is to be recorded is, from its answer to its end, as its
// application is told, and can be fetched as sound.
func TestACallIsRecorded(t *testing.T) {
	w := newWorld(t)
	sid := w.made("/Calls.json", url.Values{
		"From": {listeners}, "To": {toneOne}, "Twiml": {`<Response><Pause length="1"/></Response>`}, "Record": {"true"},
		"RecordingChannels": {"dual"}, "RecordingStatusCallback": {w.app + "/told"}, "RecordingStatusCallbackEvent": {"in-progress completed"},
	})["sid"].(string)
	var recording string
	for _, want := range []string{"in-progress", "completed"} {
		select {
		case v := <-w.told:
			recording = v.Get("RecordingSid")
			if v.Get("RecordingStatus") != want || v.Get("CallSid") != sid || v.Get("RecordingChannels") != "2" || v.Get("RecordingSource") != "OutboundAPI" ||
				want == "completed" && v.Get("RecordingDuration") != "2" && v.Get("RecordingDuration") != "1" {
				t.Errorf("%s: told %v", want, v)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("not told of %s", want)
		}
	}
	for _, path := range []string{".wav", "", ".wav?RequestedChannels=1"} {
		if s := w.audio("/Recordings/" + recording + path); speaks(s) < 0.6 || speaks(s) > 1.1 || len(s) > 2*media.Rate {
			t.Errorf("%s: %.2f s of sound in %d samples", path, speaks(s), len(s))
		}
	}
	if c := w.wav("/Recordings/" + recording)[22]; c != 2 {
		t.Errorf("%d channels", c)
	}
}

// wav fetches a recording.
func (w *world) wav(path string) []byte {
	w.t.Helper()
	a := w.x.Account()
	req, _ := http.NewRequest("GET", w.base+"/2010-04-01/Accounts/"+a.Sid+path, nil)
	req.SetBasicAuth(a.Sid, a.AuthToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.Header.Get("Content-Type") != "audio/x-wav" {
		w.t.Fatalf("%s: %s %v", path, b, err)
	}
	return b
}

func (w *world) audio(path string) []int16 {
	w.t.Helper()
	samples, err := media.ParseWAV(w.wav(path))
	if err != nil {
		w.t.Fatal(err)
	}
	return samples
}

// speaks is how much of a recording holds the telephone's tone, in seconds.
func speaks(samples []int16) float64 {
	n := 0
	for at := 0; at+media.FrameSamples <= len(samples); at += media.FrameSamples {
		for _, s := range samples[at : at+media.FrameSamples] {
			if s > 1000 {
				n++
				break
			}
		}
	}
	return float64(n*media.FrameSamples) / media.Rate
}
