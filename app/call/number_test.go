package call_test

import (
	"strings"
	"testing"

	"callin/app/call"
)

func TestTheNumberInAFrom(t *testing.T) {
	for _, c := range []struct{ source, from, want string }{
		{"E.164", "+12015550100", "+12015550100"},
		{"E.164", "+15550100", "+15550100"},
		{"E.164", "+447700900123", "+447700900123"},
		{"E.164: 15 digits at most", "+4915112345678901", ""},
		{"E.164: no country of this code", "+2105550100", ""},
		{"E.164: no country of this code", "+9991234567", ""},
		{"E.164: none begins with 0", "+0012015550100", ""},
		{"no number is so short", "+1", ""},
		{"no number is so short", "+4112", ""},
		{"Twilio: short codes have no plus", "40404", ""},
		{"NANP: no area code begins with 0 or 1", "+10000000000", ""},

		{"Twilio: ANONYMOUS", "+266696687", ""},
		{"Twilio: RESTRICTED", "+7378742833", ""},
		{"Twilio, older: RESTRICTED", "+7378742883", ""},
		{"Twilio: BLOCKED", "+2562533", ""},
		{"Twilio: UNKNOWN", "+8656696", ""},
		{"Twilio: UNAVAILABLE", "+86282452253", ""},
		{"Twilio: INFO", "+464", ""},
		{"reported", "+8566696687", ""},
		{"reported, with a country code", "+17378742833", ""},
		{"reported, without a plus", "7378742833", ""},
		{"reported, without a plus", "1266696687", ""},
		{"reported, without a plus", "86282452253", ""},
		{"E.161: PRIVATE", "+7748283", ""},
		{"E.161: PRIVATE NUMBER", "+7748283686237", ""},
		{"E.161: WITHHELD", "+94844353", ""},
		{"E.161: HIDDEN", "443336", ""},
		{"E.161: OUT OF AREA", "688632732", ""},
		{"Kazoo", "0000000000", ""},
		{"Twilio: the words themselves", "Anonymous", ""},
		{"Twilio: the words themselves", "RESTRICTED", ""},
		{"Twilio: the words themselves", "+unavailable", ""},
		{"nothing", "", ""},
		{"nothing", " + ", ""},
		{"RFC 3323", "sip:anonymous@anonymous.invalid", ""},
		{"RFC 3323", `"Anonymous" <sip:c8oqz84zk7z@privacy.org>;tag=hyh8`, ""},
		{"a keypad's word in an address", "sip:266696687@sip.example.com", ""},

		{"RFC 3261", "sip:+15550100@host;params", "+15550100"},
		{"RFC 3261", "sip:+12015550100@sip.example.com:5061;transport=tls", "+12015550100"},
		{"RFC 3261", "SIPS:+12015550100:secret@203.0.113.7", "+12015550100"},
		{"RFC 3261", `"Ana" <sip:+442071838750@host>;tag=1928301774`, "+442071838750"},
		{"RFC 3261", "sip:%2B12015550100@host", "+12015550100"},
		{"RFC 4694", "sip:+12015550100;npdi;rn=+12015550000@host;user=phone", "+12015550100"},
		{"RFC 3966", "tel:+1-201-555-0100;phone-context=example.com", "+12015550100"},
		{"bring your own carrier", "sip:2015550100@sip.example.com", "+12015550100"},
		{"bring your own carrier", "sip:12015550100@sip.example.com", "+12015550100"},
		{"bring your own carrier", "sip:442071838750@sip.example.com", "+442071838750"},
		{"bring your own carrier", "2015550100", "+12015550100"},
		{"bring your own carrier", "4915112345678", "+4915112345678"},
		{"an extension", "sip:1001@pbx.example.com", ""},
		{"a name", "sip:ana@example.com", ""},
		{"a host alone", "sip:203.0.113.71", ""},
		{"a national number", "02071838750", ""},
		{"a national number", "1155550100", ""},
		{"nobody's", "9999999999", ""},
		{"Voice SDK", "client:+12015550100", "+12015550100"},
		{"Voice SDK", "client:12015550100", "+12015550100"},
		{"Voice SDK", "client:callin_studio", ""},
		{"Voice SDK", "client:ana12015550100", ""},
	} {
		got := call.Number(c.from)
		if got != c.want {
			t.Errorf("%s: %q has the number %q, want %q", c.source, c.from, got, c.want)
		}
		if again := call.Number(got); again != got {
			t.Errorf("%q is %q, and that is %q", c.from, got, again)
		}
		for _, other := range []string{strings.ToUpper(c.from), strings.ToLower(c.from), " " + c.from + "\n"} {
			if call.Number(other) != c.want {
				t.Errorf("%s: %q has the number %q, want %q", c.source, other, call.Number(other), c.want)
			}
		}
	}
}

func TestTheCountryOfANumber(t *testing.T) {
	for number, want := range map[string]string{
		"+12015550100": "US", "+14165550100": "CA", "+18765550100": "JM", "+12845550100": "VG", "+18005550100": "US",
		"+447700900123": "GB", "+447912345678": "GB", "+447911123456": "GG", "+441481700000": "GG", "+441534700000": "JE", "+441624700000": "IM",
		"+74951234567": "RU", "+77011234567": "KZ", "+390669812345": "VA", "+390612345678": "IT", "+59991234567": "CW", "+5993181234": "BQ",
		"+35818123456": "AX", "+358401234567": "FI", "+262692123456": "RE", "+262639123456": "YT", "+61891641234": "CX", "+61412345678": "AU",
		"+882161234567": call.NoCountry, "+979123456789": call.NoCountry, "+2105550100": "", "+": "", "": "",
	} {
		if got := call.Country(number); got != want {
			t.Errorf("%s is of %q, want %q", number, got, want)
		}
	}
	for name, want := range map[string]bool{"US": true, "CW": true, "us": false, "UK": false, "001": false, "": false, "U": false} {
		if call.IsCountry(name) != want {
			t.Errorf("%q is a country: %v", name, !want)
		}
	}
}

func TestWhatIsKnownToCostMore(t *testing.T) {
	for number, want := range map[string]bool{
		"+19005550100": true, "+12019765501": true, "+449012345678": true, "+447012345678": true, "+498001234567": false,
		"+499001234567": true, "+33899123456": true, "+979123456789": true, "+882161234567": true,
		"+12015550100": false, "+12012976550": false, "+447700900123": false, "+4915112345678": false, "+33612345678": false,
	} {
		if call.Premium(number) != want {
			t.Errorf("%s: %v", number, !want)
		}
	}
}
