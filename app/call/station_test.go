package call_test

import (
	"regexp"
	"testing"

	"callin/app/call"
)

func TestAStationKnowsItsOwnNamesAtTwilio(t *testing.T) {
	mine, theirs := call.NewStationID(), call.NewStationID()
	if mine == theirs {
		t.Fatalf("two stations are %s", mine)
	}
	// Twilio: an identity has letters, digits and underscores.
	for _, desk := range []call.DeskID{"", "k7m2q9xd"} {
		identity := mine.DeskIdentity(desk)
		if of, ok := mine.DeskOf(identity); !ok || of != desk || !regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(identity) {
			t.Errorf("the desk %q is %q, which is that of %q", desk, identity, of)
		}
		if of, ok := theirs.DeskOf(identity); ok {
			t.Errorf("another station's desk is taken for its own %q", of)
		}
	}
	for _, desk := range []call.DeskID{"", "k7m2q9xd"} {
		check := mine.CheckIdentity(desk)
		if of, ok := mine.DeskOf(check); ok || !mine.IsCheck(check) || theirs.IsCheck(check) || !regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(check) {
			t.Errorf("%q, which only tries the way, is the desk %q", check, of)
		}
		if mine.IsCheck(mine.DeskIdentity(desk)) {
			t.Errorf("the desk %q only tries the way", desk)
		}
	}
	for _, c := range []struct{ atTwilio, want string }{
		{mine.AtTwilio("on-air"), "on-air"},
		{theirs.AtTwilio("on-air"), ""},
		{"on-air", ""},
		{"", ""},
	} {
		if got := mine.OurName(c.atTwilio); got != c.want {
			t.Errorf("%q is called %q, want %q", c.atTwilio, got, c.want)
		}
	}
	if got := call.StationID("").OurName("on-air"); got != "on-air" {
		t.Errorf("without an id it is called %q", got)
	}
}
