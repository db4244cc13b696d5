package carrier

import (
	"context"
	"fmt"

	accounts "github.com/twilio/twilio-go/rest/accounts/v1"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	voice "github.com/twilio/twilio-go/rest/voice/v1"
)

// MayDial reports whether the account may call ordinary numbers in a country (Twilio
// docs: Voice geographic permissions, low-risk numbers).
func (t *Twilio) MayDial(ctx context.Context, country string) (may bool, err error) {
	err = t.ask(ctx, func(a *api.ApiService) error {
		of, err := voice.NewApiService(a.RequestHandler()).FetchDialingPermissionsCountry(country)
		if err == nil {
			may = value(of.LowRiskNumbersEnabled)
		}
		return err
	})
	return may, err
}

// MayText reports whether the account may text numbers in a country (Twilio docs:
// Messaging geographic permissions).
func (t *Twilio) MayText(ctx context.Context, country string) (may bool, err error) {
	err = t.ask(ctx, func(a *api.ApiService) error {
		of, err := accounts.NewApiService(a.RequestHandler()).FetchMessagingGeopermissions(
			(&accounts.FetchMessagingGeopermissionsParams{}).SetCountryCode(country))
		if err != nil {
			return err
		}
		all, _ := value(of.Permissions).([]any) // twilio-go has no type for it
		for _, one := range all {
			if is, _ := one.(map[string]any); is["country_code"] == country {
				may, _ = is["enabled"].(bool)
				return nil
			}
		}
		return fmt.Errorf("nothing is told of %s", country)
	})
	return may, err
}
