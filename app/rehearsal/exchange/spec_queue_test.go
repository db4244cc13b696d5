package exchange

import (
	"strings"
	"testing"
	"time"
)

// host lets REST call somebody of the row's others, who then follows the page of
// that path.
func (w *world) host(to, path string) {
	w.t.Helper()
	if _, err := w.x.Call(Outgoing{From: "+12025550100", To: to, Change: Change{URL: applications + path}}); err != nil {
		w.t.Fatal(err)
	}
}

// redirect lets REST send the caller elsewhere.
func (w *world) redirect(path string) {
	w.t.Helper()
	w.me.mu.Lock()
	sid := w.me.sid
	w.me.mu.Unlock()
	if _, err := w.x.UpdateCall(sid, Change{URL: applications + path}); err != nil {
		w.t.Error(err)
	}
}

// queue is the only queue there is.
func (w *world) queue() string {
	w.t.Helper()
	qs := w.x.Queues()
	if len(qs) != 1 {
		w.t.Fatalf("%d queues", len(qs))
	}
	return qs[0].Sid
}

func TestEnqueue(t *testing.T) {
	enqueue := func(more map[string]string) map[string]string {
		pages := map[string]string{
			"/in":   `<Enqueue waitUrl="/wait" action="/left">q</Enqueue><Say>never</Say>`,
			"/wait": `<Pause length="60"/>`,
			"/left": `<Say>left</Say>`,
		}
		for path, page := range more {
			pages[path] = page
		}
		return pages
	}
	dial := map[string]string{"/host": `<Dial action="/over"><Queue url="/whisper">q</Queue></Dial>`, "/whisper": `<Say>On air</Say>`}
	host := map[string]script{ann: {answers: AnswersYes}}
	check(t, []row{
		{
			name: "a wait document loops; who hangs up leaves the queue", source: "Twilio docs: Enqueue",
			pages: enqueue(map[string]string{"/wait": `<Say>wait</Say><Gather numDigits="1" timeout="2"/>`}), until: 4 * time.Second,
			heard: "0.0 say wait | 2.5 say wait | 4.0 completed",
			asked: "/left QueueResult=hangup QueueTime=4 QueueSid=* CallStatus=completed | /wait QueuePosition=1 CurrentQueueSize=1 QueueTime=0 AvgQueueTime=* | /wait QueueTime=2",
		},
		{
			name: "Leave goes on with the action", source: "Twilio docs: Leave, Enqueue",
			pages: enqueue(map[string]string{"/wait": `<Pause length="3"/><Leave/>`}),
			heard: "3.0 say left | 3.5 completed", asked: "/left QueueResult=leave QueueTime=3 QueueSid=* CallStatus=in-progress | /wait",
		},
		{
			name: "and without one with the next verb", source: "Twilio docs: Leave",
			pages: map[string]string{"/in": `<Enqueue waitUrl="/wait">q</Enqueue><Say>after</Say>`, "/wait": `<Say>wait</Say><Leave/>`},
			heard: "0.0 say wait | 0.5 say after | 1.0 completed", asked: "/wait",
		},
		{
			name: "Hangup in the wait document ends the call", source: "Twilio docs: Enqueue",
			pages: enqueue(map[string]string{"/wait": `<Say>Goodbye</Say><Hangup/>`}),
			heard: "0.0 say Goodbye | 0.5 completed", asked: "/left QueueResult=hangup CallStatus=completed | /wait",
		},
		{
			name: "who was bridged goes on with the action once the two have parted", source: "Twilio docs: Enqueue; Queue, url",
			pages: enqueue(dial), others: host,
			rest: func(w *world) {
				w.at(3 * time.Second)
				w.host(ann, "/host")
				w.at(6 * time.Second)
				w.hangUp(ann)
			},
			heard: "3.0 say On air | 6.0 say left | 6.5 completed",
			asked: "/host | /left QueueResult=bridged QueueTime=3 | /over DialCallStatus=completed DialBridged=true | /wait | /whisper QueueSid=* QueueTime=3 DequeingCallSid=*",
		},
		{
			name: "who hangs up when bridged was bridged", source: "Twilio docs: Enqueue",
			pages: enqueue(dial), others: host,
			rest: func(w *world) {
				w.at(time.Second)
				w.host(ann, "/host")
			},
			until: 4 * time.Second, heard: "1.0 say On air | 4.0 completed",
			asked: "/host | /left QueueResult=bridged CallStatus=completed | /over DialCallStatus=completed | /wait | /whisper",
		},
		{
			name: "a member that REST redirects: the action is asked, its answer is for nobody", source: "Twilio docs: Enqueue, Member",
			pages: enqueue(map[string]string{"/b": `<Say>b</Say>`}),
			rest: func(w *world) {
				w.at(2 * time.Second)
				if _, err := w.x.Dequeue(w.queue(), "Front", applications+"/b", "GET"); err != nil {
					w.t.Error(err)
				}
			},
			heard: "2.0 say b | 2.5 completed", asked: "/b GET | /left QueueResult=redirected QueueTime=2 | /wait",
		},
		{
			name: "and so one that is redirected as a call", source: "inferred",
			pages: enqueue(map[string]string{"/b": `<Say>b</Say>`}),
			rest: func(w *world) {
				w.at(2 * time.Second)
				w.redirect("/b")
			},
			heard: "2.0 say b | 2.5 completed", asked: "/b POST | /left QueueResult=redirected QueueTime=2 | /wait",
		},
		{
			name: "one that is redirected when bridged", source: "Twilio docs: Enqueue",
			pages: enqueue(map[string]string{"/host": dial["/host"], "/whisper": `<Pause/>`, "/b": `<Say>b</Say>`}), others: host,
			rest: func(w *world) {
				w.at(time.Second)
				w.host(ann, "/host")
				w.at(4 * time.Second)
				w.redirect("/b")
			},
			heard: "4.0 say b | 4.5 completed",
			asked: "/b | /host | /left QueueResult=redirected-from-bridged | /over DialCallStatus=completed | /wait | /whisper",
		},
		{
			name: "a whisper that cannot be had", source: "dictionary: 14211; that the two are bridged all the same is inferred",
			pages: enqueue(map[string]string{"/host": dial["/host"], "/whisper": "500"}), others: map[string]script{ann: {answers: AnswersYes, tone: 700}},
			rest: func(w *world) {
				w.at(time.Second)
				w.host(ann, "/host")
			},
			until: 4 * time.Second, heard: "1.3 hears 700 | 4.0 completed",
			asked: "/host | /left QueueResult=bridged | /over DialBridged=true | /wait | /whisper", alerts: []int{14211},
		},
		{
			name: "one that cannot be read", source: "dictionary: 12100",
			pages: enqueue(map[string]string{"/host": dial["/host"], "/whisper": `<Say>`}), others: map[string]script{ann: {answers: AnswersYes, tone: 700}},
			rest: func(w *world) {
				w.at(time.Second)
				w.host(ann, "/host")
			},
			until: 4 * time.Second, heard: "1.3 hears 700 | 4.0 completed",
			asked: "/host | /left QueueResult=bridged | /over DialBridged=true | /wait | /whisper", alerts: []int{12100},
		},
		{
			name: "a wait document that cannot be had is asked for again", source: "inferred",
			pages: enqueue(map[string]string{"/wait": "500"}), until: 3 * time.Second,
			heard: "3.0 completed", asked: "/left QueueResult=hangup QueueTime=3 | /wait | /wait", alerts: []int{11200, 11200},
		},
		{
			name: "one whose TwiML is no XML takes the caller out", source: "Twilio docs: Enqueue, QueueResult error",
			pages: enqueue(map[string]string{"/wait": `<Say>`}),
			heard: "0.0 say left | 0.5 completed", asked: "/left QueueResult=error QueueTime=0 QueueSid=* CallStatus=in-progress | /wait", alerts: []int{12100},
		},
		{
			name: "and one with an error in a verb, later on", source: "Twilio docs: Enqueue, QueueResult error",
			pages: enqueue(map[string]string{"/wait": `<Pause length="3"/><Redirect>/wrong</Redirect>`, "/wrong": `<Dial><Conference endConferenceOnExit="perhaps">c</Conference></Dial>`}),
			heard: "3.0 say left | 3.5 completed", asked: "/left QueueResult=error QueueTime=3 | /wait | /wrong", alerts: []int{13231},
		},
		{
			name: "without an action the next verb follows", source: "Twilio docs: Enqueue, action",
			pages: map[string]string{"/in": `<Enqueue waitUrl="/wait">q</Enqueue><Say>after</Say>`, "/wait": `<Say>`},
			heard: "0.0 say after | 0.5 completed", asked: "/wait", alerts: []int{12100},
		},
		{
			name: "a warning in it does not", source: "dictionary: a warning",
			pages: enqueue(map[string]string{"/wait": `<Sing/><Pause length="9"/>`}), until: 3 * time.Second,
			heard: "3.0 completed", asked: "/left QueueResult=hangup | /wait", alerts: []int{12200},
		},
		{
			name: "an error in the verb itself", source: "Twilio docs: Enqueue, QueueResult error; dictionary: 14202",
			pages: map[string]string{"/in": `<Enqueue action="/left" waitUrl="ftp://x">q</Enqueue>`},
			heard: "0.0 completed", asked: "/left QueueResult=error !QueueSid !QueueTime", alerts: []int{14202},
		},
		{
			name: "who hangs up while the whisper plays hung up", source: "Twilio docs: Enqueue, QueueResult hangup",
			pages: enqueue(map[string]string{"/host": dial["/host"], "/whisper": `<Pause length="9"/>`}), others: host,
			rest: func(w *world) {
				w.at(time.Second)
				w.host(ann, "/host")
			},
			until: 4 * time.Second, heard: "4.0 completed",
			asked: "/host | /left QueueResult=hangup QueueTime=1 CallStatus=completed | /over DialCallStatus=canceled DialBridged=false | /wait | /whisper",
		},
		{
			name: "who is left or redirected then was to be bridged", source: "Twilio docs: Enqueue, QueueResult; that it is bridging-in-process is inferred",
			pages: enqueue(map[string]string{"/host": dial["/host"], "/whisper": `<Pause length="9"/>`, "/left": `<Enqueue waitUrl="/wait" action="/left">q</Enqueue>`, "/b": `<Say>b</Say>`}), others: host,
			rest: func(w *world) {
				w.at(time.Second)
				w.host(ann, "/host")
				w.at(3 * time.Second)
				w.hangUp(ann)
				w.at(5 * time.Second)
				w.host(ann, "/host")
				w.at(7 * time.Second)
				w.redirect("/b")
			},
			heard: "7.0 say b | 7.5 completed",
			asked: "/b | /host | /host | /left QueueResult=bridging-in-process QueueTime=1 CallStatus=in-progress | /left QueueResult=bridging-in-process QueueTime=2 | /over | /over | /wait | /wait | /whisper | /whisper",
		},
		{
			name: "or ends the call, by a switch", source: "inferred",
			pages: enqueue(map[string]string{"/in": `<Pause/><Enqueue waitUrl="/wait" action="/left">q</Enqueue>`, "/wait": "500"}),
			rest:  func(w *world) { w.x.SetSwitches(Switches{EndOnWaitFailure: true}) },
			heard: "1.0 say " + apology + " | 4.4 completed", asked: "/left QueueResult=system-error QueueTime=3 | /wait", alerts: []int{11200},
		},
		{
			name: "a full queue", source: "Twilio docs: Enqueue; dictionary: 14207",
			pages: enqueue(map[string]string{"/in": `<Pause length="2"/><Enqueue action="/left">q</Enqueue>`, "/first": `<Enqueue waitUrl="/wait">q</Enqueue>`}), others: host,
			rest: func(w *world) {
				_, _ = w.x.CreateQueue("q", 1)
				w.at(time.Second)
				w.host(ann, "/first")
			},
			until: 3 * time.Second, heard: "2.0 say left | 2.5 completed", asked: "/first | /left QueueResult=queue-full !QueueSid !QueueTime | /wait", alerts: []int{14207},
		},
		{
			name: "a queue without a name", source: "dictionary: 14204",
			pages: map[string]string{"/in": `<Enqueue action="/left"></Enqueue>`},
			heard: "0.0 completed", asked: "/left QueueResult=error !QueueSid", alerts: []int{14204},
		},
		{
			name: "a name of more than 64 characters", source: "Twilio docs: Enqueue; dictionary: 14205",
			pages: in(`<Enqueue>` + strings.Repeat("é", 65) + `</Enqueue><Say>after</Say>`),
			heard: "0.0 say after | 0.5 completed", alerts: []int{14205},
		},
		{
			name: "there is no TaskRouter", source: "dictionary: 14226; the result is inferred",
			pages: map[string]string{"/in": `<Enqueue action="/left" workflowSid="WW0"/>`},
			heard: "0.0 completed", asked: "/left QueueResult=error", alerts: []int{14226},
		},
	})
}

func TestDialQueue(t *testing.T) {
	check(t, []row{
		{
			name: "one that does not exist", source: "Twilio docs: Queue; the status is inferred",
			pages: in(`<Dial action="/a"><Queue>none</Queue></Dial>`), heard: "0.0 completed", asked: "/a DialCallStatus=failed DialBridged=false",
		},
		{
			name: "an empty one is waited at until the timeout", source: "Twilio docs: Queue; the status is inferred",
			pages: in(`<Pause/><Dial action="/a" timeout="7"><Queue>q</Queue></Dial>`),
			rest:  func(w *world) { _, _ = w.x.CreateQueue("q", 0) },
			heard: "8.0 completed", asked: "/a DialCallStatus=no-answer",
		},
		{
			name: "who comes meanwhile is taken", source: "Twilio docs: Queue",
			pages:  map[string]string{"/in": `<Pause/><Dial action="/a"><Queue>q</Queue></Dial>`, "/late": `<Enqueue waitUrl="">q</Enqueue>`},
			others: map[string]script{ann: {answers: AnswersYes, tone: 700}},
			rest: func(w *world) {
				_, _ = w.x.CreateQueue("q", 0)
				w.at(5 * time.Second)
				w.host(ann, "/late")
				w.at(8 * time.Second)
				w.hangUp(ann)
			},
			heard: "5.3 hears 700 | 8.0 completed", asked: "/a DialCallStatus=completed DialCallDuration=3 DialCallSid=* | /late",
		},
		{
			name: "without a name", source: "dictionary: 14212; the status is inferred",
			pages: in(`<Dial action="/a"><Queue></Queue></Dial>`), heard: "0.0 completed", asked: "/a DialCallStatus=failed", alerts: []int{14212},
		},
		{
			name: "of a name that is too long", source: "dictionary: 14213; the status is inferred",
			pages: in(`<Dial action="/a"><Queue>` + strings.Repeat("q", 65) + `</Queue></Dial>`), heard: "0.0 completed", asked: "/a DialCallStatus=failed", alerts: []int{14213},
		},
		{
			name: "there is no TaskRouter", source: "dictionary: 14219; the status is inferred",
			pages: in(`<Dial action="/a"><Queue reservationSid="WR0"/></Dial>`), heard: "0.0 completed", asked: "/a DialCallStatus=failed", alerts: []int{14219},
		},
	})
}
