package app_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/connect"
	"callin/app/desk"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
)

// What an account is refused for is said where it is put right.
func TestAnAccountIsRefusedInWords(t *testing.T) {
	t.Parallel()
	a := newApplicant(t)
	press := func(sid, token string) func() error {
		return func() error {
			_, err := a.Account(t.Context(), desk.SetupAccountBody{Sid: sid, Token: token})
			return err
		}
	}
	a.refuses("a wrong SID", "token", "does not know", press("AC"+strings.Repeat("0", 32), a.on.AuthToken))
	a.refuses("a wrong token", "token", "does not know", press(a.on.AccountSid, strings.Repeat("0", 32)))
	a.refuses("a key", "sid", "API key", press("SK"+strings.Repeat("0", 32), a.on.AuthToken))
	a.refuses("no number yet", "", "no account yet", func() error {
		_, err := a.Offers(t.Context(), desk.SetupOffersBody{Country: "US"})
		return err
	})
	a.account()
	done := a.ready()
	if _, err := a.Do(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	a.refuses("another account before the undo", "sid", "Undo that first", press("AC"+strings.Repeat("0", 32), a.on.AuthToken))
	if _, err := a.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, status := range []string{"suspended", "closed"} {
		a.plant(stage.Planting{Account: &stage.Account{Status: status}})
		_, err := a.Account(t.Context(), desk.SetupAccountBody{Sid: a.on.AccountSid, Token: a.on.AuthToken})
		var said *call.Error
		if !errors.As(err, &said) || said.Field != "sid" || !strings.Contains(said.Message, status) {
			t.Errorf("%s: %v", status, err)
		}
	}
	a.plant(stage.Planting{Account: &stage.Account{Status: "active"}})
	a.account()
}

// No number is bought that was not offered at its price, that cannot be had or paid, or
// while it is not known what the account has; the same press buys it afterwards, once.
func TestANumberIsBoughtOnceAndAsItWasOffered(t *testing.T) {
	t.Parallel()
	a := newApplicant(t)
	a.account()
	rich, poor := 100.0, 0.5
	a.plant(stage.Planting{ForSale: []stage.Sale{
		{Number: "+12065550180", Taken: true}, {Number: "+12065550181", Needs: "address"}, {Number: "+12065550182", Needs: "bundle"}, {Number: "+12065550183"},
	}})
	var price string
	look := func() {
		t.Helper()
		found, err := a.Offers(t.Context(), desk.SetupOffersBody{Country: "us", Contains: "206555018"})
		if err != nil || len(found.Offers) < 4 {
			t.Fatal(found, err)
		}
		price = found.Offers[0].Price
	}
	buy := func(number, price string) func() error {
		return func() error {
			_, err := a.Buy(t.Context(), desk.SetupBuyBody{Number: number, Price: price})
			return err
		}
	}
	const good = "+12065550183"
	a.refuses("what was not offered", "number", "Look for numbers again", buy(good, "1.15"))
	look()
	a.refuses("another price", "number", "Look for numbers again", buy(good, "0.01"))
	a.refuses("a number that is taken", "number", "Somebody else", buy("+12065550180", price))
	a.refuses("one that needs an address", "number", "address", buy("+12065550181", price))
	a.refuses("one that needs papers", "number", "regulatory bundle", buy("+12065550182", price))
	a.plant(stage.Planting{Account: &stage.Account{Balance: &poor}})
	a.refuses("no balance", "number", "does not pay", buy(good, price))
	a.plant(stage.Planting{Account: &stage.Account{Balance: &rich}})
	if err := a.on.Stage().Switch(t.Context(), stage.Switches{Trial: true}); err != nil {
		t.Fatal(err)
	}
	a.refuses("a trial's second number", "number", "upgrade", buy(good, price))
	if err := a.on.Stage().Switch(t.Context(), stage.Switches{}); err != nil {
		t.Fatal(err)
	}
	a.refuses("a country without any", "country", "no numbers of this kind", func() error {
		_, err := a.Offers(t.Context(), desk.SetupOffersBody{Country: "AQ"})
		return err
	})
	look()
	for _, kind := range []string{"busy", "error", "html", "down"} {
		before := a.everything()
		a.faults(stage.RESTFault{Kind: kind, Method: http.MethodGet, Path: "/IncomingPhoneNumbers", Count: 1})
		err := buy(good, price)()
		var said *call.Error
		a.faults()
		if !errors.As(err, &said) || cmp.Diff(before, a.everything()) != "" {
			t.Errorf("%s: with a list that is not known it is bought, or %v", kind, err)
		}
	}
	var together sync.WaitGroup
	for range 3 {
		together.Go(func() {
			if err := buy(good, price)(); err != nil {
				t.Errorf("pressed twice: %v", err)
			}
		})
	}
	together.Wait()
	if now, err := a.twilio.Account(t.Context()); err != nil || now.Balance != rich-1.15 {
		t.Errorf("there is %v left, %v", now.Balance, err)
	}
}

// What is no public address is refused where it stands, without asking anybody.
func TestAPublicAddressIsRefusedInWords(t *testing.T) {
	t.Parallel()
	real := newApplicant(t, func(o *connect.Options) {
		o.Settings = settings.Settings{AccountSid: "AC" + strings.Repeat("0", 32), AuthToken: strings.Repeat("0", 32)}
		o.Settings.Fixed, o.Twilio = []string{"account_sid", "auth_token"}, ""
	})
	for address, words := range map[string]string{
		"http://radio.example.org": "https://", "https://192.168.1.7": "cannot reach", "https://10.0.0.1:8443": "cannot reach",
		"https://localhost": "cannot reach", "https://127.0.0.1": "cannot reach", "https://169.254.1.1": "cannot reach", "https://0.0.0.0": "cannot reach",
		"https://studio": "cannot reach", "https://[::1]": "cannot reach", "https://radio.example.org/voice": "/voice", "https://radio.example.org/voice/inbound": "/voice",
		"https://ana:hunter2secret@radio.example.org": "no web address", "https://radio.example.org?a=b": "no web address", "https://a b": "no web address",
	} {
		_, err := real.Address(t.Context(), desk.SetupAddressBody{Kind: desk.PublicOwn, Address: address})
		var said *call.Error
		if !errors.As(err, &said) || said.Field != "address" || !strings.Contains(said.Message, words) || strings.Contains(said.Message, "hunter2") {
			t.Errorf("%s: %v, want %q", address, err, words)
		}
	}
	a := newApplicant(t)
	done := a.ready()
	strange := httptest.NewServer(http.NotFoundHandler())
	defer strange.Close()
	for address, words := range map[string]string{"http://127.0.0.1:9": "Nobody answers", strange.URL: "Something else"} {
		st, err := a.Address(t.Context(), desk.SetupAddressBody{Kind: desk.PublicOwn, Address: address})
		if err != nil || st.Step != desk.StepAddress || !strings.Contains(st.Public.Trouble, words) {
			t.Errorf("%s: %q, %v, want %q", address, st.Public.Trouble, err, words)
		}
		a.refuses("what cannot be reached", "", "not settled", func() error { _, err := a.Do(t.Context(), done); return err })
	}
}

// Two pages that press at once change things once; the list of changes and all answers
// have no secret in them.
func TestTwoPagesThatPressAtOnceDoItOnce(t *testing.T) {
	t.Parallel()
	a := newApplicant(t)
	done := a.ready()
	var mu sync.Mutex
	var worked int
	var together sync.WaitGroup
	for range 3 {
		together.Go(func() {
			st, err := a.Do(t.Context(), done)
			text, _ := json.Marshal(st)
			var said *call.Error
			mu.Lock()
			defer mu.Unlock()
			if strings.Contains(string(text), a.on.AuthToken) {
				t.Error("an answer has the auth token")
			}
			if err == nil {
				worked++
			} else if !errors.As(err, &said) {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if apps := a.everything(); worked != 1 || len(apps) != 4 { // two numbers, two apps
		t.Errorf("done %d times: %+v", worked, apps)
	}
}

// A telephone is called when the station can answer it, and what Twilio refuses of its
// number is said there.
func TestATelephoneIsRefusedInWords(t *testing.T) {
	t.Parallel()
	a := newApplicant(t)
	done := a.ready()
	ring := func(a *applicant, number string) func() error {
		return func() error { _, err := a.Call(t.Context(), number); return err }
	}
	a.refuses("a call before the account is connected", "", "once the station runs", ring(a, "+12065550177"))
	if _, err := a.Do(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	run := newApplicant(t, func(o *connect.Options) {
		o.Twilio, o.Settings = a.on.Address, settings.Settings{AccountSid: a.on.AccountSid, AuthToken: a.on.AuthToken, Number: a.on.ListenersNumber, PublicURL: a.public}
		o.Settings.Fixed = []string{"account_sid", "auth_token", "number", "public_url"}
	})
	run.on, run.twilio = a.on, a.twilio
	run.refuses("no number", "number", "+ and the country", ring(run, "12"))
	a.plant(stage.Planting{MayDial: map[string]bool{"GB": false}})
	run.refuses("a country that is barred", "number", "Geo permissions", ring(run, "+442079460999"))
	if err := a.on.Stage().Switch(t.Context(), stage.Switches{Trial: true}); err != nil {
		t.Fatal(err)
	}
	run.refuses("a trial's unverified number", "number", "verified", ring(run, "+12065550177"))
}
