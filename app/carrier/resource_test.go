package carrier_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/rehearsal"
)

// account is a rehearsal's, reached by real twilio-go over HTTP.
type account struct {
	*testing.T
	*carrier.Twilio
	rehearsal *rehearsal.Rehearsal
}

func newAccount(t *testing.T) account {
	t.Helper()
	r, err := rehearsal.Start(rehearsal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	twilio, err := carrier.New(carrier.Account{
		AccountSid: r.AccountSid, Username: r.AccountSid, Password: r.AuthToken, Public: "http://127.0.0.1:1", Rehearsal: r.Address,
	})
	if err != nil {
		t.Fatal(err)
	}
	return account{t, twilio, r}
}

func (a account) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// first is the first resource of a kind.
func (a account) first(kind carrier.Kind) carrier.Resource {
	a.Helper()
	all, err := a.Resources(a.Context(), kind)
	a.must(err)
	if len(all) == 0 {
		a.Fatalf("no %s", kind)
	}
	return all[0]
}

// other is a value of a field that it has not by itself.
func other(field string) string {
	switch {
	case field == "VoiceReceiveMode":
		return "fax"
	case field == "VoiceApplicationSid", field == "SmsApplicationSid":
		return "AP00000000000000000000000000000001"
	case field == "TrunkSid":
		return "TK00000000000000000000000000000001"
	case strings.HasSuffix(field, "Method"):
		return "GET"
	case field == "FriendlyName":
		return "Other"
	}
	return "https://station.example/" + field
}

// Set-up puts back what was there by these fields: each one can be set alone, is read
// again, and leaves all others as they were.
func TestEachFieldIsSetAloneAndReadAgain(t *testing.T) {
	a := newAccount(t)
	_, err := a.CreateApp(t.Context(), map[string]string{"FriendlyName": "app"})
	a.must(err)
	for _, kind := range []carrier.Kind{carrier.Number, carrier.App} {
		for _, field := range carrier.Fields(kind) {
			before := a.first(kind)
			want := maps.Clone(before.Fields)
			want[field] = other(field)
			if field == "TrunkSid" { // Twilio: each deletes the other
				want["VoiceApplicationSid"] = ""
			}
			if want[field] == before.Fields[field] {
				t.Errorf("%s %s is %q from the beginning", kind, field, want[field])
			}
			a.must(a.Update(t.Context(), kind, before.Sid, map[string]string{field: want[field]}))
			after, err := a.Resource(t.Context(), kind, before.Sid)
			a.must(err)
			if !maps.Equal(after.Fields, want) {
				t.Errorf("%s after %s: %v, want %v", kind, field, after.Fields, want)
			}
			if listed := a.first(kind); !maps.Equal(listed.Fields, want) {
				t.Errorf("the list of %s after %s: %v", kind, field, listed.Fields)
			}
		}
	}
}

// What points calls or texts somewhere at Twilio is among the fields: a new one of
// twilio-go's is named here or taken up there.
func TestNoFieldOfTwilioIsForgotten(t *testing.T) {
	elsewhere := strings.Fields("PathAccountSid AccountSid ApiVersion VoiceCallerIdLookup PublicApplicationConnectEnabled " + // lead nowhere
		"EmergencyStatus EmergencyAddressSid IdentitySid AddressSid BundleSid") // say whose it is
	for kind, params := range map[carrier.Kind]any{carrier.Number: api.UpdateIncomingPhoneNumberParams{}, carrier.App: api.UpdateApplicationParams{}} {
		typ := reflect.TypeOf(params)
		for i := range typ.NumField() {
			if name := typ.Field(i).Name; slices.Contains(elsewhere, name) == slices.Contains(carrier.Fields(kind), name) {
				t.Errorf("%s of %s", name, kind)
			}
		}
	}
}

// An app that set-up made can be taken away again, and nothing else is.
func TestAppsComeAndGo(t *testing.T) {
	a := newAccount(t)
	as := map[string]string{"FriendlyName": "mine", "VoiceUrl": "https://station.example/voice", "VoiceFallbackUrl": "https://bin.example/"}
	made, err := a.CreateApp(t.Context(), as)
	a.must(err)
	for name, want := range as {
		if made.Fields[name] != want {
			t.Errorf("%s is %q, want %q", name, made.Fields[name], want)
		}
	}
	kept, err := a.CreateApp(t.Context(), map[string]string{"FriendlyName": "kept"})
	a.must(err)
	a.must(a.DeleteApp(t.Context(), made.Sid))
	if err := a.DeleteApp(t.Context(), made.Sid); !errors.Is(err, call.ErrGone) {
		t.Errorf("deleted again: %v", err)
	}
	if _, err := a.Resource(t.Context(), carrier.App, made.Sid); !errors.Is(err, call.ErrGone) {
		t.Errorf("read after its end: %v", err)
	}
	if left := a.first(carrier.App); left.Sid != kept.Sid || left.Name != "kept" {
		t.Errorf("left is %+v", left)
	}
}

// A field that leads nowhere is refused before anything is sent.
func TestOnlyTheFieldsAreSet(t *testing.T) {
	a := newAccount(t)
	n := a.first(carrier.Number)
	for _, field := range []string{"BundleSid", "AccountSid", "voice_url", "PathAccountSid", "MessageStatusCallback"} {
		if err := a.Update(t.Context(), carrier.Number, n.Sid, map[string]string{field: "x", "VoiceUrl": "https://x.example/"}); err == nil {
			t.Errorf("%s is set", field)
		}
	}
	if after := a.first(carrier.Number); !maps.Equal(after.Fields, n.Fields) {
		t.Errorf("%v", after.Fields)
	}
}
