package exchange

import (
	"cmp"
	"fmt"
	"slices"
)

// Sale is a number that can be had.
type Sale struct {
	Number, Country, Kind                          string // Kind is one of Kinds
	Locality, Region, PostalCode, Lata, RateCenter string
	Latitude, Longitude                            float64
	Needs                                          string // NeedsAddress, NeedsBundle or nothing
	Taken                                          bool   // is listed, but somebody else is quicker
}

// Kinds of numbers, as the Pricing API names them (Twilio docs: Pricing, PhoneNumber).
const (
	Local    = "local"
	Mobile   = "mobile"
	TollFree = "toll free"
)

// What a number needs beside money, by the law where it is (Twilio errors: 21631, 21649).
const (
	NeedsAddress = "address"
	NeedsBundle  = "bundle"
)

// stocks are where numbers can be had: of each ten, of those that are nobody's and that
// no caller of the stage has.
var stocks = []struct {
	Sale      // its Number lacks the last three digits
	first int // of these
}{
	{Sale{Number: "+12065550", Country: "US", Kind: Local, Region: "WA", Locality: "Seattle", PostalCode: "98101", Lata: "674", RateCenter: "SEATTLE", Latitude: 47.61, Longitude: -122.33}, 150},
	{Sale{Number: "+12125550", Country: "US", Kind: Local, Region: "NY", Locality: "New York", PostalCode: "10001", Lata: "132", RateCenter: "NWYRCYZN01", Latitude: 40.75, Longitude: -73.99}, 150},
	{Sale{Number: "+13125550", Country: "US", Kind: Local, Region: "IL", Locality: "Chicago", PostalCode: "60601", Lata: "358", RateCenter: "CHICAGOZN1", Latitude: 41.89, Longitude: -87.62}, 150},
	{Sale{Number: "+14155550", Country: "US", Kind: Local, Region: "CA", Locality: "San Francisco", PostalCode: "94102", Lata: "722", RateCenter: "SNFC CNTRL", Latitude: 37.78, Longitude: -122.42}, 150},
	{Sale{Number: "+15125550", Country: "US", Kind: Local, Region: "TX", Locality: "Austin", PostalCode: "78701", Lata: "558", RateCenter: "AUSTIN", Latitude: 30.27, Longitude: -97.74}, 150},
	{Sale{Number: "+16175550", Country: "US", Kind: Local, Region: "MA", Locality: "Boston", PostalCode: "02108", Lata: "128", RateCenter: "BOSTON", Latitude: 42.36, Longitude: -71.06}, 150},
	{Sale{Number: "+18005550", Country: "US", Kind: TollFree}, 150},
	{Sale{Number: "+14165550", Country: "CA", Kind: Local, Region: "ON", Locality: "Toronto"}, 150},
	// Which of these need what is inferred; Twilio's regulations change.
	{Sale{Number: "+442079460", Country: "GB", Kind: Local, Locality: "London", Needs: NeedsAddress}, 150},
	{Sale{Number: "+447700900", Country: "GB", Kind: Mobile, Needs: NeedsBundle}, 150},
	{Sale{Number: "+493023125", Country: "DE", Kind: Local, Locality: "Berlin", Needs: NeedsBundle}, 150},
}

// stockEach is how many numbers there are of each.
const stockEach = 10

// Sell puts a number up for sale, or changes how it is sold.
func (x *Exchange) Sell(s Sale) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s.Country, s.Kind = cmp.Or(s.Country, "US"), cmp.Or(s.Kind, Local)
	x.sales = append(slices.DeleteFunc(x.sales, func(o Sale) bool { return o.Number == s.Number }), s)
}

// ForSale returns the numbers of a kind that the account can have in a country, in
// rising order; of all kinds and countries where these are empty.
func (x *Exchange) ForSale(country, kind string) []Sale {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.forSale(country, kind)
}

func (x *Exchange) forSale(country, kind string) []Sale {
	all := slices.Clone(x.sales)
	for _, stock := range stocks {
		for n := range stockEach {
			one := stock.Sale
			one.Number += fmt.Sprintf("%03d", stock.first+n)
			if !slices.ContainsFunc(x.sales, func(s Sale) bool { return s.Number == one.Number }) {
				all = append(all, one)
			}
		}
	}
	all = slices.DeleteFunc(all, func(s Sale) bool {
		return country != "" && s.Country != country || kind != "" && s.Kind != kind ||
			find(x.numbers, func(n *Number) bool { return n.PhoneNumber == s.Number }) != nil
	})
	slices.SortFunc(all, func(a, b Sale) int {
		return cmp.Or(cmp.Compare(len(a.Number), len(b.Number)), cmp.Compare(a.Number, b.Number))
	})
	return all
}

// KindOf is a number's country and kind: as it was sold, else a local one of the
// United States.
func KindOf(n Number) (country, kind string) { return cmp.Or(n.country, "US"), cmp.Or(n.kind, Local) }

// Buy gives the account a number, which f fills in, and takes what it costs a month off
// the balance. Which refusal goes before which is inferred.
func (x *Exchange) Buy(number string, f func(*Number)) (Number, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	all := x.forSale("", "")
	i := slices.IndexFunc(all, func(s Sale) bool { return s.Number == number })
	if i < 0 || all[i].Taken {
		return Number{}, &Fault{21422, "PhoneNumber is not available: " + number} // Twilio errors: 21422
	}
	s := all[i]
	n := newNumber(number, number)
	n.country, n.kind = s.Country, s.Kind
	f(n)
	price := x.monthly(s.Country, s.Kind)
	switch {
	case x.switches.Trial && len(x.numbers) > 0: // Twilio errors: 21404
		return Number{}, &Fault{21404, "Trial accounts are allowed only one number"}
	case s.Needs == NeedsAddress && n.AddressSid == "": // Twilio errors: 21631
		return Number{}, &Fault{21631, "Phone Number Requires an Address but the 'AddressSid' parameter was empty"}
	case s.Needs == NeedsBundle && n.BundleSid == "": // Twilio errors: 21649
		return Number{}, &Fault{21649, "Phone Number Requires a Bundle but the 'BundleSid' parameter was empty"}
	case x.account.Balance < price:
		// Inferred: Twilio suspends an account that has nothing left, and no code is
		// documented for one that has too little.
		return Number{}, &Fault{20005, "The account's balance does not cover the price of " + number}
	}
	x.account.Balance -= price
	x.numbers = append(x.numbers, n)
	return *n, nil
}

// PlantNumber gives the account a number that is not for sale, or free of charge.
func (x *Exchange) PlantNumber(number string, f func(*Number)) (Number, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if find(x.numbers, func(o *Number) bool { return o.PhoneNumber == number }) != nil {
		return Number{}, &Fault{21422, "the account has " + number}
	}
	n := newNumber(number, number)
	for _, s := range x.forSale("", "") {
		if s.Number == number {
			n.country, n.kind = s.Country, s.Kind
		}
	}
	f(n)
	x.numbers = append(x.numbers, n)
	return *n, nil
}
