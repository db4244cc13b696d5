package carrier

import (
	"context"
	"strconv"

	api "github.com/twilio/twilio-go/rest/api/v2010"
	numbers "github.com/twilio/twilio-go/rest/pricing/v1"
	minutes "github.com/twilio/twilio-go/rest/pricing/v2"
)

// numberPrice is what the account pays a month for a number of a kind in a country; an
// empty currency where Twilio does not tell.
func (t *Twilio) numberPrice(ctx context.Context, country, kind string) (monthly float64, currency string, err error) {
	if t.place.Abroad() != "" { // inferred: prices are told to the credentials of us1 alone
		return 0, "", nil
	}
	err = t.ask(ctx, func(a *api.ApiService) error {
		prices, err := numbers.NewApiService(a.RequestHandler()).FetchPhoneNumberCountry(country)
		if err != nil {
			return err
		}
		for _, p := range value(prices.PhoneNumberPrices) {
			if p.NumberType == kind {
				monthly, currency = price(p.CurrentPrice), value(prices.PriceUnit)
			}
		}
		return nil
	})
	return monthly, currency, err
}

// Prices are what the account pays for a minute of calls with a country.
type Prices struct {
	Country, Name, Currency string
	Inbound                 map[string]float64 // to numbers of the account's, by their kind
	Outbound                []Outbound
}

// Outbound is the price of a minute to the numbers that begin with one of Prefixes,
// which have no plus sign. The longest prefix of a number counts.
type Outbound struct {
	Name     string
	Prefixes []string
	Price    float64
}

// Prices reads what minutes with a country cost, at the account's own prices.
func (t *Twilio) Prices(ctx context.Context, country string) (Prices, error) {
	out := Prices{Inbound: map[string]float64{}}
	err := t.ask(ctx, func(a *api.ApiService) error {
		of, err := minutes.NewApiService(a.RequestHandler()).FetchVoiceCountry(country)
		if err != nil {
			return err
		}
		out.Country, out.Name, out.Currency = value(of.IsoCountry), value(of.Country), value(of.PriceUnit)
		for _, p := range value(of.InboundCallPrices) {
			out.Inbound[p.NumberType] = price(p.CurrentPrice)
		}
		for _, p := range value(of.OutboundPrefixPrices) {
			out.Outbound = append(out.Outbound, Outbound{p.FriendlyName, p.DestinationPrefixes, price(p.CurrentPrice)})
		}
		return nil
	})
	return out, err
}

// InboundPrice is what the account pays for a minute of a call to one of its numbers; an
// empty currency where Twilio does not tell.
func (t *Twilio) InboundPrice(ctx context.Context, number string) (minute float64, currency string, err error) {
	if t.place.Abroad() != "" { // as with numberPrice; a refusal there says nothing of the token here
		return 0, "", nil
	}
	err = t.ask(ctx, func(a *api.ApiService) error {
		of, err := minutes.NewApiService(a.RequestHandler()).FetchVoiceNumber(number, &minutes.FetchVoiceNumberParams{})
		// Of a number that is not the account's own it has no kind (Twilio docs: Pricing).
		if in := value(of).InboundCallPrice; err == nil && in != nil && in.NumberType != "" {
			minute, currency = price(in.CurrentPrice), value(value(of).PriceUnit)
		}
		return err
	})
	if untold(err) {
		err = nil
	}
	return minute, currency, err
}

// price is what twilio-go has read as float32, by the shortest decimal that it stands
// for: 1.15, not 1.149999976.
func price(p float32) float64 {
	out, _ := strconv.ParseFloat(strconv.FormatFloat(float64(p), 'f', -1, 32), 64) // it has just been written
	return out
}
