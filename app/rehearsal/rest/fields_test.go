package rest

import (
	"bytes"
	"encoding/json"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"
	monitor "github.com/twilio/twilio-go/rest/monitor/v1"
	pricing "github.com/twilio/twilio-go/rest/pricing/v1"
	pricing2 "github.com/twilio/twilio-go/rest/pricing/v2"
	trusthub "github.com/twilio/twilio-go/rest/trusthub/v1"
	voice "github.com/twilio/twilio-go/rest/voice/v1"
)

// Every field of twilio-go's structs is in the answers, and fits its type.
func TestFields(t *testing.T) {
	w := newWorld(t)
	speaker := w.call(toneOne, line(`participantLabel="host"`))
	waiter := w.call(quietOne, enqueue)
	queue := "/Queues/" + w.first("/Queues.json", "queues")["sid"].(string)
	conference := "/Conferences/" + w.first("/Conferences.json", "conferences")["sid"].(string)
	recorded := w.made("/Conferences/other/Participants.json", url.Values{
		"From": {listeners}, "To": {toneOne}, "ConferenceRecord": {"true"}, "WaitUrl": {w.app + "/quiet"},
	})
	w.made("/Conferences/"+recorded["conference_sid"].(string)+"/Participants.json", url.Values{"From": {listeners}, "To": {quietOne}}) // it starts
	recording := w.made("/Calls/"+speaker+"/Recordings.json", nil)
	broken := w.made("/Calls.json", url.Values{"To": {quietOne}, "From": {listeners}, "Url": {w.app + "/broken"}})["sid"].(string)
	alert := w.first("/Calls/"+broken+"/Notifications.json", "notifications")["sid"].(string)
	message := w.made("/Messages.json", url.Values{"To": {quietOne}, "From": {listeners}, "Body": {"x"}})
	key := w.made("/Keys.json", nil)
	application := w.made("/Applications.json", nil)
	profile := w.x.AddProfile("Radio", "twilio-approved").Sid
	number := w.first("/IncomingPhoneNumbers.json", "incoming_phone_numbers")

	other := "/Conferences/" + recorded["conference_sid"].(string)
	w.first(other+"/Recordings.json", "recordings")
	get := func(path string) any {
		status, body := w.do("GET", path, nil)
		if status != 200 {
			t.Fatalf("%s: %d %v", path, status, body)
		}
		return body
	}
	watch := func(path string) any {
		status, body := w.ask("GET", path, nil)
		if status != 200 {
			t.Fatalf("%s: %d %v", path, status, body)
		}
		return body
	}
	item := func(list any, key string) any { return list.(map[string]any)[key].([]any)[0] }
	for _, c := range []struct{ got, want any }{
		{get(".json"), &api.ApiV2010Account{}},
		{get("/Balance.json"), &api.ApiV2010Balance{}},
		{application, &api.ApiV2010Application{}},
		{get("/AvailablePhoneNumbers/US.json"), &api.ApiV2010AvailablePhoneNumberCountry{}},
		{item(get("/AvailablePhoneNumbers/US/Local.json"), "available_phone_numbers"), &api.ApiV2010AvailablePhoneNumberLocal{}},
		{item(get("/AvailablePhoneNumbers/US/TollFree.json"), "available_phone_numbers"), &api.ApiV2010AvailablePhoneNumberTollFree{}},
		{item(get("/AvailablePhoneNumbers/GB/Mobile.json"), "available_phone_numbers"), &api.ApiV2010AvailablePhoneNumberMobile{}},
		{get("/Calls/" + speaker + ".json"), &api.ApiV2010Call{}},
		{item(get("/Calls/"+broken+"/Events.json"), "events"), &api.ApiV2010CallEvent{}},
		{item(get("/Calls/"+broken+"/Notifications.json"), "notifications"), &api.ApiV2010CallNotification{}},
		{get("/Calls/" + broken + "/Notifications/" + alert + ".json"), &api.ApiV2010CallNotificationInstance{}},
		{item(get("/Notifications.json"), "notifications"), &api.ApiV2010Notification{}},
		{get("/Notifications/" + alert + ".json"), &api.ApiV2010NotificationInstance{}},
		{recording, &api.ApiV2010CallRecording{}},
		{get(conference + ".json"), &api.ApiV2010Conference{}},
		{item(get(other+"/Recordings.json"), "recordings"), &api.ApiV2010ConferenceRecording{}},
		{get(conference + "/Participants/host.json"), &api.ApiV2010Participant{}},
		{recorded, &api.ApiV2010Participant{}},
		{number, &api.ApiV2010IncomingPhoneNumber{}},
		{key, &api.ApiV2010NewKey{}},
		{get("/Keys/" + key["sid"].(string) + ".json"), &api.ApiV2010Key{}},
		{get(queue + "/Members/" + waiter + ".json"), &api.ApiV2010Member{}},
		{message, &api.ApiV2010Message{}},
		{get(queue + ".json"), &api.ApiV2010Queue{}},
		{get("/Recordings/" + recording["sid"].(string) + ".json"), &api.ApiV2010Recording{}},
		{item(get("/Usage/Records.json"), "usage_records"), &api.ApiV2010UsageRecord{}},
		{item(get("/Usage/Records/Daily.json"), "usage_records"), &api.ApiV2010UsageRecordDaily{}},
		{item(get("/Usage/Records/Monthly.json"), "usage_records"), &api.ApiV2010UsageRecordMonthly{}},
		{item(get("/Usage/Records/ThisMonth.json"), "usage_records"), &api.ApiV2010UsageRecordThisMonth{}},
		{item(watch("/v1/Alerts"), "alerts"), &monitor.MonitorV1Alert{}},
		{watch("/v1/Alerts/" + alert), &monitor.MonitorV1AlertInstance{}},
		// The pages around the resources, one for each key.
		{get("/Applications.json"), &api.ListApplicationResponse{}},
		{get("/Calls.json"), &api.ListCallResponse{}},
		{get("/Calls/" + broken + "/Events.json"), &api.ListCallEventResponse{}},
		{get("/Calls/" + broken + "/Notifications.json"), &api.ListCallNotificationResponse{}},
		{get("/Calls/" + speaker + "/Recordings.json"), &api.ListCallRecordingResponse{}},
		{get("/Conferences.json"), &api.ListConferenceResponse{}},
		{get(other + "/Recordings.json"), &api.ListConferenceRecordingResponse{}},
		{get(conference + "/Participants.json"), &api.ListParticipantResponse{}},
		{get("/IncomingPhoneNumbers.json"), &api.ListIncomingPhoneNumberResponse{}},
		{get("/Keys.json"), &api.ListKeyResponse{}},
		{get(queue + "/Members.json"), &api.ListMemberResponse{}},
		{get("/Messages.json"), &api.ListMessageResponse{}},
		{get("/Queues.json"), &api.ListQueueResponse{}},
		{get("/Recordings.json"), &api.ListRecordingResponse{}},
		{get("/Usage/Records.json"), &api.ListUsageRecordResponse{}},
		{watch("/v1/Alerts"), &monitor.ListAlertResponse{}},
		{watch("/v1/CustomerProfiles/" + profile), &trusthub.TrusthubV1CustomerProfile{}},
		{watch("/v1/CustomerProfiles"), &trusthub.ListCustomerProfileResponse{}},
		{watch("/v1/PhoneNumbers/Countries/GB"), &pricing.PricingV1PhoneNumberCountryInstance{}},
		{item(watch("/v1/PhoneNumbers/Countries/GB"), "phone_number_prices"), &pricing.PricingV1PhoneNumberPhoneNumberCountryInstancePhoneNumberPrices{}},
		{item(watch("/v1/PhoneNumbers/Countries"), "countries"), &pricing.PricingV1PhoneNumberCountry{}},
		{watch("/v1/PhoneNumbers/Countries"), &pricing.ListPhoneNumberCountryResponse{}},
		{watch("/v2/Voice/Countries/GB"), &pricing2.PricingV2VoiceCountryInstance{}},
		{item(watch("/v2/Voice/Countries/GB"), "inbound_call_prices"), &pricing2.PricingV2TrunkingCountryInstanceOriginatingCallPrices{}},
		{item(watch("/v2/Voice/Countries/GB"), "outbound_prefix_prices"), &pricing2.PricingV2TrunkingCountryInstanceTerminatingPrefixPrices{}},
		{item(watch("/v2/Voice/Countries"), "countries"), &pricing2.PricingV2VoiceCountry{}},
		{watch("/v2/Voice/Countries"), &pricing2.ListVoiceCountryResponse{}},
		{watch("/v2/Voice/Numbers/+12025550100"), &pricing2.PricingV2VoiceNumber{}},
		{watch("/v1/DialingPermissions/Countries/GB"), &voice.VoiceV1DialingPermissionsCountryInstance{}},
		{item(watch("/v1/DialingPermissions/Countries"), "content"), &voice.VoiceV1DialingPermissionsCountry{}},
		{watch("/v1/DialingPermissions/Countries"), &voice.ListDialingPermissionsCountryResponse{}},
	} {
		holds(t, c.got.(map[string]any), c.want)
	}
	if _, has := get("/Keys/" + key["sid"].(string) + ".json").(map[string]any)["secret"]; has {
		t.Error("a key's secret is shown again")
	}
}

var (
	sidForm  = regexp.MustCompile(`^[A-Z]{2}[0-9a-f]{32}$`)
	longForm = regexp.MustCompile(`^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$`)
)

// holds reports what of a struct of twilio-go's an answer lacks, what does not
// fit, and what of the answer twilio-go does not know: a misspelt name.
func holds(t *testing.T, got map[string]any, want any) {
	t.Helper()
	typ := reflect.TypeOf(want).Elem()
	for i := range typ.NumField() {
		tag, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		if _, ok := got[tag]; !ok {
			t.Errorf("%s: %s is missing", typ.Name(), tag)
		}
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err = d.Decode(want)
	// Twilio tells of a queue's members and a number's add-ons, its structs do not.
	if err != nil && err.Error() == `json: unknown field "subresource_uris"` {
		err = json.Unmarshal(b, want)
	}
	if err != nil {
		t.Errorf("%s: %v", typ.Name(), err)
	}
	for name, v := range got {
		s, is := v.(string)
		if is && name == "sid" && !sidForm.MatchString(s) {
			t.Errorf("%s: sid %q", typ.Name(), s)
		}
		if is && (strings.HasPrefix(name, "date_") || strings.HasSuffix(name, "_time")) && strings.Contains(s, ",") && !longForm.MatchString(s) {
			t.Errorf("%s: %s is %q", typ.Name(), name, s)
		}
		if is && strings.HasPrefix(name, "date_") && !strings.Contains(s, ",") {
			if _, err := time.Parse(time.RFC3339, s); err != nil { // the monitor's manner
				t.Errorf("%s: %s: %v", typ.Name(), name, err)
			}
		}
	}
}

// Every URI in an answer, and in those that it leads to, leads somewhere.
func TestURIsResolve(t *testing.T) {
	w := newWorld(t)
	sid := w.call(toneOne, line(""))
	w.call(quietOne, enqueue)
	w.made("/Calls/"+sid+"/Recordings.json", nil)
	w.made("/Messages.json", url.Values{"To": {quietOne}, "From": {listeners}, "Body": {"x"}})
	w.made("/Applications.json", nil)
	w.made("/Keys.json", nil)
	w.first("/Conferences.json", "conferences")
	w.first("/Queues.json", "queues")
	queue := []string{"/2010-04-01/Accounts/" + w.x.Account().Sid + ".json"}
	seen := map[string]bool{}
	for len(queue) > 0 {
		uri := queue[0]
		queue = queue[1:]
		if seen[uri] {
			continue
		}
		seen[uri] = true
		status, body := w.ask("GET", uri, nil)
		if status != 200 {
			t.Errorf("%s: %d", uri, status)
		}
		queue = append(queue, uris(body)...)
	}
	if len(seen) < 60 {
		t.Errorf("only %d URIs", len(seen))
	}
}

func uris(v any) (found []string) {
	switch v := v.(type) {
	case map[string]any:
		for name, in := range v {
			s, is := in.(string)
			if is && (name == "uri" || strings.HasSuffix(name, "_uri")) {
				found = append(found, s)
			}
			if subs, is := in.(map[string]any); is && name == "subresource_uris" {
				for _, s := range subs {
					found = append(found, s.(string))
				}
			}
			found = append(found, uris(in)...)
		}
	case []any:
		for _, in := range v {
			found = append(found, uris(in)...)
		}
	}
	return found
}
