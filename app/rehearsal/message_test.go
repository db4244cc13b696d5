package rehearsal

import (
	"errors"
	"net/url"
	"testing"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/stage"
)

func TestATextReachesTheNumbersURLAndSTOPEndsTexts(t *testing.T) {
	s := newWorld(t)
	s.page("/message", "")
	s.listeners(*(&api.UpdateIncomingPhoneNumberParams{}).SetSmsUrl(s.url("/message")))
	stand := stage.Client{Address: s.Address, AccountSid: s.AccountSid, AuthToken: s.AuthToken}
	const caller = "+12025550177"
	text := func(body string) {
		t.Helper()
		if err := stand.Text(t.Context(), stage.Text{From: caller, Body: body}); err != nil {
			t.Fatal(err)
		}
		s.request("/message", "", func(v url.Values) bool {
			return v.Get("From") == caller && v.Get("To") == s.ListenersNumber && v.Get("Body") == body && v.Get("MessageSid") != ""
		})
	}
	sendFrom := func(number string) error {
		_, err := s.api.CreateMessage((&api.CreateMessageParams{}).SetFrom(number).SetTo(caller).SetBody("Sorry"))
		return err
	}
	send := func() error { return sendFrom(s.ListenersNumber) }
	if err := send(); err != nil {
		t.Fatal(err)
	}
	text(" stop ")
	var refused *client.TwilioRestError
	if err := send(); !errors.As(err, &refused) || refused.Code != 21610 {
		t.Errorf("a text to who replied STOP: %v", err)
	}
	if err := sendFrom(s.DialInNumber); err != nil {
		t.Errorf("a text from another number than the one that STOP was replied to: %v", err)
	}
	text("START")
	if err := send(); err != nil {
		t.Errorf("a text to who replied START: %v", err)
	}
	if err := stand.Text(t.Context(), stage.Text{From: caller, To: "+12025550999", Body: "Hello"}); err == nil {
		t.Error("a text to a number of nobody's was taken")
	}
}
