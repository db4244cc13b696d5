package connect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/secret"
	"callin/app/setup"
)

func refused(field, words string) error {
	return &call.Error{Code: call.CodeBadField, Field: field, Message: words}
}

var (
	spaces = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "\u00a0", "")
	e164   = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	pins   = regexp.MustCompile(`^[0-9]{4,8}$`)
)

// Number takes the number that listeners call.
func (s *Session) Number(ctx context.Context, number string) (desk.SetupState, error) {
	return s.answer(ctx, func(d *draft, t *carrier.Twilio) error {
		number = spaces.Replace(number)
		if number == d.Number {
			return nil
		}
		if err := s.free("number"); err != nil {
			return err
		}
		if err := owned(ctx, t, number); err != nil {
			return err
		}
		if number == d.DialIn {
			return refused("number", "The DJ dials this number. Listeners need another one.")
		}
		d.Number = number
		return nil
	})
}

// owned refuses a number that the account does not have.
func owned(ctx context.Context, t *carrier.Twilio, number string) error {
	all, err := t.Resources(ctx, carrier.Number)
	if err == nil && !slices.ContainsFunc(all, func(n carrier.Resource) bool { return n.Name == number }) {
		err = refused("number", "The account does not have this number. Choose one of its list, or buy one.")
	}
	return err
}

// DialIn takes the DJ's number and PIN.
func (s *Session) DialIn(ctx context.Context, b desk.SetupDialInBody) (desk.SetupState, error) {
	return s.answer(ctx, func(d *draft, t *carrier.Twilio) error {
		number := spaces.Replace(b.Number)
		if number != d.DialIn {
			if err := s.free("dial_in"); err != nil {
				return err
			}
		}
		pin, err := s.pin(*d)
		switch {
		case err != nil:
			return err
		case b.Pin != "" && !pins.MatchString(b.Pin):
			return refused("pin", "A PIN is 4 to 8 digits.")
		case number != "" && b.Pin == "" && pin == "":
			return refused("pin", "Choose a PIN of 4 to 8 digits: whoever has it can take callers by this number.")
		case number != "" && number == d.Number:
			return refused("number", "Listeners call this number. The DJ needs another one, or none.")
		}
		if number != "" {
			if err := owned(ctx, t, number); err != nil {
				return err
			}
		}
		if b.Pin != "" {
			if err := s.free("pin"); err != nil {
				return err
			}
			if err := s.unkept(s.secrets().Set(secret.Pin(d.AccountSid), b.Pin)); err != nil {
				return err
			}
		}
		d.DialIn, d.NoDialIn = number, number == ""
		return nil
	})
}

// pin is the DJ's; empty for none.
func (s *Session) pin(d draft) (string, error) {
	if s.Settings.Pin != "" {
		return s.Settings.Pin, nil
	}
	return s.secretOf(secret.Pin(d.AccountSid))
}

// offersShown is how many numbers to buy are shown at once.
const offersShown = 12

// Offers are numbers to buy.
func (s *Session) Offers(ctx context.Context, b desk.SetupOffersBody) (offers desk.SetupOffers, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	offers.Offers = []desk.SetupOffer{}
	d, err := s.draft()
	if err != nil {
		return offers, err
	}
	t, err := s.twilio(d)
	if err == nil && t == nil {
		err = errNoAccount
	}
	if err != nil {
		return offers, err
	}
	search := carrier.Search{Country: strings.ToUpper(strings.TrimSpace(b.Country)), Contains: spaces.Replace(b.Contains), Kind: carrier.Local}
	if !call.IsCountry(search.Country) {
		return offers, refused("country", "Callin does not know this country. Write two letters, such as US, CA or GB.")
	}
	if b.TollFree {
		search.Kind = carrier.TollFree
	}
	found, err := t.ForSale(ctx, search)
	if errors.Is(err, call.ErrGone) {
		return offers, refused("country", "Twilio sells no numbers of this kind in this country. Choose another kind, or another country.")
	}
	if err != nil {
		return offers, setup.InWords(err)
	}
	s.offered = map[string]carrier.Offer{}
	for _, o := range found[:min(len(found), offersShown)] {
		offer := desk.SetupOffer{Number: o.Number, Place: strings.Trim(o.Locality+", "+o.Region, ", "), Currency: o.Currency}
		if o.Currency != "" {
			offer.Price = price(o.Monthly)
		}
		offers.Offers = append(offers.Offers, offer)
		s.offered[o.Number] = o
	}
	return offers, nil
}

func price(amount float64) string { return strconv.FormatFloat(amount, 'f', 2, 64) }

// Buy buys a number that was offered, at the price that was shown. One that the account
// has already, as the answer to buying it was lost, is not bought again.
func (s *Session) Buy(ctx context.Context, b desk.SetupBuyBody) (desk.SetupState, error) {
	return s.answer(ctx, func(d *draft, t *carrier.Twilio) error {
		setting, words := "number", "The DJ dials this number. Listeners need another one."
		whose, other := &d.Number, d.DialIn
		if b.DialIn {
			setting, words = "dial_in", "Listeners call this number. The DJ needs another one, or none."
			whose, other = &d.DialIn, d.Number
		}
		if err := s.free(setting); err != nil {
			return err
		}
		if !e164.MatchString(b.Number) {
			return refused("number", "This is no number that was offered. Look for numbers again.")
		}
		if b.Number == other {
			return refused("number", words)
		}
		err := owned(ctx, t, b.Number)
		var not *call.Error
		if errors.As(err, &not) {
			if err := s.paid(ctx, t, b); err != nil {
				return err
			}
			_, err = t.Buy(ctx, b.Number)
		}
		if err != nil {
			return ofNumber(err)
		}
		*whose = b.Number
		return nil
	})
}

// ofNumber gives an error words, at the field of the number if Twilio refuses that (its
// errors from 21000 on).
func ofNumber(err error) error {
	words := setup.InWords(err)
	var refusal *carrier.Refusal
	var said *call.Error
	if errors.As(err, &refusal) && refusal.Code/1000 == 21 && errors.As(words, &said) {
		said.Field = "number"
	}
	return words
}

// paid refuses to buy at another price than the one that was shown, what the balance does
// not pay for, or a trial account's second number (Twilio docs: trial accounts).
func (s *Session) paid(ctx context.Context, t *carrier.Twilio, b desk.SetupBuyBody) error {
	offer, offered := s.offered[b.Number]
	if !offered || offer.Currency == "" || price(offer.Monthly) != b.Price {
		return refused("number", "This number was not offered at this price. Look for numbers again.")
	}
	account, err := t.Account(ctx)
	if err != nil {
		return err
	}
	if has, err := t.Resources(ctx, carrier.Number); err != nil {
		return err
	} else if account.Trial && len(has) > 0 {
		return refused("number", "A trial account may have one number, and this one has "+has[0].Name+". Use that one, or upgrade the account in Twilio's console.")
	}
	if account.Currency != "" && account.Balance < offer.Monthly {
		return refused("number", fmt.Sprintf("The account's balance of %.2f %s does not pay for this number. Add to it in Twilio's console, then try again.", account.Balance, account.Currency))
	}
	return nil
}

// now is where a number's calls go today, as a sentence.
func now(n carrier.Resource, apps []carrier.Resource, listeners string) (words string, used bool) {
	if n.Fields["TrunkSid"] != "" {
		return "Its calls go to a SIP trunk.", true
	}
	if sid := n.Fields["VoiceApplicationSid"]; sid != "" {
		at := slices.IndexFunc(apps, func(a carrier.Resource) bool { return a.Sid == sid })
		switch {
		case at < 0:
			return "Its calls go to an app that is not there any more.", false
		case apps[at].Name == listeners:
			return "Listeners of this station call it.", false
		}
		return fmt.Sprintf("Its calls go to the app %q.", apps[at].Name), true
	}
	if setup.Unused(n) {
		return "Its calls go nowhere yet.", false
	}
	at := n.Fields["VoiceUrl"]
	if u, err := url.Parse(at); err == nil && u.Host != "" { // without what may be secret in it
		at = u.Host + u.Path
	}
	return fmt.Sprintf("Its calls go to %s.", at), true
}
