package backstage

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/stage"
)

// Plant puts things into the account as if others had, or Twilio.
func (s *Stage) Plant(p stage.Planting) (out stage.Planted, err error) {
	if err := check(p); err != nil {
		return out, err
	}
	if p.Account != nil {
		s.stand(*p.Account)
	}
	for _, have := range s.x.Numbers("") {
		if p.NoNumbers {
			s.x.DeleteNumber(have.Sid)
		}
	}
	for _, n := range p.Numbers {
		made, err := s.x.PlantNumber(n.Number, func(to *exchange.Number) {
			if n.Name != "" {
				to.FriendlyName = n.Name
			}
			to.VoiceURL, to.SmsURL, to.StatusCallback = n.VoiceURL, n.SmsURL, n.StatusCallback
			to.VoiceApplicationSid, to.TrunkSid = n.ApplicationSid, n.TrunkSid
		})
		if err != nil {
			return out, err
		}
		out.Numbers = append(out.Numbers, made.Sid)
	}
	for _, a := range p.Apps {
		made := s.x.AddApplication(func(to *exchange.Application) {
			to.FriendlyName, to.VoiceURL, to.StatusCallback = a.Name, a.VoiceURL, a.StatusCallback
		})
		out.Apps = append(out.Apps, made.Sid)
	}
	for _, name := range p.Keys {
		out.Keys = append(out.Keys, s.x.AddKey(name).Sid)
	}
	for _, name := range p.Queues {
		made, err := s.x.CreateQueue(name, 0)
		if err != nil {
			return out, err
		}
		out.Queues = append(out.Queues, made.Sid)
	}
	for _, of := range p.Profiles {
		out.Profiles = append(out.Profiles, s.x.AddProfile(of.Name, of.Status).Sid)
	}
	for _, sale := range p.ForSale {
		s.x.Sell(exchange.Sale{
			Number: sale.Number, Country: sale.Country, Kind: sale.Kind, Locality: sale.Locality, Region: sale.Region,
			Needs: sale.Needs, Taken: sale.Taken,
		})
	}
	for _, of := range p.Prices {
		s.x.SetPrice(of.Country, of.Kind, of.Monthly)
	}
	for country, may := range p.MayDial {
		s.x.Permit(country, may)
	}
	for country, may := range p.MayText {
		s.x.PermitTexts(country, may)
	}
	for _, a := range p.Alerts {
		ago := time.Duration(a.HoursAgo * float64(time.Hour))
		out.Alerts = append(out.Alerts, s.x.PlantAlert(a.Code, a.CallSid, a.URL, a.Message, ago).Sid)
	}
	for _, u := range p.Usage {
		s.x.Use(u.Category, exchange.Tally{Count: u.Count, Minutes: u.Minutes, Price: u.Price})
	}
	return out, nil
}

var profileStatuses = []string{"draft", "pending-review", "in-review", "twilio-rejected", "twilio-approved"}

func check(p stage.Planting) error {
	if a := p.Account; a != nil && a.Status != "" && !slices.Contains([]string{"active", "suspended", "closed"}, a.Status) {
		return fmt.Errorf("an account is active, suspended or closed, not %q", a.Status)
	}
	numbers, kinds, countries := []string{}, []string{}, slices.AppendSeq(slices.Collect(maps.Keys(p.MayDial)), maps.Keys(p.MayText))
	for _, n := range p.Numbers {
		numbers = append(numbers, n.Number)
	}
	for _, s := range p.ForSale {
		numbers, kinds, countries = append(numbers, s.Number), append(kinds, s.Kind), append(countries, cmp.Or(s.Country, "US"))
		if !slices.Contains([]string{"", exchange.NeedsAddress, exchange.NeedsBundle}, s.Needs) {
			return fmt.Errorf("a number needs an address or a bundle, not %q", s.Needs)
		}
	}
	for _, of := range p.Prices {
		kinds, countries = append(kinds, of.Kind), append(countries, of.Country)
	}
	for _, iso := range countries {
		if _, ok := exchange.CountryBy(iso); !ok {
			return fmt.Errorf("the country %q is not known here", iso)
		}
	}
	for _, n := range numbers {
		if len(n) < 8 || n[0] != '+' {
			return fmt.Errorf("%q is no telephone number like +12025550150", n)
		}
	}
	for _, kind := range kinds {
		if !slices.Contains([]string{"", exchange.Local, exchange.Mobile, exchange.TollFree}, kind) {
			return fmt.Errorf("a number is local, mobile or toll free, not %q", kind)
		}
	}
	for _, of := range p.Profiles {
		if !slices.Contains(profileStatuses, of.Status) {
			return fmt.Errorf("a profile is one of %s, not %q", strings.Join(profileStatuses, ", "), of.Status)
		}
	}
	return nil
}

// stand says how the account stands.
func (s *Stage) stand(a stage.Account) {
	s.x.ChangeAccount(func(to *exchange.Account) {
		for of, is := range map[*string]string{&to.Name: a.Name, &to.Status: a.Status, &to.Currency: a.Currency} {
			if is != "" {
				*of = is
			}
		}
		if a.Balance != nil {
			to.Balance = *a.Balance
		}
		if a.Tokens != nil {
			to.Tokens = a.Tokens
		}
	})
}
