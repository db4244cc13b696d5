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

// As the tutorial had it: the app "Client DJ Call-In" asks the very address
// that the DJ's dial-in number asks.
func TestAnAccountIsMadeReadyOnceAndFoundReadyAfterwards(t *testing.T) {
	r, err := rehearsal.Start(rehearsal.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	twilio := account(t, r, r.AuthToken)
	wish := setup.Wish{Public: public, Number: r.ListenersNumber, DialIn: r.DialInNumber}
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
		case n.Number == r.DialInNumber && (n.VoiceURL != public+"/voice/desk" || n.ApplicationSid != ""):
			t.Errorf("the DJ's number asks elsewhere: %+v", n)
		}
	}
	desks, err := twilio.EnsureApplication(t.Context(), carrier.Application{
		FriendlyName: "Client DJ Call-In", VoiceURL: public + "/voice/desk", StatusCallback: public + "/voice/status",
	})
	if err != nil || desks.Sid != again.DeskAppSid {
		t.Errorf("the desks' app is %+v, %v; want %s", desks, err, again.DeskAppSid)
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
	ensure := func(public string, takeOver bool) error {
		_, err := setup.Ensure(t.Context(), twilio, setup.Wish{Public: public, Rehearsal: true, TakeOver: takeOver})
		return err
	}
	leads := func(want string) {
		t.Helper()
		if public, err := setup.Leads(t.Context(), twilio); err != nil || public != want {
			t.Errorf("the calls go to %q, %v; want %q", public, err, want)
		}
	}
	if err := ensure(other.URL, false); err != nil {
		t.Fatal(err)
	}
	for range 2 { // its own start, again
		if err := ensure(other.URL, false); err != nil {
			t.Fatal(err)
		}
	}
	mine := "http://127.0.0.1:9"
	var refused *call.Error
	if err := ensure(mine, false); !errors.As(err, &refused) || refused.Code != call.CodeOtherCallin || !strings.Contains(refused.Message, other.URL) {
		t.Errorf("a second station: %v", err)
	}
	leads(other.URL)
	if err := ensure(mine, true); err != nil {
		t.Errorf("a take-over: %v", err)
	}
	leads(mine)
	if err := ensure(other.URL, false); err != nil {
		t.Errorf("from one that has ended: %v", err)
	}
	said = "It works!"
	if err := ensure(mine, false); err != nil {
		t.Errorf("from something that is no Callin: %v", err)
	}
	leads(mine)
}
