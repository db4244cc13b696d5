package app

import (
	"slices"
	"testing"

	"callin/app/settings"
)

// A page's phone may connect to its edge of Twilio's and to no other, and in a rehearsal to
// nothing of Twilio's.
func TestAPageMayConnectToItsEdgeAlone(t *testing.T) {
	for _, c := range []struct {
		set  settings.Settings
		want []string
	}{
		{settings.Settings{}, []string{"wss://voice-js.roaming.twilio.com", "https://eventgw.twilio.com", "https://eventgw.us1.twilio.com"}},
		{settings.Settings{Edge: "dublin", Region: "ie1"}, []string{"wss://voice-js.dublin.twilio.com", "https://eventgw.twilio.com", "https://eventgw.ie1.twilio.com"}},
		{settings.Settings{Edge: "dublin", Region: "ie1", Rehearsal: "http://127.0.0.1:1"}, []string{"ws://127.0.0.1:1/signal"}},
	} {
		if got := pageSources(c.set); !slices.Equal(got, c.want) {
			t.Errorf("%+v may connect to %q", c.set, got)
		}
	}
}
