package exchange

import (
	"net/url"
	"testing"
)

// The vector that Twilio's documentation on webhook security gives.
func TestSignature(t *testing.T) {
	got := Signature("12345", "https://example.com/myapp.php?foo=1&bar=2", url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675310"}, "Digits": {"1234"},
		"From": {"+14158675310"}, "To": {"+18005551212"},
	})
	if want := "L/OH5YylLD5NRKLltdqwSvS0BnU="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
