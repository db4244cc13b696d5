package edge_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"callin/app/edge"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Both settings or neither, and no pair that Twilio does not document.
func TestTheTwoSettingsGoTogether(t *testing.T) {
	for _, c := range []struct {
		edge, region string
		is           edge.Place
		wrong, says  string
	}{
		{"", "", edge.Usual, "", ""},
		{"roaming", "us1", edge.Usual, "", ""},
		{"frankfurt", "us1", edge.Place{Edge: "frankfurt", Region: "us1"}, "", ""},
		{"dublin", "ie1", edge.Place{Edge: "dublin", Region: "ie1"}, "", ""},
		{"sydney", "au1", edge.Place{Edge: "sydney", Region: "au1"}, "", ""},
		{"frankfurt", "", edge.Place{}, "edge", "needs region"},
		{"", "ie1", edge.Place{}, "region", "dublin"},
		{"mars", "us1", edge.Place{}, "edge", "ashburn"},
		{"roaming", "ie1", edge.Place{}, "edge", "dublin"},
		{"frankfurt", "ie1", edge.Place{}, "edge", "dublin"},
		{"frankfurt", "de1", edge.Place{}, "region", "us1, ie1, au1"},
		{"Dublin", "ie1", edge.Place{}, "edge", "dublin"},
	} {
		is, err := edge.Of(c.edge, c.region)
		var wrong *edge.WrongError
		if errors.As(err, &wrong) != (c.wrong != "") || wrong != nil && (wrong.Setting != c.wrong || !strings.Contains(wrong.Message, c.says)) || is != c.is {
			t.Errorf("%q and %q are %v, %+v", c.edge, c.region, is, err)
		}
	}
}

// What a phone and REST connect to is of the place, and nothing else.
func TestTheHostsOfAPlace(t *testing.T) {
	for place, c := range map[edge.Place]struct {
		rest, abroad string
		sources      []string
	}{
		{}:                                 {"api.twilio.com", "", []string{"wss://voice-js.roaming.twilio.com", "https://eventgw.twilio.com", "https://eventgw.us1.twilio.com"}},
		edge.Usual:                         {"api.twilio.com", "", []string{"wss://voice-js.roaming.twilio.com", "https://eventgw.twilio.com", "https://eventgw.us1.twilio.com"}},
		{Edge: "frankfurt", Region: "us1"}: {"api.twilio.com", "", []string{"wss://voice-js.frankfurt.twilio.com", "https://eventgw.twilio.com", "https://eventgw.us1.twilio.com"}},
		{Edge: "dublin", Region: "ie1"}:    {"api.dublin.ie1.twilio.com", "ie1", []string{"wss://voice-js.dublin.twilio.com", "https://eventgw.twilio.com", "https://eventgw.ie1.twilio.com"}},
		{Edge: "sydney", Region: "au1"}:    {"api.sydney.au1.twilio.com", "au1", []string{"wss://voice-js.sydney.twilio.com", "https://eventgw.twilio.com", "https://eventgw.au1.twilio.com"}},
	} {
		if diff := cmp.Diff(c.sources, place.Sources()); diff != "" || place.Host("api") != c.rest || place.Abroad() != c.abroad {
			t.Errorf("%v: REST at %s, abroad %q (-want +got):\n%s", place, place.Host("api"), place.Abroad(), diff)
		}
		if e, r := place.REST(); (e == "") != (r == "") {
			t.Errorf("%v: REST is asked with %q and %q", place, e, r)
		}
	}
	for _, p := range edge.All() {
		if is, err := edge.Of(p.Edge, p.Region); err != nil || is != p || !strings.Contains(p.Said(), p.Region) {
			t.Errorf("%v is %v, %v", p, is, err)
		}
	}
	if n := slices.IndexFunc(edge.All(), func(p edge.Place) bool { return p == edge.Usual }); n != 0 {
		t.Errorf("the usual place is at %d", n)
	}
}
