package exchange

import (
	"strings"
	"testing"
	"time"
)

func TestConference(t *testing.T) {
	room := func(attrs string) string {
		return `<Dial><Conference beep="false" waitUrl="" ` + attrs + `>studio</Conference></Dial>`
	}
	// told is a room whose Dial has an action.
	told := func(attrs string) string { return strings.Replace(room(attrs), "<Dial", `<Dial action="/a"`, 1) }
	pages := func(mine, theirs string) map[string]string {
		return map[string]string{"/in": room(mine), "/join": room(theirs), "/join2": room("")}
	}
	check(t, []row{
		{
			name: "who is alone hears Twilio's music, over and over", source: "Twilio docs: Conference, waitUrl",
			pages: in(`<Dial><Conference>studio</Conference></Dial>`), until: 15 * time.Second,
			heard: "0.0 play default music | 0.3 hears 620 | 10.0 play default music | 15.0 completed",
		},
		{
			name: "a wait document of one's own does not loop", source: "Twilio docs: Conference, waitUrl",
			pages: map[string]string{"/in": `<Dial><Conference waitUrl="/w">studio</Conference></Dial>`, "/w": `<Say>Soon</Say><Gather/>`},
			until: 15 * time.Second, heard: "0.0 say Soon | 15.0 completed", asked: "/w POST ConferenceSid=*", alerts: []int{13238},
		},
		{
			name: "two make a conference", source: "Twilio docs: Conference",
			pages: pages("", ""), caller: script{tone: 500},
			rest: func(w *world) {
				w.at(2 * time.Second)
				w.join("/join", script{tone: 700})
				w.at(4 * time.Second)
				w.hangUp("/join")
				w.heardBy("/join", "2.3 hears 500 | 4.0 completed")
			},
			until: 6 * time.Second, heard: "2.2 hears 700 | 4.2 hears | 6.0 completed",
		},
		{
			name: "a beep for those who come and go, heard by all", source: "Twilio docs: Conference, beep; its sound is ours",
			pages: map[string]string{"/in": `<Dial><Conference waitUrl="">studio</Conference></Dial>`, "/join": `<Dial><Conference beep="onEnter">studio</Conference></Dial>`, "/join2": `<Dial><Conference beep="onExit">studio</Conference></Dial>`},
			rest: func(w *world) {
				w.at(1 * time.Second)
				w.join("/join", script{})
				w.at(2 * time.Second)
				w.join("/join2", script{})
				w.at(3 * time.Second)
				w.hangUp("/join")
				w.at(4 * time.Second)
				w.hangUp("/join2")
			},
			until: 6 * time.Second, heard: "1.0 beep | 1.2 hears 1400 | 1.4 hears | 4.0 beep | 4.2 hears 1400 | 4.4 hears | 6.0 completed",
		},
		{
			name: "it does not start until somebody may start it", source: "Twilio docs: Conference, startConferenceOnEnter",
			pages: pages(`startConferenceOnEnter="false"`, `startConferenceOnEnter="false"`), caller: script{tone: 500},
			rest: func(w *world) {
				w.join("/join", script{tone: 700})
				w.at(2 * time.Second)
				w.join("/join2", script{tone: 900})
				w.at(4 * time.Second)
				w.heardBy("/join", "2.2 hears 500 900")
			},
			until: 4 * time.Second, heard: "2.2 hears 700 900 | 4.0 completed",
		},
		{
			name: "it ends with who ends it", source: "Twilio docs: Conference, endConferenceOnExit",
			pages: map[string]string{"/in": told(""), "/join": room(`endConferenceOnExit="true"`)},
			rest: func(w *world) {
				w.join("/join", script{})
				w.at(2 * time.Second)
				w.hangUp("/join")
			},
			heard: "2.0 completed", asked: "/a DialCallStatus=answered !DialCallSid !DialCallDuration",
		},
		{
			name: "a muted one hears and is not heard", source: "Twilio docs: Conference, muted",
			pages: pages(`muted="true"`, ""), caller: script{tone: 500},
			rest: func(w *world) {
				w.join("/join", script{tone: 700})
				w.at(2 * time.Second)
				w.heardBy("/join", "")
			},
			until: 2 * time.Second, heard: "0.3 hears 700 | 2.0 completed",
		},
		{
			name: "a full one lets nobody in", source: "dictionary: 16020; the status is inferred",
			pages: map[string]string{"/in": room(`maxParticipants="1"`), "/join": `<Dial action="/b"><Conference maxParticipants="1">studio</Conference></Dial>`},
			rest:  func(w *world) { w.join("/join", script{}) },
			until: time.Second, heard: "1.0 completed", asked: "/b DialCallStatus=failed", alerts: []int{16020},
		},
		{
			name: "one that rings has its place", source: "dictionary: 16020; that it counts is inferred",
			pages: in(`<Pause/>` + told(`maxParticipants="1"`)), others: map[string]script{ann: {answers: AnswersNo}},
			rest: func(w *world) {
				if _, err := w.x.Invite("studio", Invitation{Outgoing: Outgoing{From: "+12025550100", To: ann}}); err != nil {
					w.t.Error(err)
				}
			},
			heard: "1.0 completed", asked: "/a DialCallStatus=failed", alerts: []int{16020},
		},
		{
			name: "a label is one participant's", source: "dictionary: 16025",
			pages: map[string]string{"/in": room(`participantLabel="host"`), "/join": told(`participantLabel="host"`)},
			rest:  func(w *world) { w.join("/join", script{}) },
			until: time.Second, heard: "1.0 completed", asked: "/a DialCallStatus=failed", alerts: []int{16025},
		},
		{
			name: "somebody to coach who is in another conference", source: "dictionary: 13240",
			pages: map[string]string{"/in": room(""), "/join": `<Dial><Conference waitUrl="">other</Conference></Dial>`},
			rest: func(w *world) {
				other := w.join("/join", script{})
				w.mu.Lock()
				w.row.pages["/join2"] = told(`coach="` + other + `"`)
				w.mu.Unlock()
				w.join("/join2", script{})
			},
			until: time.Second, heard: "1.0 completed", asked: "/a DialCallStatus=failed", alerts: []int{13240},
		},
		{
			name: "a label that looks like an address", source: "dictionary: 16023", pages: in(room(`participantLabel="a/b"`)),
			heard: "0.0 say We are sorry, an application error has occurred. Goodbye. | 3.4 completed", alerts: []int{16023},
		},
		{
			name: "its callback answered with an error", source: "inferred: as 15003",
			pages: map[string]string{"/in": room(`statusCallback="/s" statusCallbackEvent="join"`), "/s": "500"},
			until: time.Second, heard: "1.0 completed", asked: "/s StatusCallbackEvent=participant-join", alerts: []int{15003},
		},
		{
			name: "it has a name", source: "dictionary: 13237", pages: in(`<Dial><Conference/></Dial><Say>x</Say>`),
			heard: "0.0 say x | 0.5 completed", alerts: []int{13237},
		},
		{
			name: "nobody to coach; a conference that nobody has entered is none", source: "dictionary: 13240",
			pages: in(told(`coach="CA0" statusCallback="/s" statusCallbackEvent="start end join leave"`)),
			heard: "0.0 completed", asked: "/a DialCallStatus=failed", alerts: []int{13240},
		},
		{
			name: "hangupOnStar and timeLimit leave it", source: "Twilio docs: Dial",
			pages:  map[string]string{"/in": `<Dial timeLimit="4"><Conference waitUrl="">s</Conference></Dial><Dial hangupOnStar="true"><Conference waitUrl="">s</Conference></Dial><Say>x</Say>`},
			caller: script{keys: "wwwww*"}, heard: "5.1 say x | 5.6 completed",
		},
		{
			name: "its events, by their order and with their parameters", source: "Twilio docs: Conference, statusCallbackEvent",
			pages: pages(`statusCallback="/s" statusCallbackEvent="start end join leave"`, `statusCallback="/never" participantLabel="host"`),
			rest: func(w *world) {
				w.join("/join", script{})
				w.at(2 * time.Second)
				w.hangUp("/join")
			},
			until: 3 * time.Second, heard: "3.0 completed",
			asked: "/s StatusCallbackEvent=participant-join SequenceNumber=1 FriendlyName=studio ConferenceSid=* Timestamp=* Muted=false Hold=false Coaching=false EndConferenceOnExit=false StartConferenceOnEnter=true !ParticipantLabel" +
				" | /s StatusCallbackEvent=participant-join SequenceNumber=2 ParticipantLabel=host CallSid=*" +
				" | /s StatusCallbackEvent=conference-start SequenceNumber=3 !CallSid" +
				" | /s StatusCallbackEvent=participant-leave SequenceNumber=4 ReasonParticipantLeft=participant_hung_up" +
				" | /s StatusCallbackEvent=participant-leave SequenceNumber=5" +
				" | /s StatusCallbackEvent=conference-end SequenceNumber=6 ReasonConferenceEnded=last-participant-left CallSidEndingConference=*",
		},
		{
			name: "it is recorded from its start", source: "Twilio docs: Conference, record",
			pages: pages(`record="record-from-start" trim="do-not-trim" recordingStatusCallback="/r" recordingStatusCallbackEvent="in-progress completed"`, ""),
			rest: func(w *world) {
				w.at(2 * time.Second)
				w.join("/join", script{tone: 700})
				w.at(4500 * time.Millisecond)
				w.hangUp("caller")
				w.hangUp("/join")
			},
			heard: "2.2 hears 700 | 4.5 completed",
			asked: "/r RecordingStatus=in-progress ConferenceSid=* RecordingSource=Conference | /r RecordingStatus=completed RecordingDuration=3 RecordingChannels=1 RecordingUrl=* ConferenceSid=*",
		},
		{
			name: "of silence at both ends nothing is kept", source: "Twilio docs: Conference, trim",
			pages: pages(`record="record-from-start" recordingStatusCallback="/r"`, ""), caller: script{tone: 500, speaks: 1500 * time.Millisecond},
			rest: func(w *world) {
				w.join("/join", script{})
				w.at(5 * time.Second)
				w.hangUp("/join")
				w.hangUp("caller")
			},
			heard: "5.0 completed", asked: "/r RecordingStatus=completed RecordingDuration=2",
		},
		{
			name: "who comes later can have it recorded from then on", source: "inferred",
			pages: pages("", `record="record-from-start" trim="do-not-trim" recordingStatusCallback="/r"`),
			rest: func(w *world) {
				w.join("/join2", script{})
				w.at(2 * time.Second)
				w.join("/join", script{})
				w.at(4500 * time.Millisecond)
				w.hangUp("/join")
				w.hangUp("/join2")
				w.hangUp("caller")
			},
			heard: "4.5 completed", asked: "/r RecordingStatus=completed RecordingDuration=3",
		},
		{
			name: "one in which nobody has met is not recorded", source: "Twilio docs: Conference, record",
			pages: pages(`record="record-from-start" recordingStatusCallback="/r" recordingStatusCallbackEvent="in-progress completed absent"`, ""),
			until: 3 * time.Second, heard: "3.0 completed",
		},
		{
			name: "eventCallbackUrl is the older name of recordingStatusCallback", source: "inferred",
			pages: pages(`record="record-from-start" eventCallbackUrl="/r"`, ""), caller: script{tone: 500},
			rest: func(w *world) {
				w.join("/join", script{})
				w.at(2 * time.Second)
				w.hangUp("/join")
			},
			until: 2 * time.Second, heard: "2.0 completed", asked: "/r RecordingStatus=completed RecordingSource=Conference",
		},
	})
}

// TestCoach is of three: who is coached hears the coach, the other does not.
func TestCoach(t *testing.T) {
	var agent string
	check(t, []row{{
		name: "coach", source: "Twilio docs: Conference, coach",
		pages: map[string]string{
			"/in":   `<Dial><Conference beep="false" waitUrl="">studio</Conference></Dial>`,
			"/join": `<Dial><Conference beep="false" waitUrl="">studio</Conference></Dial>`,
		},
		caller: script{tone: 500},
		rest: func(w *world) {
			agent = w.join("/join", script{tone: 700})
			w.mu.Lock()
			w.row.pages["/join2"] = `<Dial><Conference beep="false" waitUrl="" coach="` + agent + `">studio</Conference></Dial>`
			w.mu.Unlock()
			w.at(2 * time.Second)
			w.join("/join2", script{tone: 900})
			w.at(4 * time.Second)
			w.heardBy("/join", "0.3 hears 500 | 2.2 hears 500 900")
			w.heardBy("/join2", "2.3 hears 500 700")
		},
		until: 4 * time.Second, heard: "0.3 hears 700 | 4.0 completed",
	}})
}
