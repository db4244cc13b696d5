package rest

import (
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"callin/app/rehearsal/exchange"
)

// exchangeArea is a place where numbers can be had.
type exchangeArea struct {
	code, region, locality, postalCode, lata, rateCenter string
	latitude, longitude                                  float64
}

var areas = []exchangeArea{
	{"206", "WA", "Seattle", "98101", "674", "SEATTLE", 47.61, -122.33},
	{"212", "NY", "New York", "10001", "132", "NWYRCYZN01", 40.75, -73.99},
	{"312", "IL", "Chicago", "60601", "358", "CHICAGOZN1", 41.89, -87.62},
	{"415", "CA", "San Francisco", "94102", "722", "SNFC CNTRL", 37.78, -122.42},
	{"512", "TX", "Austin", "78701", "558", "AUSTIN", 30.27, -97.74},
	{"617", "MA", "Boston", "02108", "128", "BOSTON", 42.36, -71.06},
}

// Of each area the numbers from -555-0150 on can be had: of those that are
// nobody's, and none that the stage's callers have.
const (
	firstAvailable = 150
	availableEach  = 10
)

func availableNumbers(s *server) {
	s.handle("GET /AvailablePhoneNumbers", func(r *request) (reply, error) {
		return reply{http.StatusOK, object{"countries": []object{showCountry(r)}, "uri": r.uri("AvailablePhoneNumbers")}}, nil
	})
	s.handle("GET /AvailablePhoneNumbers/{country}", func(r *request) (reply, error) {
		return reply{http.StatusOK, showCountry(r)}, unitedStates(r)
	})
	s.handle("GET /AvailablePhoneNumbers/{country}/Local", listAvailable)
}

func unitedStates(r *request) error { return found(r, r.PathValue("country") == "US") }

func showCountry(r *request) object {
	return object{
		"country_code": "US", "country": "United States", "beta": false, "uri": r.uri("AvailablePhoneNumbers", "US"),
		"subresource_uris": subresources(r, []string{"Local"}, "AvailablePhoneNumbers", "US"),
	}
}

// listAvailable lists the numbers that can be had. Filters by place that ask for
// a distance are taken and change nothing.
func listAvailable(r *request) (reply, error) {
	if err := unitedStates(r); err != nil {
		return reply{}, err
	}
	var voice, sms, mms, fax, beta *bool
	if err := r.flags(map[string]**bool{
		"VoiceEnabled": &voice, "SmsEnabled": &sms, "MmsEnabled": &mms, "FaxEnabled": &fax, "Beta": &beta,
	}); err != nil {
		return reply{}, err
	}
	no := func(b *bool) bool { return b != nil && !*b }
	yes := func(b *bool) bool { return b != nil && *b }
	found := []string{}
	if !no(voice) && !no(sms) && !yes(mms) && !yes(fax) {
		for _, number := range available(r) {
			if area := areaOf(number); area.passes(r) && contains(r.Form.Get("Contains"), number) {
				found = append(found, number)
			}
		}
	}
	return list(r, "available_phone_numbers", found, dialPlace, func(number string) string { return number },
		func(number string) object { return areaOf(number).show(number) })
}

// dialPlace is where a number stands among those that can be had: areas and
// numbers are in rising order.
func dialPlace(number string) (uint64, bool) {
	place, err := strconv.ParseUint(strings.TrimPrefix(number, "+"), 10, 64)
	return place, err == nil && areaOf(number) != nil
}

// available are all numbers that the account does not have.
func available(r *request) (all []string) {
	for _, area := range areas {
		for n := range availableEach {
			number := "+1" + area.code + "5550" + strconv.Itoa(firstAvailable+n)
			if len(r.x.Numbers(number)) == 0 {
				all = append(all, number)
			}
		}
	}
	return all
}

func areaOf(number string) *exchangeArea {
	i := slices.IndexFunc(areas, func(a exchangeArea) bool { return len(number) == 12 && number[2:5] == a.code })
	if i < 0 {
		return nil
	}
	return &areas[i]
}

func (a *exchangeArea) passes(r *request) bool {
	return r.is("AreaCode", a.code) && r.is("InRegion", a.region) && r.is("InLocality", a.locality) &&
		r.is("InPostalCode", a.postalCode) && r.is("InLata", a.lata) && r.is("InRateCenter", a.rateCenter)
}

func (a *exchangeArea) show(number string) object {
	return object{
		"friendly_name": formatted(number), "phone_number": number, "lata": a.lata, "locality": a.locality,
		"rate_center": a.rateCenter, "latitude": a.latitude, "longitude": a.longitude, "region": a.region,
		"postal_code": a.postalCode, "iso_country": "US", "address_requirements": "none", "beta": false,
		"capabilities": map[string]bool{"voice": true, "sms": true, "mms": false, "fax": false},
	}
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

// toBuy is the number that PhoneNumber or AreaCode asks for.
func toBuy(r *request) (string, error) {
	number, area := r.Form.Get("PhoneNumber"), r.Form.Get("AreaCode")
	free := available(r)
	switch {
	case number == "" && area == "":
		return "", &exchange.Fault{Code: 21402, Message: "PhoneNumber or AreaCode is required"}
	case number == "":
		for _, n := range free {
			if n[2:5] == area {
				return n, nil
			}
		}
		return "", &exchange.Fault{Code: 21452, Message: "No phone numbers found in area code " + area}
	case len(number) < 8 || number[0] != '+':
		return "", &exchange.Fault{Code: 21421, Message: "PhoneNumber is invalid: " + number}
	case !slices.Contains(free, number):
		return "", &exchange.Fault{Code: 21422, Message: "PhoneNumber is not available: " + number}
	}
	return number, nil
}
