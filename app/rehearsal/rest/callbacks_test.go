package rest

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// next is what the application is told next; want is name=value, or name=* for
// any value and !name for none.
func (w *world) next(want ...string) url.Values {
	w.t.Helper()
	var v url.Values
	select {
	case v = <-w.told:
	case <-time.After(10 * time.Second):
		w.t.Fatalf("not told of %v", want)
	}
	for _, s := range want {
		if absent, is := strings.CutPrefix(s, "!"); is {
			if v.Has(absent) {
				w.t.Errorf("told %s=%s", absent, v.Get(absent))
			}
			continue
		}
		name, value, _ := strings.Cut(s, "=")
		if got := v.Get(name); got == "" || value != "*" && got != value {
			w.t.Errorf("told %s=%s, want %s, of %v", name, got, value, v)
		}
	}
	return v
}

// Twilio OpenAPI (Participant): ConferenceStatusCallbackEvent defaults to start
// and end.
func TestConferenceCallbacksByDefault(t *testing.T) {
	w := newWorld(t)
	first := w.made("/Conferences/line/Participants.json", url.Values{
		"From": {listeners}, "To": {quietOne}, "WaitUrl": {""}, "ConferenceStatusCallback": {w.app + "/told"},
	})
	w.made("/Conferences/line/Participants.json", url.Values{"From": {listeners}, "To": {quietOne}, "WaitUrl": {""}})
	conference := "ConferenceSid=" + first["conference_sid"].(string)
	w.next("StatusCallbackEvent=conference-start", "SequenceNumber=1", conference)
	w.do("POST", "/Conferences/"+first["conference_sid"].(string)+".json", url.Values{"Status": {"completed"}})
	w.next("StatusCallbackEvent=conference-end", "SequenceNumber=2", conference)
}

// Twilio docs: Conference, statusCallback; Twilio changelog, 2023-10-25: what
// became of the call of who leaves, also of who never came in.
func TestWhoLeavesAConference(t *testing.T) {
	w := newWorld(t)
	invite := func(to string, more url.Values) (call, conference string) {
		form := url.Values{"From": {listeners}, "To": {to}, "WaitUrl": {""}, "Beep": {"false"}}
		for name, v := range more {
			form[name] = v
		}
		p := w.made("/Conferences/line/Participants.json", form)
		return p["call_sid"].(string), p["conference_sid"].(string)
	}
	host, conference := invite(quietOne, url.Values{"ConferenceStatusCallback": {w.app + "/told"}, "ConferenceStatusCallbackEvent": {"leave"}})
	path := "/Conferences/" + conference + "/Participants"
	in := func(call string) {
		w.wait(path+"/"+call+".json", func(b map[string]any) bool { return b["status"] == "connected" })
	}
	in(host)
	busy, _ := invite(busyOne, nil)
	w.next("StatusCallbackEvent=participant-leave", "CallSid="+busy, "ParticipantCallStatus=busy", "ReasonParticipantLeft=participant_add_failed")
	rung, _ := invite(noOne, nil)
	w.gone(path + "/" + rung + ".json")
	w.next("CallSid="+rung, "ParticipantCallStatus=canceled", "ReasonParticipantLeft=participant_add_failed")
	caller, _ := invite(quietOne, nil)
	in(caller)
	w.x.HangUp(caller)
	w.next("CallSid="+caller, "ParticipantCallStatus=completed", "ReasonParticipantLeft=participant_hung_up")
	moved := w.call(quietOne, line(""))
	in(moved)
	w.do("POST", "/Calls/"+moved+".json", url.Values{"Twiml": {holdOn}})
	w.next("CallSid="+moved, "ParticipantCallStatus=in-progress", "ReasonParticipantLeft=participant_updated_via_api")
	w.end(host)
	w.next("CallSid="+host, "ParticipantCallStatus=completed")
}

// Twilio docs: Call, StatusCallback: RecordingUrl is there only if Record was
// true, and only in the completed one.
func TestTheLastCallbackTellsOfTheRecording(t *testing.T) {
	w := newWorld(t)
	form := url.Values{
		"From": {listeners}, "To": {toneOne}, "Twiml": {holdOn}, "StatusCallback": {w.app + "/told"},
		"StatusCallbackEvent": {"answered completed"}, "Record": {"true"},
	}
	sid := w.made("/Calls.json", form)["sid"].(string)
	w.next("CallStatus=in-progress", "CallSid="+sid, "!RecordingUrl")
	w.end(sid)
	v := w.next("CallStatus=completed", "RecordingSid=*", "RecordingDuration=*")
	if want := "https://api.twilio.com/2010-04-01/Accounts/" + w.x.Account().Sid + "/Recordings/" + v.Get("RecordingSid"); v.Get("RecordingUrl") != want {
		t.Errorf("RecordingUrl %s, want %s", v.Get("RecordingUrl"), want)
	}
	form.Del("Record")
	sid = w.made("/Calls.json", form)["sid"].(string)
	w.next("CallStatus=in-progress", "CallSid="+sid)
	w.made("/Calls/"+sid+"/Recordings.json", nil) // in another way
	w.end(sid)
	w.next("CallStatus=completed", "!RecordingUrl", "!RecordingSid")
}

// Twilio docs: Outbound Message Status in Status Callbacks: the status that a
// message is made with is not called back.
func TestWhatBecomesOfAMessage(t *testing.T) {
	w := newWorld(t)
	send := func(more ...string) string {
		form := url.Values{"From": {listeners}, "To": {quietOne}, "Body": {"x"}}
		for i := 0; i < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return w.made("/Messages.json", form)["sid"].(string)
	}
	sid := send("StatusCallback", w.app+"/told")
	w.next("MessageStatus=sent", "SmsStatus=sent", "MessageSid="+sid, "SmsSid="+sid, "From="+listeners, "To="+quietOne, "AccountSid=*", "ApiVersion=*")
	w.next("MessageStatus=delivered", "MessageSid="+sid)
	sid = send("StatusCallback", w.app+"/told", "MessagingServiceSid", "MG0")
	w.next("MessageStatus=queued", "MessageSid="+sid, "MessagingServiceSid=MG0")
	w.next("MessageStatus=sent")
	w.next("MessageStatus=delivered")
	// Twilio docs: Message, ApplicationSid.
	app := w.made("/Applications.json", url.Values{"MessageStatusCallback": {w.app + "/told?app"}})["sid"].(string)
	sid = send("ApplicationSid", app)
	w.next("MessageStatus=sent", "MessageSid="+sid)
	w.next("MessageStatus=delivered")
}

// Twilio OpenAPI (IncomingPhoneNumber): a text goes where the number's
// application says, and not to the number's own URL.
func TestATextGoesToTheNumbersApplication(t *testing.T) {
	w := newWorld(t)
	app := w.made("/Applications.json", url.Values{"SmsUrl": {w.app + "/told?of=app"}})["sid"].(string)
	number := w.first("/IncomingPhoneNumbers.json?PhoneNumber=%2B12025550100", "incoming_phone_numbers")["sid"].(string)
	set := func(form url.Values) { w.do("POST", "/IncomingPhoneNumbers/"+number+".json", form) }
	set(url.Values{"SmsUrl": {w.app + "/told?of=number"}, "SmsApplicationSid": {app}})
	text := func() {
		if err := w.x.Receive(quietOne, listeners, "Hi"); err != nil {
			t.Fatal(err)
		}
	}
	text()
	w.next("of=app", "Body=Hi", "SmsStatus=received")
	set(url.Values{"SmsApplicationSid": {""}})
	text()
	w.next("of=number", "Body=Hi")
}
