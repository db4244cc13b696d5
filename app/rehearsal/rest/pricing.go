package rest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"callin/app/rehearsal/exchange"
)

// Pricing's answers are those of pricing.twilio.com: prices are texts, in US dollars
// here (Twilio docs: Pricing).
const pricingURL = "https://pricing.twilio.com"

// country is the one that the path names.
func (r *request) country() (exchange.Country, error) {
	c, ok := exchange.CountryBy(r.PathValue("country"))
	return c, found(r, ok)
}

func listPrices(path string) handler {
	return func(r *request) (reply, error) {
		place := func(iso string) (uint64, bool) {
			i := slices.IndexFunc(exchange.Countries, func(c exchange.Country) bool { return c.ISO == iso })
			return uint64(max(0, i)), i >= 0
		}
		out, err := list(r, "countries", exchange.Countries, place, func(c exchange.Country) string { return c.ISO },
			func(c exchange.Country) object {
				return object{"country": c.Name, "iso_country": c.ISO, "url": pricingURL + path + "/" + c.ISO}
			})
		return newer(r, "countries", out, err)
	}
}

func numberPrices(r *request) (reply, error) {
	c, err := r.country()
	if err != nil {
		return reply{}, err
	}
	prices := []object{}
	for _, kind := range []string{exchange.Local, exchange.Mobile, exchange.TollFree} {
		if current := r.x.Monthly(c.ISO, kind); current > 0 {
			prices = append(prices, object{"number_type": kind, "base_price": price(cmp.Or(c.Monthly[kind], current)), "current_price": price(current)})
		}
	}
	return reply{http.StatusOK, object{
		"country": c.Name, "iso_country": c.ISO, "phone_number_prices": prices, "price_unit": "USD",
		"url": pricingURL + "/v1/PhoneNumbers/Countries/" + c.ISO,
	}}, nil
}

func voicePrices(r *request) (reply, error) {
	c, err := r.country()
	if err != nil {
		return reply{}, err
	}
	inbound, outbound := []object{}, []object{}
	for _, kind := range []string{exchange.Local, exchange.Mobile, exchange.TollFree} {
		if per := c.Inbound[kind]; per > 0 {
			inbound = append(inbound, object{"number_type": kind, "base_price": price(per), "current_price": price(per)})
		}
	}
	for _, o := range c.Outbound {
		outbound = append(outbound, object{
			"friendly_name": o.Name, "destination_prefixes": o.Prefixes, "origination_prefixes": []string{"ALL"},
			"base_price": price(o.Price), "current_price": price(o.Price),
		})
	}
	return reply{http.StatusOK, object{
		"country": c.Name, "iso_country": c.ISO, "inbound_call_prices": inbound, "outbound_prefix_prices": outbound,
		"price_unit": "USD", "url": pricingURL + "/v2/Voice/Countries/" + c.ISO,
	}}, nil
}

// callPrices are those of calls from and to one number. What comes in has a price only
// where the number is the account's own (Twilio docs: Pricing, voice numbers); what is
// told of any other is inferred.
func callPrices(r *request) (reply, error) {
	number, in := r.PathValue("number"), object{"base_price": nil, "current_price": nil, "number_type": nil}
	i := slices.IndexFunc(exchange.Countries, func(c exchange.Country) bool {
		return slices.ContainsFunc(c.Codes, func(code string) bool { return strings.HasPrefix(number, code) })
	})
	if err := found(r, i >= 0); err != nil {
		return reply{}, err
	}
	country := exchange.Countries[i]
	for _, own := range r.x.Numbers("") {
		if own.PhoneNumber == number {
			iso, kind := exchange.KindOf(own)
			country, _ = exchange.CountryBy(iso)
			per := price(country.Inbound[kind])
			in = object{"base_price": per, "current_price": per, "number_type": kind}
		}
	}
	outbound, longest := []object{}, ""
	for _, o := range country.Outbound {
		for _, prefix := range o.Prefixes {
			if len(prefix) > len(longest) && strings.HasPrefix(number, "+"+prefix) {
				longest = prefix
				outbound = []object{{"base_price": price(o.Price), "current_price": price(o.Price), "origination_prefixes": []string{"ALL"}}}
			}
		}
	}
	return reply{http.StatusOK, object{
		"destination_number": number, "origination_number": nil, "country": country.Name, "iso_country": country.ISO,
		"outbound_call_prices": outbound, "inbound_call_price": in, "price_unit": "USD", "url": pricingURL + "/v2/Voice/Numbers/" + number,
	}}, nil
}

func price(p float64) string { return strconv.FormatFloat(p, 'f', -1, 64) }

// dialingPermissions are where calls may go, of voice.twilio.com (Twilio docs: Voice
// dialing permissions).
func dialingPermissions(r *request) (reply, error) {
	c, err := r.country()
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, showPermissions(r)(c)}, nil
}

func listPermissions(r *request) (reply, error) {
	low, err := r.flag("LowRiskNumbersEnabled")
	if err != nil {
		return reply{}, err
	}
	all := []exchange.Country{}
	for _, c := range exchange.Countries {
		if r.is("IsoCode", c.ISO) && r.is("Continent", c.Continent) && (low == nil || *low == r.x.MayDial(c.ISO)) {
			all = append(all, c)
		}
	}
	place := func(iso string) (uint64, bool) {
		_, ok := exchange.CountryBy(iso)
		return uint64(iso[0])<<8 + uint64(iso[1]), ok
	}
	out, err := list(r, "content", all, place, func(c exchange.Country) string { return c.ISO }, showPermissions(r))
	return newer(r, "content", out, err)
}

func showPermissions(r *request) func(exchange.Country) object {
	return func(c exchange.Country) object {
		url := "https://voice.twilio.com/v1/DialingPermissions/Countries/" + c.ISO
		return object{
			"iso_code": c.ISO, "name": c.Name, "continent": c.Continent, "country_codes": c.Codes,
			"low_risk_numbers_enabled": r.x.MayDial(c.ISO), "high_risk_special_numbers_enabled": false,
			"high_risk_tollfraud_numbers_enabled": false,
			"url":                                 url, "links": map[string]string{"highrisk_special_prefixes": url + "/HighRiskSpecialPrefixes"},
		}
	}
}

// textingPermissions are where texts may go, of accounts.twilio.com; of a country that
// is not known here there is nothing (Twilio docs: Messaging Geo Permissions; the last
// inferred).
func textingPermissions(r *request) (reply, error) {
	all := []object{}
	for _, c := range exchange.Countries {
		if r.is("CountryCode", c.ISO) {
			all = append(all, object{"country_code": c.ISO, "type": "country", "enabled": r.x.MayText(c.ISO), "prefix": c.Codes[0], "message": ""})
		}
	}
	return reply{http.StatusOK, object{"permissions": all}}, nil
}
