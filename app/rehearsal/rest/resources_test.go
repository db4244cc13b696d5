package rest

import (
	"maps"
	"net/url"
	"testing"
	"time"
)

// days adds today and tomorrow, in UTC, to a table's names.
func days(names map[string]string) map[string]string {
	now := time.Now().UTC()
	maps.Copy(names, map[string]string{"today": now.Format(time.DateOnly), "tomorrow": now.AddDate(0, 0, 1).Format(time.DateOnly)})
	return names
}

func TestRulesOfConferences(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Conference", "GET /Conferences.json", "", 200, "conferences#1", ""},
		{"Twilio docs: Conference", "GET /Conferences.json?FriendlyName=line&Status=in-progress", "", 200, "conferences#1", ""},
		{"Twilio docs: Conference", "GET /Conferences.json?FriendlyName=other", "", 200, "conferences#0", ""},
		{"Twilio docs: Conference", "GET /Conferences.json?DateCreated={today}&DateUpdated%3E={today}", "", 200, "conferences#1", ""},
		{"Twilio docs: Conference", "GET /Conferences.json?DateCreated%3C={today}", "", 200, "conferences#0", ""},
		{"inferred", "GET /Conferences.json?Status=over", "", 400, "code=20001", ""},
		{"Twilio docs: Conference", "GET /Conferences/{c}.json", "", 200, "friendly_name=line status=in-progress region=us1 reason_conference_ended=null call_sid_ending_conference=null", ""},
		{"Twilio errors: 20404", "GET /Conferences/CF0.json", "", 404, "code=20404", ""},
		{"Twilio docs: Participant", "GET /Conferences/{c}/Participants.json", "", 200, "participants#2", ""},
		{"Twilio errors: 20404", "GET /Conferences/CF0/Participants.json", "", 404, "code=20404", ""},
		{"Twilio docs: Participant (a label serves too)", "GET /Conferences/{c}/Participants/host.json", "", 200, "call_sid={host} label=host muted=false hold=false coaching=false call_sid_to_coach=null status=connected start_conference_on_enter=true end_conference_on_exit=false", ""},
		{"Twilio errors: 20404", "GET /Conferences/{c}/Participants/CA0.json", "", 404, "code=20404", ""},
		{"Twilio docs: Participant", "POST /Conferences/{c}/Participants/{caller}.json", "Muted=true", 200, "muted=true hold=false", ""},
		{"Twilio docs: Participant", "POST /Conferences/{c}/Participants/{caller}.json", "Hold=True&HoldUrl={app}/quiet&HoldMethod=post", 200, "muted=true hold=true", ""},
		{"Twilio docs: Participant", "GET /Conferences/{c}/Participants.json?Muted=true&Hold=true", "", 200, "participants#1", ""},
		{"Twilio docs: Participant", "GET /Conferences/{c}/Participants.json?Muted=false", "", 200, "participants#1", ""},
		{"Twilio docs: Participant", "GET /Conferences/{c}/Participants.json?Coaching=true", "", 200, "participants#0", ""},
		{"inferred", "GET /Conferences/{c}/Participants.json?Hold=maybe", "", 400, "code=20001", ""},
		{"inferred", "POST /Conferences/{c}/Participants/host.json", "Muted=maybe", 400, "code=20001", ""},
		{"Twilio errors: 21205", "POST /Conferences/{c}/Participants/host.json", "HoldUrl=/relative", 400, "code=21205", ""},
		{"Twilio errors: 21209", "POST /Conferences/{c}/Participants/host.json", "AnnounceUrl={app}/&AnnounceMethod=PUT", 400, "code=21209", ""},
		{"Twilio OpenAPI (GET or POST)", "POST /Conferences/{c}.json", "AnnounceUrl={app}/&AnnounceMethod=delete", 400, "code=21209", ""},
		{"Twilio OpenAPI (GET or POST)", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&ConferenceStatusCallbackMethod=PUT", 400, "code=21209", ""},
		{"Twilio OpenAPI (GET or POST)", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&WaitMethod=HEAD", 400, "code=21209", ""},
		{"Twilio docs: Participant", "POST /Conferences/{c}/Participants/host.json", "CallSidToCoach={caller}", 200, "coaching=true call_sid_to_coach={caller}", ""},
		{"Twilio docs: Participant", "GET /Conferences/{c}/Participants.json?Coaching=true", "", 200, "participants#1", ""},
		{"Twilio docs: Participant", "POST /Conferences/{c}/Participants/host.json", "Coaching=false", 200, "coaching=false call_sid_to_coach=null", ""},
		{"Twilio errors: 16028", "POST /Conferences/{c}/Participants/host.json", "CallSidToCoach=CA0", 400, "code=16028", ""},
		{"inferred", "POST /Conferences/{c}/Participants/host.json", "Coaching=true", 400, "code=20001", ""},
		{"Twilio docs: Participant", "POST /Conferences/{c}/Participants/host.json", "EndConferenceOnExit=true&BeepOnExit=true&WaitUrl={app}/quiet&AnnounceUrl={app}/", 200, "end_conference_on_exit=true", ""},
		{"Twilio docs: Participant (create)", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550190&Label=late&Muted=true&EndConferenceOnExit=true&StartConferenceOnEnter=false&Beep=false", 201, "label=late muted=true conference_sid={c} end_conference_on_exit=true start_conference_on_enter=false", "late"},
		{"Twilio docs: Participant (who is called is in the list)", "GET /Conferences/{c}/Participants.json", "", 200, "participants#3", ""},
		{"Twilio docs: Participant (create)", "POST /Conferences/{c}/Participants.json", "From=client:desk&To=client:ana&Timeout=5", 201, "call_sid=* label=null", "ana"},
		{"Twilio errors: 16025", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&Label=late", 400, "code=16025", ""},
		{"Twilio errors: 16024", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&Label=a/b", 400, "code=16024", ""},
		{"Twilio errors: 16028", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&CallSidToCoach=CA0", 400, "code=16028", ""},
		{"inferred", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&MaxParticipants=2", 400, "code=16020", ""},
		{"Twilio OpenAPI (2 to 250)", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&MaxParticipants=0", 400, "code=20001", ""},
		{"Twilio OpenAPI (2 to 250)", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&MaxParticipants=1", 400, "code=20001", ""},
		{"Twilio OpenAPI (2 to 250)", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&MaxParticipants=251", 400, "code=20001", ""},
		{"Twilio errors: 21206", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&SendDigits=1,2", 400, "code=21206", ""},
		{"Twilio errors: 21201", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100", 400, "code=21201", ""},
		{"Twilio errors: 21213", "POST /Conferences/{c}/Participants.json", "To=%2B16175550100", 400, "code=21213", ""},
		{"Twilio docs: Participant (create)", "POST /Conferences/{c}/Participants.json", "From=%2B12025550100&To=%2B16175550100&Beep=loud", 400, "code=20001", ""},
		{"Twilio errors: 20404", "POST /Conferences/CF00000000000000000000000000000000/Participants.json", "From=%2B12025550100&To=%2B16175550100", 404, "code=20404", ""},
		{"Twilio docs: Participant", "DELETE /Conferences/{c}/Participants/late.json", "", 204, "", ""},
		{"inferred", "GET /Calls/{late}.json", "", 200, "status=canceled", ""},
		{"Twilio docs: Participant", "DELETE /Conferences/{c}/Participants/{caller}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "DELETE /Conferences/{c}/Participants/{caller}.json", "", 404, "code=20404", ""},
		{"inferred", "POST /Conferences/{c}.json", "Status=over", 400, "code=20001", ""},
		{"Twilio errors: 21205", "POST /Conferences/{c}.json", "AnnounceUrl=/relative", 400, "code=21205", ""},
		{"Twilio docs: Conference", "POST /Conferences/{c}.json", "AnnounceUrl={app}/", 200, "status=in-progress", ""},
		{"Twilio docs: Conference", "POST /Conferences/{c}.json", "Status=completed", 200, "status=completed reason_conference_ended=conference-ended-via-api", ""},
		{"inferred", "POST /Conferences/{c}.json", "Status=completed", 404, "code=20404", ""},
		{"Twilio docs: Participant (none of an ended conference)", "GET /Conferences/{c}/Participants.json", "", 200, "participants#0", ""},
		{"Twilio docs: Participant (a name makes a conference)", "POST /Conferences/new%20room/Participants.json", "From=%2B12025550100&To=%2B16175550190", 201, "conference_sid=*", ""},
		{"Twilio docs: Conference", "GET /Conferences.json?FriendlyName=new+room&Status=init", "", 200, "conferences#1", ""},
	}, func(w *world) map[string]string {
		host := w.call(quietOne, line(`participantLabel="host"`))
		c := w.first("/Conferences.json", "conferences")["sid"].(string)
		caller := w.call(quietOne, line(""))
		w.wait("/Conferences/"+c+".json", func(b map[string]any) bool { return b["status"] == "in-progress" })
		return days(map[string]string{"c": c, "host": host, "caller": caller})
	})
}

func TestRulesOfRecordings(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Recording", "POST /Calls/{live}/Recordings.json", "RecordingChannels=dual&RecordingTrack=both&Trim=do-not-trim", 201, "status=in-progress channels=2 source=StartCallRecordingAPI track=both duration=null call_sid={live} conference_sid=null", "r"},
		{"inferred", "POST /Calls/{live}/Recordings.json", "RecordingChannels=three", 400, "code=20001", ""},
		{"Twilio errors: 21205", "POST /Calls/{live}/Recordings.json", "RecordingStatusCallback=/relative", 400, "code=21205", ""},
		{"Twilio OpenAPI (GET or POST)", "POST /Calls/{live}/Recordings.json", "RecordingStatusCallbackMethod=PUT", 400, "code=21209", ""},
		{"Twilio errors: 21220", "POST /Calls/{done}/Recordings.json", "", 400, "code=21220", ""},
		{"Twilio errors: 20404", "POST /Calls/CA0/Recordings.json", "", 404, "code=20404", ""},
		{"Twilio docs: Recording", "GET /Calls/{live}/Recordings.json", "", 200, "recordings#1", ""},
		{"Twilio docs: Recording", "GET /Calls/{live}/Recordings/{r}.json", "", 200, "sid={r}", ""},
		{"Twilio errors: 20404", "GET /Calls/{done}/Recordings/{r}.json", "", 404, "code=20404", ""},
		{"Twilio docs: Recording", "POST /Calls/{live}/Recordings/{r}.json", "Status=paused&PauseBehavior=skip", 200, "status=paused", ""},
		{"inferred", "POST /Calls/{live}/Recordings/{r}.json", "Status=paused&PauseBehavior=wait", 400, "code=20001", ""},
		{"Twilio docs: Recording (Twilio.CURRENT)", "POST /Calls/{live}/Recordings/Twilio.CURRENT.json", "Status=in-progress", 200, "sid={r} status=in-progress", ""},
		{"inferred", "POST /Calls/{live}/Recordings/{r}.json", "Status=over", 400, "code=20001", ""},
		{"inferred", "DELETE /Recordings/{r}.json", "", 409, "code=20009", ""},
		{"inferred", "GET /Recordings/{r}.wav", "", 404, "code=20404", ""},
		{"Twilio docs: Recording", "POST /Calls/{live}/Recordings/{r}.json", "Status=stopped", 200, "status=stopped", ""},
		{"inferred", "POST /Calls/{live}/Recordings/{r}.json", "Status=paused", 400, "code=21220", ""},
		{"Twilio errors: 20404", "POST /Calls/{live}/Recordings/Twilio.CURRENT.json", "Status=paused", 404, "code=20404", ""},
		{"Twilio docs: Recording", "GET /Recordings/{r}.json", "", 200, "status=completed duration=1 media_url=* error_code=null", ""},
		{"Twilio docs: Recording", "GET /Recordings.json?CallSid={live}&DateCreated={today}", "", 200, "recordings#1", ""},
		{"Twilio docs: Recording", "GET /Recordings.json?DateCreated%3E={tomorrow}", "", 200, "recordings#0", ""},
		{"Twilio docs: Recording", "GET /Recordings.json?ConferenceSid={c}", "", 200, "recordings#1", ""},
		{"Twilio docs: Recording", "GET /Conferences/{c}/Recordings.json", "", 200, "recordings#1", ""},
		{"Twilio docs: Recording", "GET /Conferences/{c}/Recordings/{cr}.json", "", 200, "source=Conference conference_sid={c} status=in-progress", ""},
		{"Twilio docs: Recording", "POST /Conferences/{c}/Recordings/Twilio.CURRENT.json", "Status=paused", 200, "sid={cr} status=paused", ""},
		{"Twilio docs: Recording", "POST /Conferences/{c}/Recordings/{cr}.json", "Status=stopped", 200, "status=stopped", ""},
		{"Twilio docs: Recording", "DELETE /Conferences/{c}/Recordings/{cr}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "GET /Recordings/{cr}.json", "", 404, "code=20404", ""},
		{"Twilio errors: 20404", "GET /Conferences/CF0/Recordings.json", "", 404, "code=20404", ""},
		{"Twilio docs: Recording", "DELETE /Calls/{live}/Recordings/{r}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "DELETE /Recordings/{r}.json", "", 404, "code=20404", ""},
	}, func(w *world) map[string]string {
		live, done := w.call(toneOne, holdOn), w.call(quietOne, holdOn)
		w.end(done)
		c := w.made("/Conferences/line/Participants.json", url.Values{"From": {listeners}, "To": {toneOne}, "ConferenceRecord": {"record-from-start"}, "WaitUrl": {w.app + "/quiet"}})["conference_sid"].(string)
		// A conference starts with the second participant, and its recording with it.
		w.made("/Conferences/line/Participants.json", url.Values{"From": {listeners}, "To": {quietOne}})
		cr := w.first("/Conferences/"+c+"/Recordings.json", "recordings")["sid"].(string)
		return days(map[string]string{"live": live, "done": done, "c": c, "cr": cr})
	})
}

func TestRulesOfNumbers(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Application", "POST /Applications.json", "FriendlyName=desk&VoiceUrl={app}/quiet&PublicApplicationConnectEnabled=true", 201, "friendly_name=desk voice_method=POST public_application_connect_enabled=true", "a"},
		{"Twilio docs: IncomingPhoneNumber", "GET /IncomingPhoneNumbers.json", "", 200, "incoming_phone_numbers#2", ""},
		{"Twilio docs: IncomingPhoneNumber (a pattern)", "GET /IncomingPhoneNumbers.json?PhoneNumber=%2B1202*100", "", 200, "incoming_phone_numbers#1", ""},
		{"Twilio docs: IncomingPhoneNumber", "GET /IncomingPhoneNumbers.json?FriendlyName=Dial-in&Beta=false", "", 200, "incoming_phone_numbers#1", ""},
		{"Twilio docs: IncomingPhoneNumber", "GET /IncomingPhoneNumbers/Local.json", "", 200, "incoming_phone_numbers#2", ""},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers.json", "", 200, "countries#4", ""},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers/US.json", "", 200, "country_code=US", ""},
		{"inferred", "GET /AvailablePhoneNumbers/XX.json", "", 404, "code=20404", ""},
		{"inferred", "GET /AvailablePhoneNumbers/XX/Local.json", "", 404, "code=20404", ""},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers/US/Local.json?AreaCode=415", "", 200, "available_phone_numbers#10", ""},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers/US/Local.json?InRegion=MA&PageSize=3", "", 200, "available_phone_numbers#3", ""},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers/US/Local.json?InLocality=Austin&Contains=55501*7", "", 200, "available_phone_numbers#1", ""},
		{"Twilio docs: AvailablePhoneNumber (letters are keys)", "GET /AvailablePhoneNumbers/US/Local.json?Contains=KJK0157", "", 200, "available_phone_numbers#6", ""},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers/US/Local.json?MmsEnabled=true", "", 200, "available_phone_numbers#0", ""},
		{"inferred", "GET /AvailablePhoneNumbers/US/Local.json?MmsEnabled=maybe", "", 400, "code=20001", ""},
		{"Twilio docs: IncomingPhoneNumber", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B14155550151&VoiceUrl={app}/quiet&FriendlyName=Studio", 201, "phone_number=+14155550151 friendly_name=Studio voice_url={app}/quiet voice_method=POST", "n"},
		{"Twilio docs: AvailablePhoneNumber", "GET /AvailablePhoneNumbers/US/Local.json?AreaCode=415", "", 200, "available_phone_numbers#9", ""},
		{"Twilio errors: 21422", "POST /IncomingPhoneNumbers.json", "PhoneNumber=%2B14155550151", 400, "code=21422", ""},
		{"Twilio errors: 21421", "POST /IncomingPhoneNumbers.json", "PhoneNumber=415", 400, "code=21421", ""},
		{"Twilio docs: Test credentials", "POST /IncomingPhoneNumbers.json", "AreaCode=533", 400, "code=21452", ""},
		{"inferred", "POST /IncomingPhoneNumbers.json", "", 400, "code=21402", ""},
		{"Twilio docs: IncomingPhoneNumber", "POST /IncomingPhoneNumbers/Local.json", "AreaCode=206", 201, "friendly_name=(206)+555-0150 phone_number=+12065550150", ""},
		{"Twilio docs: IncomingPhoneNumber", "POST /IncomingPhoneNumbers/{n}.json", "VoiceUrl=&StatusCallback={app}/told&VoiceCallerIdLookup=true&VoiceApplicationSid={a}", 200, "voice_url=null status_callback={app}/told voice_caller_id_lookup=true voice_application_sid={a}", ""},
		{"Twilio OpenAPI: IncomingPhoneNumber (a trunk deletes the application)", "POST /IncomingPhoneNumbers/{n}.json", "TrunkSid=TK00000000000000000000000000000001", 200, "trunk_sid=TK00000000000000000000000000000001 voice_application_sid=null", ""},
		{"Twilio OpenAPI: IncomingPhoneNumber", "POST /IncomingPhoneNumbers/{n}.json", "VoiceApplicationSid=", 200, "trunk_sid=TK00000000000000000000000000000001 voice_application_sid=null", ""},
		{"Twilio OpenAPI: IncomingPhoneNumber (and an application the trunk)", "POST /IncomingPhoneNumbers/{n}.json", "VoiceApplicationSid={a}&VoiceReceiveMode=fax", 200, "trunk_sid=null voice_application_sid={a} voice_receive_mode=fax", ""},
		{"Twilio OpenAPI: IncomingPhoneNumber (voice or fax)", "POST /IncomingPhoneNumbers/{n}.json", "VoiceReceiveMode=both", 400, "code=20001", ""},
		{"Twilio errors: 21205", "POST /IncomingPhoneNumbers/{n}.json", "VoiceUrl=ftp://x/", 400, "code=21205", ""},
		{"Twilio errors: 21403", "POST /IncomingPhoneNumbers/{n}.json", "VoiceMethod=PUT", 400, "code=21403", ""},
		{"inferred", "POST /IncomingPhoneNumbers/{n}.json", "VoiceMethod=get&SmsFallbackMethod=Get", 200, "voice_method=GET sms_fallback_method=GET", ""},
		{"inferred", "POST /IncomingPhoneNumbers/{n}.json", "VoiceMethod=&SmsFallbackMethod=post", 200, "voice_method=GET sms_fallback_method=POST", ""},
		{"Twilio errors: 20404", "GET /IncomingPhoneNumbers/PN0.json", "", 404, "code=20404", ""},
		{"Twilio docs: IncomingPhoneNumber", "DELETE /IncomingPhoneNumbers/{n}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "DELETE /IncomingPhoneNumbers/{n}.json", "", 404, "code=20404", ""},
		{"Twilio docs: Application", "GET /Applications.json?FriendlyName=desk", "", 200, "applications#1", ""},
		{"Twilio errors: 21403", "POST /Applications/{a}.json", "StatusCallbackMethod=PATCH", 400, "code=21403", ""},
		{"Twilio docs: Application", "POST /Applications/{a}.json", "VoiceMethod=get", 200, "voice_method=GET voice_url={app}/quiet", ""},
		{"Twilio errors: 21205", "POST /Applications.json", "MessageStatusCallback=/relative", 400, "code=21205", ""},
		{"Twilio docs: Application", "DELETE /Applications/{a}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "GET /Applications/{a}.json", "", 404, "code=20404", ""},
		{"Twilio docs: Key", "POST /Keys.json", "FriendlyName=k", 201, "friendly_name=k secret=*", "k"},
		{"Twilio docs: Key", "POST /Keys/{k}.json", "FriendlyName=l", 200, "friendly_name=l", ""},
		{"Twilio docs: Key", "DELETE /Keys/{k}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "DELETE /Keys/{k}.json", "", 404, "code=20404", ""},
	}, nil)
}

func TestRulesOfMessagesAndUsage(t *testing.T) {
	keep(t, []rule{
		{"Twilio docs: Message", "POST /Messages.json", "From=%2B12025550100&To=%2B16175550100&Body=Hello", 201, "body=Hello direction=outbound-api status=queued date_sent=null num_segments=1 num_media=0 error_code=null", "m"},
		{"Twilio docs: Message", "GET /Messages/{m}.json", "", 200, "status=delivered date_sent=*", ""}, // at once
		{"Twilio docs: Message", "GET /Messages/{received}.json", "", 200, "direction=inbound status=received from=+16175550100 to=+12025550100 body=Hi date_sent=*", ""},
		{"Twilio docs: Message", "GET /Messages.json?From=%2B16175550100", "", 200, "messages#1", ""},
		{"Twilio docs: Message", "GET /Messages.json", "", 200, "messages#2", ""},
		{"Twilio errors: 21606", "POST /Messages.json", "From=%2B12025550199&To=%2B16175550100&Body=x", 400, "code=21606", ""},
		{"Twilio errors: 21212", "POST /Messages.json", "From=Radio&To=%2B16175550100&Body=x", 400, "code=21212", ""},
		{"Twilio errors: 21211", "POST /Messages.json", "From=%2B12025550100&To=nobody&Body=x", 400, "code=21211", ""},
		{"Twilio errors: 21211", "POST /Messages.json", "From=%2B12025550100&To=%2B0617&Body=x", 400, "code=21211", ""},
		{"Twilio errors: 21609", "POST /Messages.json", "From=%2B12025550100&To=%2B16175550100&Body=x&StatusCallback=/relative", 400, "code=21609", ""},
		{"Twilio errors: 21604", "POST /Messages.json", "From=%2B12025550100&Body=x", 400, "code=21604", ""},
		{"Twilio errors: 21603", "POST /Messages.json", "To=%2B16175550100&Body=x", 400, "code=21603", ""},
		{"Twilio errors: 21602", "POST /Messages.json", "From=%2B12025550100&To=%2B16175550100", 400, "code=21602", ""},
		{"Twilio docs: Message", "GET /Messages.json?To=%2B16175550100&DateSent={today}", "", 200, "messages#1", ""},
		{"Twilio docs: Message", "GET /Messages.json?DateSent%3E={tomorrow}", "", 200, "messages#0", ""},
		{"Twilio docs: Message (redaction)", "POST /Messages/{m}.json", "Body=", 200, "body=", ""},
		{"Twilio errors: 30409", "POST /Messages/{m}.json", "Status=canceled", 400, "code=30409", ""},
		{"Twilio docs: Media", "GET /Messages/{m}/Media.json", "", 200, "media_list#0", ""},
		{"Twilio docs: Message", "DELETE /Messages/{m}.json", "", 204, "", ""},
		{"Twilio errors: 20404", "GET /Messages/{m}.json", "", 404, "code=20404", ""},
		{"Twilio docs: UsageRecord", "GET /Usage/Records.json", "", 200, "usage_records#5", ""},
		{"Twilio docs: UsageRecord", "GET /Usage/Records.json?Category=calls-outbound&StartDate={today}&EndDate={today}", "", 200, "usage_records#1", ""},
		{"Twilio docs: UsageRecord (offsets)", "GET /Usage/Records/Daily.json?Category=calls&StartDate=-6days", "", 200, "usage_records#7", ""},
		{"inferred", "GET /Usage/Records.json?StartDate=soon", "", 400, "code=20001", ""},
		{"inferred", "GET /Usage/Records.json?Category=no-such-thing", "", 200, "usage_records#0", ""},
	}, func(w *world) map[string]string {
		if err := w.x.Receive(quietOne, listeners, "Hi"); err != nil {
			t.Fatal(err)
		}
		return days(map[string]string{"received": w.x.Messages(quietOne, "")[0].Sid})
	})
}
