package carrier_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/rehearsal/stage"
)

func TestPricesOfMinutes(t *testing.T) {
	a := newAccount(t)
	got, err := a.Prices(t.Context(), "GB")
	a.must(err)
	want := carrier.Prices{
		Country: "GB", Name: "United Kingdom", Currency: "USD",
		Inbound: map[string]float64{carrier.Local: 0.01, carrier.Mobile: 0.011},
		Outbound: []carrier.Outbound{
			{Name: "Programmable Outbound Minute - United Kingdom", Prefixes: []string{"44"}, Price: 0.0158},
			{Name: "Programmable Outbound Minute - United Kingdom - Mobile", Prefixes: []string{"447"}, Price: 0.0347},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if _, err := a.Prices(t.Context(), "XX"); !errors.Is(err, call.ErrGone) {
		t.Errorf("a country that there is not: %v", err)
	}
}

func TestWhereCallsAndTextsMayGo(t *testing.T) {
	a := newAccount(t)
	a.plant(stage.Planting{MayDial: map[string]bool{"GB": false}, MayText: map[string]bool{"US": false}})
	for country, dials := range map[string]bool{"GB": false, "US": true} {
		if may, err := a.MayDial(t.Context(), country); err != nil || may != dials {
			t.Errorf("calls to %s: %v %v", country, may, err)
		}
		if may, err := a.MayText(t.Context(), country); err != nil || may == dials {
			t.Errorf("texts to %s: %v %v", country, may, err)
		}
	}
	if err := a.Text(t.Context(), a.rehearsal.ListenersNumber, "+12015550100", "Hello"); !refused(err, 21408, 400) {
		t.Errorf("a text to where none may go: %v", err)
	}
	if _, err := a.MayDial(t.Context(), "XX"); !errors.Is(err, call.ErrGone) {
		t.Errorf("calls to a country that there is not: %v", err)
	}
	if may, err := a.MayText(t.Context(), "XX"); err == nil {
		t.Errorf("texts to a country that there is not: %v", may)
	}
}

// The price of a call to a number is the account's own, by the kind that the number is of.
func TestPriceOfACallToANumber(t *testing.T) {
	a := newAccount(t)
	a.plant(stage.Planting{ForSale: []stage.Sale{{Number: "+18005550150", Kind: carrier.TollFree}}})
	_, err := a.Buy(t.Context(), "+18005550150")
	a.must(err)
	for number, want := range map[string]float64{a.rehearsal.ListenersNumber: 0.0085, "+18005550150": 0.022} {
		if got, currency, err := a.InboundPrice(t.Context(), number); err != nil || got != want || currency != "USD" {
			t.Errorf("%s: %v %q %v", number, got, currency, err)
		}
	}
	// twilio-go cannot read the null that stands in the place of a price: that is an error.
	for _, others := range []string{"+12025550999", "+99912345678"} {
		if got, currency, _ := a.InboundPrice(t.Context(), others); got != 0 || currency != "" {
			t.Errorf("%s, which is not the account's: %v %q", others, got, currency)
		}
	}
}

func TestTheMonthSoFar(t *testing.T) {
	a := newAccount(t)
	if got, err := a.Month(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("before anything was used: %+v %v", got, err)
	}
	a.plant(stage.Planting{Usage: []stage.Usage{{Category: "calls-globalconference", Count: 4, Minutes: 37, Price: 0.0666}}})
	want := []carrier.Usage{
		{Category: carrier.UsageTotal, Used: 0.0666, Unit: "usd", Price: 0.0666, Currency: "usd"},
		{Category: carrier.UsageLines, Count: 4, Used: 37, Unit: "minutes", Price: 0.0666, Currency: "usd"},
	}
	if got, err := a.Month(t.Context()); err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAlertsSince(t *testing.T) {
	a := newAccount(t)
	planted := a.plant(stage.Planting{Alerts: []stage.PlantedAlert{
		{Code: 11205, URL: "https://old.example/", HoursAgo: 30},
		{Code: 15003, URL: "https://station.example/voice/status", CallSid: "CA1", Message: "Got HTTP 500", HoursAgo: 2},
		{Code: 11200, URL: "https://other.example/x", Message: "100% gone & more"},
	}})
	got, err := a.Alerts(t.Context(), time.Now().Add(-24*time.Hour))
	a.must(err)
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	if ago := time.Since(got[1].At); ago < 2*time.Hour-time.Second || ago > 2*time.Hour+time.Minute {
		t.Errorf("it was %v ago", ago)
	}
	for i := range got {
		got[i].At = time.Time{}
	}
	want := []carrier.Alert{
		{Sid: planted.Alerts[2], Code: 11200, Level: "error", URL: "https://other.example/x", Text: "100% gone & more"},
		{Sid: planted.Alerts[1], Code: 15003, Level: "warning", URL: "https://station.example/voice/status", CallSid: "CA1", Text: "Got HTTP 500"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
