package carrier

import (
	"context"
	"errors"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/call"
)

// Trial reports whether the account is a trial one: Twilio then allows five
// calls at once, ten minutes a call, and replaces what Callin relies on. It is
// also how the credentials are tried: wrong ones are ErrCredentials.
func (t *Twilio) Trial(ctx context.Context) (bool, error) {
	trial := false
	err := t.ask(ctx, func(a *api.ApiService) error {
		account, err := a.FetchAccount(t.accountSid)
		if err == nil {
			trial = value(account.Type) == "Trial"
		}
		return err
	})
	return trial, err
}

// BuyNumber buys a telephone number. It costs money on a real account.
func (t *Twilio) BuyNumber(ctx context.Context) (bought Resource, err error) {
	err = t.ask(ctx, func(a *api.ApiService) error {
		n, err := a.CreateIncomingPhoneNumber((&api.CreateIncomingPhoneNumberParams{}).SetAreaCode("206"))
		if err == nil {
			bought = number(n)
		}
		return err
	})
	return bought, err
}

// Key is an API key, without its secret.
type Key struct{ Sid, FriendlyName string }

// Keys lists the account's API keys.
func (t *Twilio) Keys(ctx context.Context) ([]Key, error) {
	var keys []Key
	err := t.ask(ctx, func(a *api.ApiService) error {
		list, err := a.ListKey((&api.ListKeyParams{}).SetPageSize(page))
		for _, k := range list {
			keys = append(keys, Key{value(k.Sid), value(k.FriendlyName)})
		}
		return err
	})
	return keys, err
}

// NameKey gives an API key another name.
func (t *Twilio) NameKey(ctx context.Context, sid, name string) error {
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.UpdateKey(sid, (&api.UpdateKeyParams{}).SetFriendlyName(name))
		return err
	})
}

// RevokeKey deletes an API key: no token of it is accepted any more.
func (t *Twilio) RevokeKey(ctx context.Context, sid string) error {
	err := t.ask(ctx, func(a *api.ApiService) error { return a.DeleteKey(sid, &api.DeleteKeyParams{}) })
	if errors.Is(err, call.ErrGone) {
		return nil
	}
	return err
}

// MakeKey makes an API key. Twilio tells its secret this once.
func (t *Twilio) MakeKey(ctx context.Context, name string) (sid, secret string, err error) {
	err = t.ask(ctx, func(a *api.ApiService) error {
		k, err := a.CreateNewKey((&api.CreateNewKeyParams{}).SetFriendlyName(name))
		if err == nil {
			sid, secret = value(k.Sid), value(k.Secret)
		}
		return err
	})
	return sid, secret, err
}
