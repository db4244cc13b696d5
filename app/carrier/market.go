package carrier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/call"
)

// The kinds of numbers, by the words of Twilio's Pricing API.
const (
	Local    = "local"
	Mobile   = "mobile"
	TollFree = "toll free"
)

// Search says which numbers are looked for.
type Search struct {
	Country  string // ISO code
	AreaCode string // three digits; in the United States and Canada only
	// Contains are digits, or letters for those on a telephone's keys; * is any digit.
	Contains string
	Kind     string // Local, Mobile or TollFree; Local if empty
}

// Offer is a number that can be had.
type Offer struct {
	Number, Name        string // E.164, and as a person writes it
	Country, Kind       string
	Locality, Region    string
	Voice, SMS, MMS     bool
	AddressRequirements string  // none, any, local or foreign (Twilio)
	Monthly             float64 // what it costs a month
	Currency            string  // empty where Twilio does not tell the price
}

// offers is how many numbers a search finds at most.
const offers = 30

// ForSale finds numbers that can take calls, with what they cost a month. A country
// that has none of the kind is call.ErrGone.
func (t *Twilio) ForSale(ctx context.Context, s Search) ([]Offer, error) {
	area, err := s.area()
	if err != nil {
		return nil, err
	}
	if s.Kind == "" {
		s.Kind = Local
	}
	found := []Offer{}
	err = t.ask(ctx, func(a *api.ApiService) error {
		list, err := s.list(a, area)
		if err != nil {
			return err
		}
		found, err = s.offers(list)
		return err
	})
	if err != nil || len(found) == 0 {
		return found, err
	}
	monthly, currency, err := t.numberPrice(ctx, s.Country, s.Kind)
	if errors.Is(err, call.ErrLater) || errors.Is(err, ErrCredentials) || ctx.Err() != nil {
		return nil, err
	}
	for i := range found {
		found[i].Monthly, found[i].Currency = monthly, currency
	}
	return found, nil
}

// area is the area code as twilio-go takes it; nil for none.
func (s Search) area() (*int, error) {
	if s.AreaCode == "" {
		return nil, nil
	}
	code, err := strconv.Atoi(s.AreaCode)
	if err != nil || code < 200 || code > 999 {
		return nil, fmt.Errorf("%q is no area code, which has three digits such as 206", s.AreaCode)
	}
	return &code, nil
}

// list asks for the numbers of the kind.
func (s Search) list(a *api.ApiService, area *int) (list any, err error) {
	voice, most, contains := true, offers, s.pattern()
	switch s.Kind {
	case Mobile:
		return a.ListAvailablePhoneNumberMobile(s.Country, &api.ListAvailablePhoneNumberMobileParams{
			AreaCode: area, Contains: contains, VoiceEnabled: &voice, PageSize: &most, Limit: &most,
		})
	case TollFree:
		return a.ListAvailablePhoneNumberTollFree(s.Country, &api.ListAvailablePhoneNumberTollFreeParams{
			AreaCode: area, Contains: contains, VoiceEnabled: &voice, PageSize: &most, Limit: &most,
		})
	}
	return a.ListAvailablePhoneNumberLocal(s.Country, &api.ListAvailablePhoneNumberLocalParams{
		AreaCode: area, Contains: contains, VoiceEnabled: &voice, PageSize: &most, Limit: &most,
	})
}

// pattern is Contains as Twilio takes it; nil for none. A point and the digits after it
// would not arrive (twilio-go takes them out of a query), and points mean nothing.
func (s Search) pattern() *string {
	p := strings.Map(func(c rune) rune {
		if strings.ContainsRune("0123456789*+", c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			return c
		}
		return -1
	}, s.Contains)
	if p == "" {
		return nil
	}
	return &p
}

// offers are the numbers of a list of any kind: twilio-go has a type for each, with the
// same fields.
func (s Search) offers(list any) ([]Offer, error) {
	b, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	var numbers []api.ApiV2010AvailablePhoneNumberLocal
	if err := json.Unmarshal(b, &numbers); err != nil {
		return nil, err
	}
	out := []Offer{}
	for _, n := range numbers {
		can := value(n.Capabilities)
		out = append(out, Offer{
			Number: value(n.PhoneNumber), Name: value(n.FriendlyName), Country: value(n.IsoCountry), Kind: s.Kind,
			Locality: value(n.Locality), Region: value(n.Region), Voice: can.Voice, SMS: can.Sms, MMS: can.Mms,
			AddressRequirements: value(n.AddressRequirements),
		})
	}
	return out, nil
}

// Buy buys a number. It costs money on a real account. Where Twilio did not answer,
// it is looked whether the account has the number now; call.ErrUnknown if not.
func (t *Twilio) Buy(ctx context.Context, e164 string) (bought Resource, err error) {
	err = t.ask(ctx, func(a *api.ApiService) error {
		n, err := a.CreateIncomingPhoneNumber((&api.CreateIncomingPhoneNumberParams{}).SetPhoneNumber(e164))
		if err == nil {
			bought = number(n)
		}
		return err
	})
	if !errors.Is(err, call.ErrUnknown) {
		return bought, err
	}
	lookErr := t.ask(ctx, func(a *api.ApiService) error {
		has, err := a.ListIncomingPhoneNumber((&api.ListIncomingPhoneNumberParams{}).SetPhoneNumber(e164).SetPageSize(page))
		for i := range has {
			if value(has[i].PhoneNumber) == e164 {
				bought = number(&has[i])
			}
		}
		return err
	})
	if lookErr == nil && bought.Sid != "" {
		return bought, nil
	}
	return Resource{}, err
}
