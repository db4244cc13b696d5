package carrier

import (
	"context"
	"errors"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/call"
)

// Application is a TwiML App.
type Application struct {
	Sid, FriendlyName, VoiceURL, StatusCallback string
	// FallbackURL is asked when VoiceURL does not answer; "" leaves it as it is.
	FallbackURL string
}

// PhoneNumber is a number that the account owns.
type PhoneNumber struct {
	Sid, Number, VoiceURL, ApplicationSid string
}

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

// SetApplication sets the URLs of the TwiML App of this Sid, or makes one.
func (t *Twilio) SetApplication(ctx context.Context, want Application) (Application, error) {
	err := t.ask(ctx, func(a *api.ApiService) error {
		if want.Sid != "" {
			p := (&api.UpdateApplicationParams{}).
				SetVoiceUrl(want.VoiceURL).SetVoiceMethod("POST").
				SetStatusCallback(want.StatusCallback).SetStatusCallbackMethod("POST")
			if want.FallbackURL != "" {
				p.SetVoiceFallbackUrl(want.FallbackURL).SetVoiceFallbackMethod("POST")
			}
			_, err := a.UpdateApplication(want.Sid, p)
			return err
		}
		p := (&api.CreateApplicationParams{}).
			SetFriendlyName(want.FriendlyName).SetVoiceUrl(want.VoiceURL).SetVoiceMethod("POST").
			SetStatusCallback(want.StatusCallback).SetStatusCallbackMethod("POST")
		if want.FallbackURL != "" {
			p.SetVoiceFallbackUrl(want.FallbackURL).SetVoiceFallbackMethod("POST")
		}
		app, err := a.CreateApplication(p)
		if err == nil {
			want.Sid = value(app.Sid)
		}
		return err
	})
	return want, err
}

// Applications lists the account's TwiML Apps.
func (t *Twilio) Applications(ctx context.Context) ([]Application, error) {
	var apps []Application
	err := t.ask(ctx, func(a *api.ApiService) error {
		list, err := a.ListApplication((&api.ListApplicationParams{}).SetPageSize(page))
		for _, app := range list {
			apps = append(apps, Application{Sid: value(app.Sid), FriendlyName: value(app.FriendlyName), VoiceURL: value(app.VoiceUrl)})
		}
		return err
	})
	return apps, err
}

// Numbers lists the numbers that the account owns.
func (t *Twilio) Numbers(ctx context.Context) ([]PhoneNumber, error) {
	var numbers []PhoneNumber
	err := t.ask(ctx, func(a *api.ApiService) error {
		list, err := a.ListIncomingPhoneNumber((&api.ListIncomingPhoneNumberParams{}).SetPageSize(page))
		for _, n := range list {
			numbers = append(numbers, PhoneNumber{
				Sid: value(n.Sid), Number: value(n.PhoneNumber),
				VoiceURL: value(n.VoiceUrl), ApplicationSid: value(n.VoiceApplicationSid),
			})
		}
		return err
	})
	return numbers, err
}

// BuyNumber buys a telephone number. It costs money on a real account.
func (t *Twilio) BuyNumber(ctx context.Context) (PhoneNumber, error) {
	var bought PhoneNumber
	err := t.ask(ctx, func(a *api.ApiService) error {
		n, err := a.CreateIncomingPhoneNumber((&api.CreateIncomingPhoneNumberParams{}).SetAreaCode("206"))
		if err == nil {
			bought = PhoneNumber{Sid: value(n.Sid), Number: value(n.PhoneNumber)}
		}
		return err
	})
	return bought, err
}

// PointToApplication makes a number's calls go to a TwiML App. Twilio then
// ignores the number's own URLs.
func (t *Twilio) PointToApplication(ctx context.Context, numberSid, applicationSid string) error {
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.UpdateIncomingPhoneNumber(numberSid, (&api.UpdateIncomingPhoneNumberParams{}).SetVoiceApplicationSid(applicationSid))
		return err
	})
}

// PointToURL makes a number's calls go to a URL of its own.
func (t *Twilio) PointToURL(ctx context.Context, numberSid, voiceURL, statusCallback string) error {
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.UpdateIncomingPhoneNumber(numberSid, (&api.UpdateIncomingPhoneNumberParams{}).
			SetVoiceApplicationSid("").SetVoiceUrl(voiceURL).SetVoiceMethod("POST").
			SetStatusCallback(statusCallback).SetStatusCallbackMethod("POST"))
		return err
	})
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
