package exchange

import (
	"cmp"
	"slices"
)

// Country is one that calls go to. Its prices are examples, in US dollars: to see that
// they are read rightly, not to plan by.
type Country struct {
	ISO, Name, Continent string
	Codes                []string // E.164 country codes
	Monthly, Inbound     map[string]float64
	Outbound             []Outbound
}

// Outbound is the price of a minute to numbers with one of the prefixes.
type Outbound struct {
	Name     string
	Prefixes []string
	Price    float64
}

// Countries are those that this exchange knows.
var Countries = []Country{
	{
		"CA", "Canada", "NORTH_AMERICA",
		[]string{"+1"},
		map[string]float64{Local: 1.15},
		map[string]float64{Local: 0.0085},
		[]Outbound{{"Programmable Outbound Minute - Canada", []string{"1416", "1"}, 0.014}},
	},
	{
		"DE", "Germany", "EUROPE",
		[]string{"+49"},
		map[string]float64{Local: 1.15},
		map[string]float64{Local: 0.01},
		[]Outbound{
			{"Programmable Outbound Minute - Germany", []string{"49"}, 0.0195},
			{"Programmable Outbound Minute - Germany - Mobile", []string{"4915", "4916", "4917"}, 0.043},
		},
	},
	{
		"GB", "United Kingdom", "EUROPE",
		[]string{"+44"},
		map[string]float64{Local: 1.15, Mobile: 1.25},
		map[string]float64{Local: 0.01, Mobile: 0.011},
		[]Outbound{
			{"Programmable Outbound Minute - United Kingdom", []string{"44"}, 0.0158},
			{"Programmable Outbound Minute - United Kingdom - Mobile", []string{"447"}, 0.0347},
		},
	},
	{
		"US", "United States", "NORTH_AMERICA",
		[]string{"+1"},
		map[string]float64{Local: 1.15, TollFree: 2.15},
		map[string]float64{Local: 0.0085, TollFree: 0.022},
		[]Outbound{{"Programmable Outbound Minute - United States", []string{"1"}, 0.014}},
	},
}

// CountryBy is a country by its ISO code; false if it is none of Countries.
func CountryBy(iso string) (Country, bool) {
	i := slices.IndexFunc(Countries, func(c Country) bool { return c.ISO == iso })
	if i < 0 {
		return Country{}, false
	}
	return Countries[i], true
}

// SetPrice says what the numbers of a kind cost a month in a country.
func (x *Exchange) SetPrice(country, kind string, monthly float64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.prices[country+" "+kind] = monthly
}

// Monthly is what the numbers of a kind cost a month in a country.
func (x *Exchange) Monthly(country, kind string) float64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.monthly(country, kind)
}

func (x *Exchange) monthly(country, kind string) float64 {
	c, _ := CountryBy(country)
	return cmp.Or(x.prices[country+" "+kind], c.Monthly[kind])
}

// Permit says whether calls may go to a country. REST makes none to one that is barred
// (Twilio errors: 21215); a Dial is not refused.
func (x *Exchange) Permit(country string, may bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.barred[country] = !may
}

// MayDial reports whether calls may go to a country: to all that nobody has barred.
// A new account of Twilio's may call few (Twilio docs: Voice geographic permissions).
func (x *Exchange) MayDial(country string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return !x.barred[country]
}

// PermitTexts says whether texts may go to a country. REST sends none to one that is
// barred (Twilio errors: 21408).
func (x *Exchange) PermitTexts(country string, may bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.textless[country] = !may
}

// MayText reports whether texts may go to a country: to all that nobody has barred. A
// new account of Twilio's may text its own only (Twilio support: Messaging geographic
// permissions).
func (x *Exchange) MayText(country string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return !x.textless[country]
}
