package rehearsal

import (
	"testing"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/stage"
)

// A page's message is known to the application by the Sid that the page gave it.
// Source: twilio-voice.js, tests/integration/callMessage/userDefinedMessage.ts.
func TestAMessageOfAPageHasOneSid(t *testing.T) {
	t.Parallel()
	s := newWorld(t)
	s.page("/in", `<Pause length="60"/>`)
	s.page("/said", "")
	s.answersAt("/in")
	sid := s.ring(stage.Casting{})
	_, err := s.api.CreateUserDefinedMessageSubscription(sid,
		(&api.CreateUserDefinedMessageSubscriptionParams{}).SetCallback(s.url("/said")))
	if err != nil {
		t.Fatal(err)
	}
	const given = "KX0123456789abcdef0123456789abcdef"
	s.exchange.UserMessage(sid, given, `{"topic":"rain"}`)
	s.request("/said", sid, has("Sid", given, "Content", `{"topic":"rain"}`))
}
