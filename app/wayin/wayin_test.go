package wayin_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"callin/app/call"
	"callin/app/wayin"
)

// Nothing that the tests have started may outlive them.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// place is what stands at a public address, and what Twilio has done there.
type place struct {
	answer atomic.Value // string: "here", "other" or "nobody"
	signed atomic.Pointer[time.Time]
	alert  atomic.Value // string
	other  atomic.Value // string: another station, which has the calls
	told   chan *call.Error
	shut   bool // there is no show
}

// watched watches a place until the test ends.
func watched(t *testing.T, p *place) *wayin.Watch {
	t.Helper()
	here := func(nonce string) string { return "here is " + nonce }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch p.answer.Load() {
		case "here":
			fmt.Fprint(w, here(strings.TrimPrefix(r.URL.Path, "/voice/here/")))
		case "other":
			http.Error(w, "a tunnel without anything behind it", http.StatusBadGateway)
		default:
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	p.told = make(chan *call.Error, 100)
	w := wayin.New(wayin.Options{
		Tunnel: func() *call.Error { return nil },
		Public: server.URL, Port: 8101, Here: here, Log: slog.New(slog.DiscardHandler),
		LastSigned: func() time.Time {
			if at := p.signed.Load(); at != nil {
				return *at
			}
			return time.Time{}
		},
		Failed: func(context.Context) (string, int, error) {
			alert, _ := p.alert.Load().(string)
			return alert, 11200, nil
		},
		Claimed: func(context.Context) (bool, string, error) {
			other, _ := p.other.Load().(string)
			return other == "", other, nil
		},
		Open: func() bool { return !p.shut }, Tell: func(e *call.Error) { p.told <- e },
		Every: 20 * time.Millisecond, Fresh: time.Nanosecond, Again: time.Millisecond, Retry: 20 * time.Millisecond,
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); w.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return w
}

func (p *place) signs() { now := time.Now(); p.signed.Store(&now) }

// next is what is told next, or nil.
func (p *place) next(t *testing.T) string {
	t.Helper()
	select {
	case e := <-p.told:
		if e == nil {
			return ""
		}
		return e.Message
	case <-time.After(15 * time.Second):
		t.Fatal("nothing is told")
		return ""
	}
}

func TestWhatIsWrongWithTheWayInIsToldInWords(t *testing.T) {
	for answer, words := range map[string]string{"nobody": "Nobody answers at http://", "other": "Something else than this Callin answers at http://"} {
		t.Run(answer, func(t *testing.T) {
			var p place
			p.answer.Store(answer)
			w := watched(t, &p)
			if told := p.next(t); !strings.HasPrefix(told, words) || !strings.Contains(told, "port 8101") {
				t.Errorf("the desk is told %q", told)
			}
			if w.Answers(t.Context()) {
				t.Error("it answers")
			}
			p.answer.Store("here")
			if told := p.next(t); told != "" {
				t.Errorf("when it answers the desk is told %q", told)
			}
			if !w.Answers(t.Context()) {
				t.Error("it does not answer")
			}
		})
	}
}

// A press that finds nobody has the address looked at, at once.
func TestAPressThatFindsNobodyIsFollowedUp(t *testing.T) {
	var p place
	p.answer.Store("here")
	w := watched(t, &p)
	for !w.Answers(t.Context()) {
	}
	p.signs() // before: it says nothing of later
	p.answer.Store("nobody")
	if w.Answers(t.Context()) {
		t.Error("it answers")
	}
	if told := p.next(t); !strings.HasPrefix(told, "Nobody answers") {
		t.Errorf("the desk is told %q", told)
	}
}

// A network may have no way back to itself: Twilio gets through, so all is well,
// until Twilio says that it does not.
func TestANetworkWithoutAWayBackToItselfIsNoFault(t *testing.T) {
	var p place
	p.answer.Store("nobody")
	p.signs()
	w := watched(t, &p)
	for range 3 {
		if !w.Answers(t.Context()) {
			t.Error("it does not answer, though Twilio has just come")
		}
	}
	past := time.Now().Add(-2 * time.Minute)
	p.signed.Store(&past)
	if w.Answers(t.Context()) {
		t.Error("it answers, though Twilio has not come for two minutes")
	}
	select {
	case e := <-p.told:
		t.Errorf("the desk is told %v", e)
	case <-time.After(200 * time.Millisecond): // nothing can be waited for
	}
	p.alert.Store("NO1")
	w.Answers(t.Context())
	if told := p.next(t); !strings.Contains(told, "Twilio could not reach Callin") || !strings.Contains(told, "11200") {
		t.Errorf("the desk is told %q", told)
	}
	p.signs()
	if told := p.next(t); told != "" {
		t.Errorf("when Twilio gets through the desk is told %q", told)
	}
}

// Also outside a show, when the address itself is looked at once an hour.
func TestWhoIsTakenOverIsTold(t *testing.T) {
	p := place{shut: true}
	p.answer.Store("nobody")
	w := watched(t, &p)
	if told := p.next(t); !strings.HasPrefix(told, "Nobody answers") {
		t.Errorf("the desk is told %q", told)
	}
	p.answer.Store("here")
	if told := p.next(t); told != "" {
		t.Errorf("when it answers the desk is told %q", told)
	}
	p.other.Store("https://other.example.org")
	e := <-p.told
	if e == nil || e.Code != call.CodeTakenOver || !strings.Contains(e.Message, "https://other.example.org") {
		t.Errorf("the desk is told %v", e)
	}
	p.other.Store("")
	w.LookAgain()
	if told := p.next(t); told != "" {
		t.Errorf("when it has the calls again the desk is told %q", told)
	}
}
