// Package token mints the access tokens that let a desk's softphone make calls
// to the desk's TwiML App, and do nothing else.
package token

import (
	"fmt"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Life is how long a token is good for.
const Life = time.Hour

// Minter mints tokens with an account's API key.
type Minter struct {
	AccountSid     string
	KeySid         string
	KeySecret      string
	ApplicationSid string // the one that calls may be made to
	// Region is the key's, where that is not us1.
	Region string
}

// Twilio takes no other identity for its JavaScript SDK.
var identities = regexp.MustCompile(`^[A-Za-z0-9_]{1,121}$`)

// Mint makes a token for one identity, good for Life from now, which is Twilio's
// time: Twilio judges it by that.
func (m Minter) Mint(identity string, now time.Time) (string, error) {
	if !identities.MatchString(identity) {
		return "", fmt.Errorf("token: %q is no identity: letters, digits and underscores, at most 121", identity)
	}
	// Without nbf, which Twilio does not need (Twilio docs: Access Tokens): what is
	// known of its time may be ahead of it, and a token would not be valid yet.
	t := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"jti": fmt.Sprintf("%s-%d", m.KeySid, now.Unix()),
		"iss": m.KeySid,
		"sub": m.AccountSid,
		"exp": now.Add(Life).Unix(),
		"grants": map[string]any{
			"identity": identity,
			"voice": map[string]any{
				"outgoing": map[string]any{"application_sid": m.ApplicationSid},
			},
		},
	})
	t.Header["cty"] = "twilio-fpa;v=1"
	if m.Region != "" {
		t.Header["twr"] = m.Region
	}
	return t.SignedString([]byte(m.KeySecret))
}
