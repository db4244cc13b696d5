package carrier_test

import (
	"errors"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/rehearsal/stage"
)

func (a account) offers(s carrier.Search) []carrier.Offer {
	a.Helper()
	found, err := a.ForSale(a.Context(), s)
	a.must(err)
	return found
}

func TestNumbersForSale(t *testing.T) {
	a := newAccount(t)
	a.plant(stage.Planting{
		ForSale: []stage.Sale{
			{Number: "+15035550142", Locality: "Portland", Region: "OR"},
			{Number: "+491555500177", Country: "DE", Kind: carrier.Mobile}, // at no price that is told
			{Number: "+447700900199", Country: "GB", Kind: carrier.Mobile, Needs: "address"},
		},
		Prices: []stage.NumberPrice{{Country: "GB", Kind: carrier.Mobile, Monthly: 7.35}},
	})
	found := a.offers(carrier.Search{Country: "US", AreaCode: "503"})
	want := carrier.Offer{
		Number: "+15035550142", Name: "(503) 555-0142", Country: "US", Kind: carrier.Local, Locality: "Portland", Region: "OR",
		Voice: true, SMS: true, AddressRequirements: "none", Monthly: 1.15, Currency: "USD",
	}
	if len(found) != 1 || found[0] != want {
		t.Errorf("%+v", found)
	}
	for _, c := range []struct {
		search  carrier.Search
		count   int
		begins  string
		monthly float64
	}{
		{carrier.Search{Country: "US"}, 30, "+1", 1.15}, // as many as are shown
		{carrier.Search{Country: "US", Contains: "415555015*"}, 10, "+1415", 1.15},
		{carrier.Search{Country: "US", Contains: "KJK.0157"}, 6, "+1", 1.15}, // as a person writes it
		{carrier.Search{Country: "US", Kind: carrier.TollFree}, 10, "+1800", 2.15},
		{carrier.Search{Country: "GB", Kind: carrier.Mobile, Contains: "+44 7700 900199"}, 1, "+447700900199", 7.35},
		{carrier.Search{Country: "DE", Kind: carrier.Mobile}, 1, "+4915", 0},
		{carrier.Search{Country: "US", AreaCode: "999"}, 0, "", 0},
	} {
		found := a.offers(c.search)
		if len(found) != c.count {
			t.Errorf("%+v: %d numbers", c.search, len(found))
		}
		for _, o := range found {
			if !strings.HasPrefix(o.Number, c.begins) || o.Monthly != c.monthly {
				t.Errorf("%+v: %+v", c.search, o)
			}
		}
	}
	if _, err := a.ForSale(t.Context(), carrier.Search{Country: "US", Kind: carrier.Mobile}); !errors.Is(err, call.ErrGone) {
		t.Errorf("a kind that the country has not: %v", err)
	}
	for _, code := range []string{"20", "2065", "two"} {
		if _, err := a.ForSale(t.Context(), carrier.Search{Country: "US", AreaCode: code}); err == nil || errors.Is(err, call.ErrUnknown) {
			t.Errorf("the area code %s: %v", code, err)
		}
	}
	// Where Twilio tells no price, none is made up.
	for _, fault := range []stage.RESTFault{{Kind: "refused", Status: 403, Code: 20003}, {Kind: "html"}} {
		fault.Path = "/PhoneNumbers/Countries"
		a.fails(fault)
		if found := a.offers(carrier.Search{Country: "US", AreaCode: "503"}); len(found) != 1 || found[0].Currency != "" || found[0].Monthly != 0 {
			t.Errorf("without a price: %+v", found)
		}
	}
}

func TestBuying(t *testing.T) {
	a := newAccount(t)
	balance := 3.0
	a.plant(stage.Planting{
		Account: &stage.Account{Balance: &balance},
		ForSale: []stage.Sale{{Number: "+15035550142", Taken: true}},
	})
	for _, c := range []struct {
		number       string
		code, status int
	}{
		{"+15035550142", 21422, 400},  // another was quicker
		{"+12025550100", 21422, 400},  // the account has it
		{"206", 21421, 400},           // no number
		{"+442079460150", 21631, 400}, // an address is needed
		{"+493023125150", 21649, 400}, // a bundle is needed
	} {
		if _, err := a.Buy(t.Context(), c.number); !refused(err, c.code, c.status) {
			t.Errorf("%s: %v", c.number, err)
		}
	}
	bought, err := a.Buy(t.Context(), "+18005550150") // 2.15
	if err != nil || bought.Name != "+18005550150" || bought.Kind != carrier.Number || bought.Sid == "" {
		t.Fatalf("%+v %v", bought, err)
	}
	if _, err := a.Buy(t.Context(), "+12065550150"); !refused(err, 20005, 403) {
		t.Errorf("with 0.85 left: %v", err)
	}
	all, err := a.Resources(t.Context(), carrier.Number)
	if a.must(err); len(all) != 3 {
		t.Errorf("%d numbers", len(all))
	}
}

// A trial account has one number, and is told so.
func TestBuyingInATrialAccount(t *testing.T) {
	a := newAccount(t)
	a.must(a.rehearsal.Stage().Switch(t.Context(), stage.Switches{Trial: true}))
	if _, err := a.Buy(t.Context(), "+12065550150"); !refused(err, 21404, 400) {
		t.Errorf("a number more: %v", err)
	}
	a.plant(stage.Planting{NoNumbers: true})
	if _, err := a.Buy(t.Context(), "+12065550150"); err != nil {
		t.Errorf("the first: %v", err)
	}
}

// A purchase that Twilio made and did not answer is found, and paid once; one that it
// did not make is not known.
func TestBuyingWithoutAnAnswer(t *testing.T) {
	a := newAccount(t)
	before, err := a.Account(t.Context())
	a.must(err)
	a.fails(stage.RESTFault{Kind: "broken", Method: "POST", Path: "/IncomingPhoneNumbers", Count: 1})
	bought, err := a.Buy(t.Context(), "+12065550150")
	if err != nil || bought.Name != "+12065550150" || bought.Sid == "" {
		t.Fatalf("%+v %v", bought, err)
	}
	after, err := a.Account(t.Context())
	if a.must(err); before.Balance-after.Balance < 1.14 || before.Balance-after.Balance > 1.16 {
		t.Errorf("paid %v", before.Balance-after.Balance)
	}
	for _, kind := range []string{"down", "error"} {
		a.fails(stage.RESTFault{Kind: kind, Method: "POST", Path: "/IncomingPhoneNumbers", Count: 1})
		if got, err := a.Buy(t.Context(), "+12065550151"); !errors.Is(err, call.ErrUnknown) || got.Sid != "" {
			t.Errorf("%s: %+v %v", kind, got, err)
		}
	}
}
