package rest

import (
	"net/http"
	"path"
	"strconv"
	"strings"

	"callin/app/rehearsal/exchange"
)

// saleKinds are the lists of numbers that can be had, by Twilio's names.
var saleKinds = map[string]string{"Local": exchange.Local, "Mobile": exchange.Mobile, "TollFree": exchange.TollFree}

func availableNumbers(s *server) {
	s.handle("GET /AvailablePhoneNumbers", func(r *request) (reply, error) {
		countries := []object{}
		for _, c := range exchange.Countries {
			countries = append(countries, showCountry(r, c))
		}
		return reply{http.StatusOK, object{"countries": countries, "uri": r.uri("AvailablePhoneNumbers")}}, nil
	})
	s.handle("GET /AvailablePhoneNumbers/{country}", func(r *request) (reply, error) {
		c, ok := exchange.CountryBy(r.PathValue("country"))
		return reply{http.StatusOK, showCountry(r, c)}, found(r, ok)
	})
	for name, kind := range saleKinds {
		s.handle("GET /AvailablePhoneNumbers/{country}/"+name, func(r *request) (reply, error) { return listAvailable(r, kind) })
	}
}

// showCountry tells of the kinds of numbers that there are, of which a country need not
// have all.
func showCountry(r *request, c exchange.Country) object {
	kinds := []string{}
	for name, kind := range saleKinds {
		if r.sells(c, kind) {
			kinds = append(kinds, name)
		}
	}
	return object{
		"country_code": c.ISO, "country": c.Name, "beta": false, "uri": r.uri("AvailablePhoneNumbers", c.ISO),
		"subresource_uris": subresources(r, kinds, "AvailablePhoneNumbers", c.ISO),
	}
}

// sells reports whether a country has numbers of a kind.
func (r *request) sells(c exchange.Country, kind string) bool {
	return r.x.Monthly(c.ISO, kind) > 0 || len(r.x.ForSale(c.ISO, kind)) > 0
}

// listAvailable lists the numbers of a kind that can be had. Filters by place that ask
// for a distance are taken and change nothing. A kind that a country has not is not
// found (inferred).
func listAvailable(r *request, kind string) (reply, error) {
	country := r.PathValue("country")
	if c, ok := exchange.CountryBy(country); !ok || !r.sells(c, kind) {
		return reply{}, r.notFound()
	}
	var voice, sms, mms, fax, beta, noAddress *bool
	if err := r.flags(map[string]**bool{
		"VoiceEnabled": &voice, "SmsEnabled": &sms, "MmsEnabled": &mms, "FaxEnabled": &fax, "Beta": &beta,
		"ExcludeAllAddressRequired": &noAddress,
	}); err != nil {
		return reply{}, err
	}
	no := func(b *bool) bool { return b != nil && !*b }
	yes := func(b *bool) bool { return b != nil && *b }
	all := []exchange.Sale{}
	if !no(voice) && !no(sms) && !yes(mms) && !yes(fax) {
		for _, s := range r.x.ForSale(country, kind) {
			if r.isWhere(s) && contains(r.Form.Get("Contains"), s.Number) && !(yes(noAddress) && s.Needs != "") {
				all = append(all, s)
			}
		}
	}
	return list(r, "available_phone_numbers", all, dialPlace, func(s exchange.Sale) string { return s.Number }, showSale)
}

// dialPlace is where a number stands among those that can be had, which are in rising
// order.
func dialPlace(number string) (uint64, bool) {
	place, err := strconv.ParseUint(strings.TrimPrefix(number, "+"), 10, 64)
	return place, err == nil
}

// isWhere applies the filters by place. An area code is one of North America's (Twilio
// docs: AvailablePhoneNumber).
func (r *request) isWhere(s exchange.Sale) bool {
	return r.is("AreaCode", area(s.Number)) && r.is("InRegion", s.Region) && r.is("InLocality", s.Locality) &&
		r.is("InPostalCode", s.PostalCode) && r.is("InLata", s.Lata) && r.is("InRateCenter", s.RateCenter)
}

// area is a North American number's area code; "-" for any other number.
func area(number string) string {
	if len(number) != len("+12065550150") || number[:2] != "+1" {
		return "-"
	}
	return number[2:5]
}

// addressRequirements are what a number needs, as its list says it. Of a bundle the
// list has no word of its own: that it says local then is inferred.
var addressRequirements = map[string]string{"": "none", exchange.NeedsAddress: "any", exchange.NeedsBundle: "local"}

func showSale(s exchange.Sale) object {
	o := object{
		"friendly_name": formatted(s.Number), "phone_number": s.Number, "lata": orNull(s.Lata), "locality": orNull(s.Locality),
		"rate_center": orNull(s.RateCenter), "latitude": nil, "longitude": nil, "region": orNull(s.Region),
		"postal_code": orNull(s.PostalCode), "iso_country": s.Country, "address_requirements": addressRequirements[s.Needs], "beta": false,
		"capabilities": map[string]bool{"voice": true, "sms": true, "mms": false, "fax": false},
	}
	if s.Latitude != 0 {
		o["latitude"], o["longitude"] = s.Latitude, s.Longitude
	}
	return o
}

// contains applies Twilio's Contains: digits and letters as on a telephone's
// keys, and * for any one digit; it may stand anywhere unless it is a whole
// number.
func contains(pattern, number string) bool {
	if pattern == "" {
		return true
	}
	keys := strings.NewReplacer("%", "*")
	return matches("*"+keys.Replace(pattern)+"*", number)
}

// matches compares a number with a pattern in which * is any digits and letters
// are those of a telephone's keys; no pattern is every number.
func matches(pattern, number string) bool {
	if pattern == "" {
		return true
	}
	keyed := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return rune("22233344455566677778889999"[c-'a'])
		case c >= 'A' && c <= 'Z':
			return rune("22233344455566677778889999"[c-'A'])
		case strings.ContainsRune(" -().", c):
			return -1
		}
		return c
	}, pattern)
	ok, err := path.Match(keyed, number)
	return ok && err == nil
}

// toBuy is the number that PhoneNumber or AreaCode asks for, of a kind unless it is
// empty.
func toBuy(r *request, kind string) (string, error) {
	number, code := r.Form.Get("PhoneNumber"), r.Form.Get("AreaCode")
	switch {
	case number == "" && code == "":
		return "", &exchange.Fault{Code: 21402, Message: "PhoneNumber or AreaCode is required"}
	case number != "" && (len(number) < 8 || number[0] != '+'):
		return "", &exchange.Fault{Code: 21421, Message: "PhoneNumber is invalid: " + number}
	}
	for _, s := range r.x.ForSale("", kind) {
		if s.Number == number || number == "" && area(s.Number) == code && !s.Taken {
			return s.Number, nil
		}
	}
	if number == "" {
		return "", &exchange.Fault{Code: 21452, Message: "No phone numbers found in area code " + code}
	}
	return "", &exchange.Fault{Code: 21422, Message: "PhoneNumber is not available: " + number}
}
