package exchange

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// deaf is a telephone that answers and does nothing.
type deaf struct{ nobody }

const trialNumber, trialCaller = "+12025550100", "+16175550100"

func trial(t *testing.T) *Exchange {
	x := New(Options{
		ListenersNumber: trialNumber, DialInNumber: "+12025550101",
		Telephone: func(string) (Party, Answers) { return deaf{}, AnswersYes },
	})
	t.Cleanup(x.Close)
	x.SetSwitches(Switches{Trial: true, Verified: []string{trialCaller}})
	return x
}

func code(err error) int {
	var f *Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return 0
}

func (x *Exchange) dialTrial(to, twiml string) (CallInfo, error) {
	return x.Call(Outgoing{From: trialNumber, To: to, Change: Change{Twiml: "<Response>" + twiml + "</Response>"}})
}

func TestTrialLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := trial(t)
		if _, err := x.dialTrial("+16175550199", "<Hangup/>"); code(err) != 21219 {
			t.Errorf("a number that is not verified: %v", err)
		}
		if _, err := x.Ring("+16175550199", trialNumber, "", deaf{}); code(err) != 21219 {
			t.Errorf("a caller that is not verified: %v", err)
		}
		if _, err := x.Buy("+14155550150", func(*Number) {}); code(err) != 21404 {
			t.Errorf("a number more: %v", err)
		}
		var last string
		for range trialCalls {
			c, err := x.dialTrial(trialCaller, `<Pause length="3600"/>`)
			if err != nil {
				t.Fatal(err)
			}
			last = c.Sid
		}
		if _, err := x.dialTrial(trialCaller, "<Hangup/>"); code(err) != 10004 {
			t.Errorf("a sixth call: %v", err)
		}
		time.Sleep(trialCall - time.Second)
		synctest.Wait()
		if c, _ := x.CallBySid(last); c.Status != InProgress {
			t.Errorf("before ten minutes: %s", c.Status)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if c, _ := x.CallBySid(last); c.Status != Completed {
			t.Errorf("after ten minutes: %s", c.Status)
		}
	})
}

func TestTrialChangesTwiML(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := trial(t)
		for _, twiml := range []string{
			`<Enqueue waitUrl="">q</Enqueue>`, `<Dial><Conference waitUrl="">c</Conference></Dial>`,
		} {
			if _, err := x.dialTrial(trialCaller, twiml); err != nil {
				t.Fatal(err)
			}
		}
		c, err := x.dialTrial(trialCaller, `<Record timeout="5"/><Dial>+16175550101</Dial>`)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if q := x.Queues(); len(q) != 1 || q[0].Name != "q-"+x.Account().Sid {
			t.Errorf("%+v", q)
		}
		room := x.Conferences(func(ConferenceInfo) bool { return true })
		if len(room) != 1 || !strings.Contains(room[0].Name, x.Account().Sid) {
			t.Errorf("%+v", room)
		}
		time.Sleep(time.Minute) // both have been told of instead
		synctest.Wait()
		if got, _ := x.CallBySid(c.Sid); got.Status != Completed || len(x.Calls(func(c CallInfo) bool { return c.Direction == OutboundDial })) > 0 {
			t.Errorf("%+v", got)
		}
		if r := x.Recordings(func(Recording) bool { return true }); len(r) > 0 {
			t.Errorf("%+v", r)
		}
	})
}

// slowest is an application that never answers.
type slowest struct{}

func (slowest) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestTrialWaitsFiveSecondsForADocument(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := trial(t)
		x.client = &http.Client{Transport: slowest{}}
		x.numbers[0].VoiceURL = applications + "/in"
		began := time.Now()
		if _, err := x.Ring(trialCaller, trialNumber, "", deaf{}); err != nil {
			t.Fatal(err)
		}
		for len(x.Alerts()) == 0 && time.Since(began) < time.Minute {
			time.Sleep(100 * time.Millisecond)
			synctest.Wait()
		}
		if took := time.Since(began); took < trialFetch || took > trialFetch+time.Second || len(x.Alerts()) != 1 {
			t.Errorf("after %v: %+v", took, x.Alerts())
		}
	})
}
