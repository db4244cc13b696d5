package carrier

import (
	"context"
	"errors"
	"slices"
	"strconv"

	api "github.com/twilio/twilio-go/rest/api/v2010"
	trusthub "github.com/twilio/twilio-go/rest/trusthub/v1"

	"callin/app/call"
)

// AccountState is how an account stands at Twilio.
type AccountState struct {
	Sid, Name string
	Status    string // active, suspended or closed
	// Trial: Twilio allows five calls at once, ten minutes a call, and replaces what
	// Callin relies on.
	Trial   bool
	Balance float64
	// Currency is empty where Twilio does not tell the balance, as it does not of a
	// subaccount.
	Currency string
}

// Account reads the account, which also tries the credentials: wrong ones are
// ErrCredentials. A suspended account can be read.
func (t *Twilio) Account(ctx context.Context) (AccountState, error) {
	var state AccountState
	err := t.ask(ctx, func(a *api.ApiService) error {
		account, err := a.FetchAccount(t.accountSid)
		if err == nil {
			state = AccountState{Sid: value(account.Sid), Name: value(account.FriendlyName), Status: value(account.Status), Trial: value(account.Type) == "Trial"}
		}
		return err
	})
	if err != nil {
		return state, err
	}
	err = t.ask(ctx, func(a *api.ApiService) error {
		balance, err := a.FetchBalance(&api.FetchBalanceParams{})
		if err != nil {
			return err
		}
		if amount, err := strconv.ParseFloat(value(balance.Balance), 64); err == nil {
			state.Balance, state.Currency = amount, value(balance.Currency)
		}
		return nil
	})
	if untold(err) {
		err = nil
	}
	return state, err
}

// untold reports whether Twilio refuses to tell something, rather than not answering.
func untold(err error) bool {
	var refusal *Refusal
	return errors.As(err, &refusal) && !errors.Is(err, call.ErrLater) && !errors.Is(err, call.ErrUnknown) && !errors.Is(err, ErrCredentials)
}

// Profile is who the account's owner is, as Twilio knows them. How many calls an
// account may have at once depends on it.
type Profile struct {
	Name string
	// Status is twilio-approved, in-review, pending-review, twilio-rejected or draft;
	// empty where Twilio does not tell.
	Status string
}

// statuses of a profile, the best one first.
var statuses = []string{"twilio-approved", "in-review", "pending-review", "twilio-rejected", "draft"}

// profilesRead bounds how many profiles are looked through.
const profilesRead = 100

// Profile is the account's profile, of several the one that has come furthest.
// Twilio does not say of it whether it is a business's or a single person's.
func (t *Twilio) Profile(ctx context.Context) (Profile, error) {
	var best Profile
	if t.place.Abroad() != "" { // inferred: the Trust Hub takes the credentials of us1 alone
		return best, nil
	}
	err := t.ask(ctx, func(a *api.ApiService) error {
		profiles, err := trusthub.NewApiService(a.RequestHandler()).ListCustomerProfile(
			(&trusthub.ListCustomerProfileParams{}).SetPageSize(profilesRead).SetLimit(profilesRead))
		for _, p := range profiles {
			at, before := slices.Index(statuses, value(p.Status)), slices.Index(statuses, best.Status)
			if at >= 0 && (before < 0 || at < before) {
				best = Profile{value(p.FriendlyName), value(p.Status)}
			}
		}
		return err
	})
	if untold(err) {
		err = nil
	}
	return best, err
}
