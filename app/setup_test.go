package app_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/rehearsal"
	"callin/app/setup"
)

const public = "https://radio.example.org"

func account(t *testing.T, r *rehearsal.Rehearsal, secret string) *carrier.Twilio {
	t.Helper()
	twilio, err := carrier.New(carrier.Account{
		AccountSid: r.AccountSid, Username: r.AccountSid, Password: secret, Public: public, Rehearsal: r.Address,
	})
	if err != nil {
		t.Fatal(err)
	}
	return twilio
}

// all are the account's numbers, or its apps.
func all(t *testing.T, twilio *carrier.Twilio, kind carrier.Kind) []carrier.Resource {
	t.Helper()
	of, err := twilio.Resources(t.Context(), kind)
	if err != nil {
		t.Fatal(err)
	}
	return of
}

// As the tutorial had it: the app "Client DJ Call-In" asks the very address
// that the DJ's dial-in number asks.
func TestAnAccountIsMadeReadyOnceAndFoundReadyAfterwards(t *testing.T) {
	r, err := rehearsal.Start(rehearsal.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	twilio := account(t, r, r.AuthToken)
	wish := setup.Wish{Public: public, Station: "k7rq2m4x", Number: r.ListenersNumber, DialIn: r.DialInNumber}
	first, err := setup.Ensure(t.Context(), twilio, wish)
	if err != nil {
		t.Fatal(err)
	}
	if first.KeySid == "" || first.KeySecret == "" || first.DeskAppSid == "" || first.Trial {
		t.Errorf("ready: %+v", first)
	}
	wish.KeySid = first.KeySid
	again, err := setup.Ensure(t.Context(), twilio, wish)
	if err != nil {
		t.Fatal(err)
	}
	first.KeySecret = "" // told once, by Twilio too
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("made ready again (-first +again):\n%s", diff)
	}
	lead := map[string]string{}
	for _, kind := range []carrier.Kind{carrier.Number, carrier.App} {
		for _, of := range all(t, twilio, kind) {
			lead[of.Name] = of.Fields["VoiceUrl"]
			if app := of.Fields["VoiceApplicationSid"]; app != "" {
				lead[of.Name] = app
			}
			if of.Name == "Callin listeners k7rq2m4x" {
				lead[r.ListenersNumber] = strings.Replace(lead[r.ListenersNumber], of.Sid, of.Name, 1)
			}
		}
	}
	desk := public + "/voice/desk?station=k7rq2m4x"
	want := map[string]string{
		r.ListenersNumber: "Callin listeners k7rq2m4x", r.DialInNumber: desk,
		"Callin listeners k7rq2m4x": public + "/voice/inbound", "Client DJ Call-In": desk,
	}
	if diff := cmp.Diff(want, lead); diff != "" {
		t.Errorf("calls lead elsewhere (-want +got):\n%s", diff)
	}
}

// Somebody who followed Twilio's tutorial has an app of the desk's name already: the
// one that was Callin's before stays it.
func TestTheDesksAppIsKnownByItsSid(t *testing.T) {
	r, err := rehearsal.Start(rehearsal.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	twilio := account(t, r, r.AuthToken)
	ours, err := twilio.CreateApp(t.Context(), map[string]string{"FriendlyName": "Client DJ Call-In", "VoiceUrl": public + "/voice/desk"})
	if err != nil {
		t.Fatal(err)
	}
	somebodys, err := twilio.CreateApp(t.Context(), map[string]string{"FriendlyName": "Client DJ Call-In", "VoiceUrl": "https://somebody.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	ready, err := setup.Ensure(t.Context(), twilio, setup.Wish{Public: public, Station: "k7rq2m4x", Rehearsal: true, DeskAppSid: ours.Sid})
	if err != nil || ready.DeskAppSid != ours.Sid {
		t.Errorf("the desk's app is %s, %v; want %s", ready.DeskAppSid, err, ours.Sid)
	}
	now, err := twilio.Resource(t.Context(), carrier.App, somebodys.Sid)
	if diff := cmp.Diff(somebodys, now); err != nil || diff != "" {
		t.Errorf("somebody's app was changed: %v\n%s", err, diff)
	}
}

func TestWhatCannotBeMadeReadyIsSaidInWords(t *testing.T) {
	r, err := rehearsal.Start(rehearsal.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, c := range []struct {
		name, secret string
		wish         setup.Wish
		code         string
	}{
		{"a wrong secret", "wrong", setup.Wish{Public: public}, "credentials"},
		{"a secret that Twilio's client refuses", "not-one", setup.Wish{Public: public}, "credentials"},
		{"several numbers, none named", r.AuthToken, setup.Wish{Public: public}, "which_number"},
		{"a number of somebody else's", r.AuthToken, setup.Wish{Public: public, Number: "+15550100999"}, "not_your_number"},
		{"one number for both", r.AuthToken, setup.Wish{Public: public, Number: r.DialInNumber, DialIn: r.DialInNumber}, "one_number_twice"},
	} {
		_, err := setup.Ensure(t.Context(), account(t, r, c.secret), c.wish)
		var refused *call.Error
		if !errors.As(err, &refused) || refused.Code.String() != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
}

// Another Callin that is alive keeps its calls, until a person wants otherwise;
// one that has ended keeps nobody from them.
func TestNothingOfAnotherLiveCallinIsChanged(t *testing.T) {
	r, err := rehearsal.Start(rehearsal.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	said := strings.Repeat("0f", 32)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/voice/here/") {
			io.WriteString(w, said)
		}
	}))
	defer other.Close()
	twilio := account(t, r, r.AuthToken)
	const theirs, mine = call.StationID("theirs22"), call.StationID("mine2222")
	// ensure starts a station, which finds another one at an address, or none.
	ensure := func(public string, id call.StationID, takeOver bool, other string) {
		t.Helper()
		before := all(t, twilio, carrier.App)
		ready, err := setup.Ensure(t.Context(), twilio, setup.Wish{Public: public, Station: id, Rehearsal: true, TakeOver: takeOver})
		if err != nil || ready.Other != other || ready.DeskAppSid == "" || ready.Number == "" || ready.KeySid == "" {
			t.Errorf("%s at %s: %+v, %v; want the other at %q", id, public, ready, err, other)
		}
		claim, err := setup.ClaimOf(t.Context(), twilio, "")
		if want := (setup.Claim{Public: public, Station: id}); other == "" && (err != nil || claim != want) {
			t.Errorf("the calls are %+v's, %v; want %+v", claim, err, want)
		}
		if diff := cmp.Diff(before, all(t, twilio, carrier.App)); other != "" && diff != "" {
			t.Errorf("%s at %s changed what is not its:\n%s", id, public, diff)
		}
	}
	const elsewhere = "http://127.0.0.1:9"
	ensure(other.URL, theirs, false, "")
	ensure(other.URL, theirs, false, "")        // its own start, again
	ensure(elsewhere, mine, false, other.URL)   // a second studio PC
	ensure(other.URL, mine, false, other.URL)   // one with the same address in its settings
	ensure(elsewhere, theirs, false, other.URL) // a copy of its folder
	ensure(elsewhere, mine, true, "")
	ensure(other.URL, theirs, false, "") // from one that has ended
	said = "It works!"
	ensure(elsewhere, mine, false, "") // from something that is no Callin
}
