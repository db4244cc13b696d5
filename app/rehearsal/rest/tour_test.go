package rest

import (
	"errors"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	monitor "github.com/twilio/twilio-go/rest/monitor/v1"
)

// A tour with unmodified twilio-go through all that a call-in programme does:
// make a queue, fill it, list it, move a caller, hold, record, close.
func TestTour(t *testing.T) {
	w := newWorld(t)
	c := w.api()
	do := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	// A queue, filled with five callers.
	queue, err := c.CreateQueue((&api.CreateQueueParams{}).SetFriendlyName("q").SetMaxSize(100))
	do("make a queue", err)
	var callers []string
	for i := range 5 {
		made, err := c.CreateCall((&api.CreateCallParams{}).SetTo(toneOne).SetFrom(listeners).SetTwiml(enqueue))
		do("make a call", err)
		callers = append(callers, *made.Sid)
		for deadline := time.Now().Add(10 * time.Second); queue.CurrentSize <= i && time.Now().Before(deadline); {
			queue, err = c.FetchQueue(*queue.Sid, nil)
			do("fetch the queue", err)
		}
	}
	// Listed, by pages that twilio-go walks itself.
	members, err := c.ListMember(*queue.Sid, (&api.ListMemberParams{}).SetPageSize(2))
	do("list members", err)
	if len(members) != 5 {
		t.Fatalf("%d members", len(members))
	}
	for i, m := range members {
		if *m.CallSid != callers[i] || m.Position != i+1 {
			t.Errorf("member %d is %s at %d", i, *m.CallSid, m.Position)
		}
	}
	front, err := c.FetchMember(*queue.Sid, "Front", nil)
	do("fetch the front", err)
	// Moved: the front by Member, the next by Call, to a line with a host.
	host, err := c.CreateParticipant("line", (&api.CreateParticipantParams{}).SetFrom(listeners).SetTo(toneOne).SetLabel("host").
		SetBeep("false").SetWaitUrl(w.app+"/quiet").SetConferenceRecord("true"))
	do("call the host", err)
	_, err = c.UpdateMember(*queue.Sid, "Front", (&api.UpdateMemberParams{}).SetUrl(w.app+"/line"))
	do("move the front", err)
	_, err = c.UpdateCall(callers[1], (&api.UpdateCallParams{}).SetTwiml(line("")))
	do("move a call", err)
	conference := *host.ConferenceSid
	on := func(want int) []api.ApiV2010Participant {
		t.Helper()
		var all []api.ApiV2010Participant
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
			all, err = c.ListParticipant(conference, (&api.ListParticipantParams{}).SetPageSize(1))
			do("list participants", err)
			connected := 0
			for _, p := range all {
				if *p.Status == "connected" {
					connected++
				}
			}
			if connected == want {
				return all
			}
		}
		t.Fatalf("on the line: %+v", all)
		return nil
	}
	on(3)
	// Held, muted, let back, taken off.
	held, err := c.UpdateParticipant(conference, *front.CallSid, (&api.UpdateParticipantParams{}).SetHold(true).SetHoldUrl(w.app+"/quiet"))
	do("hold", err)
	if !*held.Hold {
		t.Error("not held")
	}
	_, err = c.UpdateParticipant(conference, "host", (&api.UpdateParticipantParams{}).SetMuted(true))
	do("mute", err)
	if muted, err := c.ListParticipant(conference, (&api.ListParticipantParams{}).SetMuted(true)); err != nil || len(muted) != 1 {
		t.Errorf("muted: %+v %v", muted, err)
	}
	_, err = c.FetchParticipant(conference, "host", nil)
	do("fetch the host", err)
	do("take off", c.DeleteParticipant(conference, callers[1], nil))
	on(2)
	// Recorded: the conference is, and a call.
	rooms, err := c.ListConferenceRecording(conference, nil)
	do("list the conference's recordings", err)
	if len(rooms) != 1 {
		t.Fatalf("%d recordings of the conference", len(rooms))
	}
	_, err = c.UpdateConferenceRecording(conference, *rooms[0].Sid, (&api.UpdateConferenceRecordingParams{}).SetStatus("paused"))
	do("pause", err)
	_, err = c.UpdateConferenceRecording(conference, "Twilio.CURRENT", (&api.UpdateConferenceRecordingParams{}).SetStatus("in-progress"))
	do("resume", err)
	recording, err := c.CreateCallRecording(callers[2], (&api.CreateCallRecordingParams{}).SetRecordingChannels("dual"))
	do("record a call", err)
	_, err = c.FetchCallRecording(callers[2], *recording.Sid, nil)
	do("fetch its recording", err)
	_, err = c.UpdateCallRecording(callers[2], *recording.Sid, (&api.UpdateCallRecordingParams{}).SetStatus("stopped"))
	do("stop", err)
	// Closed.
	_, err = c.UpdateConference(conference, (&api.UpdateConferenceParams{}).SetStatus("completed"))
	do("end the conference", err)
	for _, sid := range callers[2:] {
		_, err := c.UpdateCall(sid, (&api.UpdateCallParams{}).SetStatus("completed"))
		do("end a call", err)
	}
	do("delete the queue", c.DeleteQueue(*queue.Sid, nil))
	if left, err := c.ListCall((&api.ListCallParams{}).SetStatus("in-progress")); err != nil || len(left) != 0 {
		for _, l := range left {
			w.wait("/Calls/"+*l.Sid+".json", func(b map[string]any) bool { return b["status"] == "completed" })
		}
	}
	// What is left of it all.
	ended, err := c.ListConference((&api.ListConferenceParams{}).SetStatus("completed").SetFriendlyName("line"))
	do("list conferences", err)
	if len(ended) != 1 || *ended[0].ReasonConferenceEnded != "conference-ended-via-api" {
		t.Errorf("%+v", ended)
	}
	calls, err := c.ListCall((&api.ListCallParams{}).SetPageSize(2).SetStartTimeAfter(time.Now().Add(-time.Hour)))
	do("list calls", err)
	if len(calls) != 6 {
		t.Errorf("%d calls", len(calls))
	}
	recordings, err := c.ListRecording((&api.ListRecordingParams{}).SetDateCreatedAfter(time.Now().Add(-time.Hour)))
	do("list recordings", err)
	if len(recordings) != 2 {
		t.Errorf("%d recordings", len(recordings))
	}
	for _, r := range recordings {
		do("delete a recording", c.DeleteRecording(*r.Sid, nil))
	}
	events, err := c.ListCallEvent(*front.CallSid, nil)
	do("list events", err)
	if len(events) < 2 { // made over REST, then asked for the line
		t.Errorf("%+v", events)
	}
	usage, err := c.ListUsageRecord((&api.ListUsageRecordParams{}).SetCategory("calls"))
	do("usage", err)
	if len(usage) != 1 || *usage[0].Count != "6" || *usage[0].Usage != "6" || *usage[0].Price < 0.08 {
		t.Errorf("%+v", usage)
	}
	today, err := c.ListUsageRecordToday((&api.ListUsageRecordTodayParams{}).SetCategory("calls-outbound"))
	do("usage today", err)
	if len(today) != 1 || *today[0].Count != "6" {
		t.Errorf("%+v", today)
	}
	do("delete a call", c.DeleteCall(callers[0], nil))
	if _, err := c.FetchCall(callers[0], nil); err == nil {
		t.Error("a deleted call is shown")
	}
	_, err = monitor.NewApiServiceWithClient(w.client()).ListAlert(nil)
	do("list alerts", err)
}

// What twilio-go is refused, and what becomes of its texts; the same by the
// other libraries is in frontend/e2e/tour.
func TestTourOfRefusals(t *testing.T) {
	w := newWorld(t)
	c := w.api()
	refused := func(what string, want int, err error) {
		t.Helper()
		var said *client.TwilioRestError
		if !errors.As(err, &said) || said.Code != want {
			t.Errorf("%s: %v, want %d", what, err, want)
		}
	}
	text := func(from, to string) (*api.ApiV2010Message, error) {
		return c.CreateMessage((&api.CreateMessageParams{}).SetFrom(from).SetTo(to).SetBody("Sorry"))
	}
	sent, err := text(listeners, quietOne)
	if err != nil || *sent.Status != "queued" {
		t.Fatalf("%+v %v", sent, err)
	}
	if now, err := c.FetchMessage(*sent.Sid, nil); err != nil || *now.Status != "delivered" {
		t.Errorf("%+v %v", now, err)
	}
	_, err = text("+12025550199", quietOne)
	refused("a text from another's number", 21606, err)
	_, err = text(listeners, "nobody")
	refused("a text to no number", 21211, err)
	_, err = c.PageQueue(nil, "nonsense", "1")
	refused("a token that is none", 21481, err)
	_, err = c.CreateCall((&api.CreateCallParams{}).SetTo(quietOne).SetFrom(listeners).SetTwiml(holdOn).SetSendDigits("1,2"))
	refused("keys that there are not", 21206, err)
	_, err = c.CreateParticipant("line", (&api.CreateParticipantParams{}).SetTo(quietOne).SetFrom(listeners).SetMaxParticipants(251))
	refused("too large a conference", 20001, err)
	numbers, err := c.ListIncomingPhoneNumber((&api.ListIncomingPhoneNumberParams{}).SetPhoneNumber(listeners))
	if err != nil || len(numbers) != 1 {
		t.Fatalf("%+v %v", numbers, err)
	}
	_, err = c.UpdateIncomingPhoneNumber(*numbers[0].Sid, (&api.UpdateIncomingPhoneNumberParams{}).SetVoiceMethod("put"))
	refused("a method that is none", 21403, err)
	key, err := c.CreateNewKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	standard := w.client()
	standard.Credentials = client.NewCredentials(*key.Sid, *key.Secret)
	c = api.NewApiServiceWithClient(standard)
	if _, err := c.ListCall(nil); err != nil {
		t.Error(err)
	}
	_, err = c.ListKey(nil)
	refused("a Standard key's keys", 20003, err)
	_, err = c.FetchAccount(w.x.Account().Sid)
	refused("a Standard key's account", 20003, err)
}
