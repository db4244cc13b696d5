package rehearsal

import (
	"errors"
	"net/url"
	"strconv"
	"testing"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/stage"
)

const enqueue = `<Enqueue waitUrl="/wait" action="/left">on-air</Enqueue><Say>After the queue</Say>`

// code is the Twilio error code of err, 0 for another error or none.
func code(err error) int {
	var e *client.TwilioRestError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func (s *world) queue(name string) api.ApiV2010Queue {
	s.t.Helper()
	qs, err := s.api.ListQueue(&api.ListQueueParams{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, q := range qs {
		if *q.FriendlyName == name {
			return q
		}
	}
	s.t.Fatalf("no queue %q in %v", name, qs)
	panic("unreachable")
}

// waiting rings n silent callers in and returns their calls once all wait.
func (s *world) waiting(n int) []string {
	s.t.Helper()
	var sids []string
	for i := range n {
		sid := s.ring(stage.Casting{Voice: "none"})
		s.request("/wait", sid, has("QueuePosition", strconv.Itoa(i+1)))
		sids = append(sids, sid)
	}
	return sids
}

func TestThreeWaitAndOneIsTaken(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", enqueue)
	s.page("/wait", `<Say>You wait</Say><Pause length="60"/>`)
	s.page("/left", "")
	s.page("/line", `<Dial><Conference beep="false" waitUrl="/silence">studio</Conference></Dial><Say>Goodbye</Say>`)
	s.page("/silence", `<Pause length="60"/><Redirect/>`)
	s.answersAt("/in")
	sids := s.waiting(3)

	in := s.request("/in", sids[0], nil)
	for name, want := range map[string]string{
		"AccountSid": s.AccountSid, "To": s.ListenersNumber, "Called": s.ListenersNumber, "CallStatus": "ringing",
		"Direction": "inbound", "ApiVersion": "2010-04-01", "From": in.Get("Caller"), "CallerName": "Ana Duarte",
	} {
		if got := in.Get(name); got != want {
			t.Errorf("%s=%q, want %q", name, got, want)
		}
	}
	s.hears(sids[2], "You wait")
	q := s.queue("on-air")
	if q.CurrentSize != 3 || q.MaxSize != 1000 {
		t.Errorf("queue: %+v", q)
	}
	members, err := s.api.ListMember(*q.Sid, (&api.ListMemberParams{}).SetPageSize(2))
	if err != nil || len(members) != 3 || *members[2].CallSid != sids[2] || members[2].Position != 3 {
		t.Fatalf("%v %v", members, err)
	}

	// The second is taken; the action is told and its answer not followed.
	_, err = s.api.UpdateMember(*q.Sid, sids[1], (&api.UpdateMemberParams{}).SetUrl(s.url("/line")))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.queue("on-air"); got.CurrentSize != 2 || got.AverageWaitTime < 0 || got.AverageWaitTime > 60 {
		t.Errorf("after one was taken: %+v", got)
	}
	s.request("/line", sids[1], has("CallStatus", "in-progress"))
	s.request("/left", sids[1], has("QueueResult", "redirected", "QueueSid", *q.Sid))
	_, err = s.api.UpdateMember(*q.Sid, sids[1], (&api.UpdateMemberParams{}).SetUrl(s.url("/line")))
	if code(err) != 20404 {
		t.Errorf("a member that has gone: %v", err)
	}

	// One who hangs up leaves the queue, and the action hears of it.
	s.exchange.HangUp(sids[0])
	s.request("/left", sids[0], has("QueueResult", "hangup", "CallStatus", "completed"))
	s.becomes(sids[0], "completed")
	if m, err := s.api.FetchMember(*q.Sid, "Front", nil); err != nil || *m.CallSid != sids[2] || m.Position != 1 {
		t.Errorf("front: %v %v", m, err)
	}
	_, err = s.api.UpdateCall(sids[0], (&api.UpdateCallParams{}).SetTwiml("<Response/>"))
	if code(err) != 21220 {
		t.Errorf("a call that has ended: %v", err)
	}
	if err := s.api.DeleteQueue(*q.Sid, nil); code(err) == 0 {
		t.Errorf("deleting a queue in which somebody waits: %v", err)
	}
}

func TestQueueEdges(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/wait", `<Leave/>`)
	s.page("/left", `<Say>You left</Say>`)
	s.answersAt("/in")

	if _, err := s.api.CreateQueue((&api.CreateQueueParams{}).SetFriendlyName("on-air").SetMaxSize(1)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		size int
		want int
	}{{"on-air", 10, 22003}, {"big", 5001, 20001}, {"", 1, 22000}} {
		_, err := s.api.CreateQueue((&api.CreateQueueParams{}).SetFriendlyName(c.name).SetMaxSize(c.size))
		if code(err) != c.want {
			t.Errorf("%q of %d: %v", c.name, c.size, err)
		}
	}

	t.Run("leave", func(t *testing.T) {
		s := s.in(t)
		s.page("/in", enqueue)
		sid := s.ring(stage.Casting{})
		s.request("/left", sid, has("QueueResult", "leave"))
		s.hears(sid, "You left")
		s.becomes(sid, "completed")
	})
	t.Run("fall through without action, full", func(t *testing.T) {
		s := s.in(t)
		s.page("/in", `<Enqueue waitUrl="/stay">on-air</Enqueue><Say>No room</Say>`)
		s.page("/stay", `<Pause length="60"/>`)
		first := s.ring(stage.Casting{})
		s.request("/stay", first, nil)
		second := s.ring(stage.Casting{})
		s.hears(second, "No room")
		s.page("/in", enqueue)
		third := s.ring(stage.Casting{})
		if v := s.request("/left", third, has("QueueResult", "queue-full")); v.Has("QueueSid") {
			t.Error("a call that was not enqueued has a QueueSid")
		}
	})
	t.Run("the wait document repeats by itself", func(t *testing.T) {
		s := s.in(t)
		s.page("/in", `<Enqueue waitUrl="/short">again</Enqueue>`)
		s.page("/short", `<Say>x</Say>`)
		sid := s.ring(stage.Casting{})
		asked := 0
		s.request("/short", sid, func(url.Values) bool { asked++; return asked == 2 })
	})
	t.Run("a failed wait request", func(t *testing.T) {
		s := s.in(t)
		s.page("/in", `<Enqueue waitUrl="/missing" action="/left">kept</Enqueue>`)
		kept := s.ring(stage.Casting{})
		asked := 0
		s.request("/missing", kept, func(url.Values) bool { asked++; return asked == 2 })
		s.exchange.SetSwitches(switchesEnd)
		ended := s.ring(stage.Casting{})
		s.becomes(ended, "completed")
		s.request("/left", ended, has("QueueResult", "system-error"))
	})
}

func TestDirectMode(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Enqueue waitUrl="/wait" action="/left">on-air</Enqueue>`)
	s.page("/wait", `<Pause length="60"/>`)
	s.page("/left", `<Say>Thank you</Say>`)
	s.page("/whisper", `<Say>You are next</Say>`)
	s.page("/desk", `<Dial hangupOnStar="true" action="/dialled"><Queue url="/whisper">on-air</Queue></Dial>`)
	s.page("/dialled", `<Redirect>/desk</Redirect>`)
	s.answersAt("/in")
	a := s.ring(stage.Casting{Tone: 600})
	s.request("/wait", a, nil)
	b := s.ring(stage.Casting{Tone: 900})
	s.request("/wait", b, nil)

	app, err := s.api.CreateApplication((&api.CreateApplicationParams{}).SetVoiceUrl(s.url("/desk")))
	if err != nil {
		t.Fatal(err)
	}
	dj := newPhone(400)
	sid, err := switchboard{s.exchange}.Connect(s.AccountSid, *app.Sid, "dj", url.Values{"mode": {"direct"}, "CallSid": {"forged"}}, dj)
	if err != nil {
		t.Fatal(err)
	}
	asked := s.request("/desk", sid, nil)
	if asked.Get("From") != "client:dj" || asked.Get("mode") != "direct" || asked.Get("ApplicationSid") != *app.Sid {
		t.Errorf("desk asked with %v", asked)
	}
	s.request("/whisper", a, has("DequeingCallSid", sid))
	s.hears(a, "You are next")
	dj.hears(t, 600)
	s.event("the first caller hears the DJ", hearsTone(a, 400))

	s.exchange.Digits(sid, "*")
	s.request("/dialled", sid, has("DialCallStatus", "completed", "DialCallSid", a))
	s.request("/left", a, has("QueueResult", "bridged"))
	s.hears(a, "Thank you")
	dj.hears(t, 900)

	// A redirect in the middle of the Dial parts the two at once.
	s.page("/elsewhere", `<Pause length="60"/>`)
	if _, err := s.api.UpdateCall(b, (&api.UpdateCallParams{}).SetUrl(s.url("/elsewhere"))); err != nil {
		t.Fatal(err)
	}
	s.request("/elsewhere", b, nil)
	s.request("/left", b, has("QueueResult", "redirected-from-bridged"))
	s.request("/dialled", sid, has("DialCallSid", b))

	// A * pressed while nobody is there does not cost the next caller the turn.
	s.exchange.Digits(sid, "*")
	c := s.ring(stage.Casting{Tone: 1200})
	dj.hears(t, 1200)
	s.exchange.HangUp(sid)
	dj.gone(t)
	s.hears(c, "Thank you")
}
