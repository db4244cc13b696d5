package app_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
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
	numbers, err := twilio.Numbers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range numbers {
		switch {
		case n.Number == r.ListenersNumber && n.ApplicationSid == "":
			t.Errorf("the listeners' number has no app: %+v", n)
		case n.Number == r.DialInNumber && (n.VoiceURL != public+"/voice/desk?station=k7rq2m4x" || n.ApplicationSid != ""):
			t.Errorf("the DJ's number asks elsewhere: %+v", n)
		}
	}
	apps, err := twilio.Applications(t.Context())
	want := []carrier.Application{
		{Sid: again.DeskAppSid, FriendlyName: "Client DJ Call-In", VoiceURL: public + "/voice/desk?station=k7rq2m4x"},
		{FriendlyName: "Callin listeners k7rq2m4x", VoiceURL: public + "/voice/inbound"},
	}
	for i, a := range apps {
		if a.FriendlyName == want[1].FriendlyName {
			apps[i].Sid = ""
		}
	}
	slices.SortFunc(apps, func(a, b carrier.Application) int { return strings.Compare(b.Sid, a.Sid) })
	if diff := cmp.Diff(want, apps); err != nil || diff != "" {
		t.Errorf("apps: %v (-want +got):\n%s", err, diff)
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
	ours, err := twilio.SetApplication(t.Context(), carrier.Application{FriendlyName: "Client DJ Call-In", VoiceURL: public + "/voice/desk"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := twilio.SetApplication(t.Context(), carrier.Application{FriendlyName: "Client DJ Call-In", VoiceURL: "https://somebody.example.org"}); err != nil {
		t.Fatal(err)
	}
	ready, err := setup.Ensure(t.Context(), twilio, setup.Wish{Public: public, Station: "k7rq2m4x", Rehearsal: true, DeskAppSid: ours.Sid})
	if err != nil || ready.DeskAppSid != ours.Sid {
		t.Errorf("the desk's app is %s, %v; want %s", ready.DeskAppSid, err, ours.Sid)
	}
	apps, err := twilio.Applications(t.Context())
	if err != nil || !slices.ContainsFunc(apps, func(a carrier.Application) bool { return a.VoiceURL == "https://somebody.example.org" }) {
		t.Errorf("somebody's app was changed: %+v, %v", apps, err)
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
		before, err := twilio.Applications(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ready, err := setup.Ensure(t.Context(), twilio, setup.Wish{Public: public, Station: id, Rehearsal: true, TakeOver: takeOver})
		if err != nil || ready.Other != other || ready.DeskAppSid == "" || ready.Number == "" || ready.KeySid == "" {
			t.Errorf("%s at %s: %+v, %v; want the other at %q", id, public, ready, err, other)
		}
		claim, err := setup.ClaimOf(t.Context(), twilio, "")
		if want := (setup.Claim{Public: public, Station: id}); other == "" && (err != nil || claim != want) {
			t.Errorf("the calls are %+v's, %v; want %+v", claim, err, want)
		}
		after, err := twilio.Applications(t.Context())
		if diff := cmp.Diff(before, after); other != "" && (err != nil || diff != "") {
			t.Errorf("%s at %s changed what is not its: %v\n%s", id, public, err, diff)
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
