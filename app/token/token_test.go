package token_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"callin/app/token"
)

var minter = token.Minter{AccountSid: "AC1", KeySid: "SK1", KeySecret: "secret", ApplicationSid: "AP1"}

// Decoded by hand, so that nothing the library adds or hides is missed.
func TestATokenAllowsCallsToTheDesksAppAndNothingElse(t *testing.T) {
	now := time.Now().Add(-2 * time.Hour)
	minted, err := minter.Mint("studio_host", now)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(minted, ".")
	if len(parts) != 3 {
		t.Fatalf("a token of %d parts", len(parts))
	}
	var header, claims map[string]any
	for i, into := range []*map[string]any{&header, &claims} {
		b, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, into); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(map[string]any{"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"}, header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if exp := int64(claims["exp"].(float64)); exp != now.Unix()+3600 {
		t.Errorf("good until %d, minted at %d: want an hour", exp, now.Unix())
	}
	if !strings.HasPrefix(claims["jti"].(string), "SK1-") {
		t.Errorf("jti %q", claims["jti"])
	}
	for _, k := range []string{"exp", "jti"} {
		delete(claims, k)
	}
	want := map[string]any{
		"iss": "SK1", "sub": "AC1",
		"grants": map[string]any{
			"identity": "studio_host",
			"voice":    map[string]any{"outgoing": map[string]any{"application_sid": "AP1"}},
		},
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if _, err := jwt.Parse(minted, func(*jwt.Token) (any, error) { return []byte("secret"), nil }, jwt.WithTimeFunc(func() time.Time { return now })); err != nil {
		t.Errorf("the signature is not the key's: %v", err)
	}
}

// The key is known in its own region alone (Twilio docs: Voice JavaScript SDK with a non-US
// Region).
func TestATokenNamesItsRegion(t *testing.T) {
	abroad := minter
	abroad.Region = "ie1"
	minted, err := abroad.Mint("studio_host", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	read, _, err := jwt.NewParser().ParseUnverified(minted, jwt.MapClaims{})
	if err != nil || read.Header["twr"] != "ie1" {
		t.Errorf("header %v, %v", read.Header, err)
	}
}

func TestAnIdentityThatTwilioDoesNotTakeIsRefused(t *testing.T) {
	for _, identity := range []string{"", "host.1", "Åsa", "a b", strings.Repeat("a", 122)} {
		if minted, err := minter.Mint(identity, time.Now()); err == nil {
			t.Errorf("a token for %q: %s", identity, minted)
		}
	}
}
