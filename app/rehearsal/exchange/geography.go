package exchange

import (
	"net/url"
)

// town is where a number is from, as Twilio looks it up: by its area code, not by
// where the telephone is.
type town struct{ city, state, zip, country string }

// towns are by the beginning of a number, the longest of which counts: those of the
// numbers that the stage makes up, and a few countries of which no more is known.
var towns = map[string]town{
	"+1":    {country: "US"},
	"+1202": {"WASHINGTON", "DC", "20001", "US"},
	"+1206": {"SEATTLE", "WA", "98101", "US"},
	"+1212": {"NEW YORK", "NY", "10001", "US"},
	"+1213": {"LOS ANGELES", "CA", "90012", "US"},
	"+1305": {"MIAMI", "FL", "33130", "US"},
	"+1312": {"CHICAGO", "IL", "60601", "US"},
	"+1404": {"ATLANTA", "GA", "30303", "US"},
	"+1415": {"SAN FRANCISCO", "CA", "94105", "US"},
	"+1416": {"TORONTO", "ON", "", "CA"},
	"+1503": {"PORTLAND", "OR", "97204", "US"},
	"+1512": {"AUSTIN", "TX", "78701", "US"},
	"+1602": {"PHOENIX", "AZ", "85004", "US"},
	"+1617": {"BOSTON", "MA", "02108", "US"},
	"+1702": {"LAS VEGAS", "NV", "89101", "US"},
	"+1713": {"HOUSTON", "TX", "77002", "US"},
	"+1801": {"SALT LAKE CITY", "UT", "84101", "US"},
	"+1816": {"KANSAS CITY", "MO", "64106", "US"},
	"+1901": {"MEMPHIS", "TN", "38103", "US"},
	"+33":   {country: "FR"},
	"+353":  {country: "IE"},
	"+44":   {country: "GB"},
	"+49":   {country: "DE"},
}

// place adds to a request where a number is from: FromCity, FromState, FromZip and
// FromCountry, or the same of To, each where it is known (Twilio docs: TwiML Voice,
// request parameters).
func place(v url.Values, of, number string) {
	at := townOf(number)
	for name, s := range map[string]string{"City": at.city, "State": at.state, "Zip": at.zip, "Country": at.country} {
		if s != "" {
			v.Set(of+name, s)
		}
	}
}

// townOf is where a number is from, as far as it is known.
func townOf(number string) (at town) {
	for length := min(len(number), len("+1202")); length > 1; length-- {
		if found, ok := towns[number[:length]]; ok {
			at = found
			break
		}
	}
	return at
}
