package signal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// maxTokenLife is how far ahead a token may expire (Twilio docs: Access Tokens).
const maxTokenLife = 24 * time.Hour

// grant is what a valid access token allows its bearer.
type grant struct {
	account     string
	identity    string // empty when it has none: it can call and not be called
	application string // for outgoing calls; empty when it allows none
	incoming    bool   // whether it may be called
	expires     time.Time
}

// Twilio's codes for a token that is refused (Twilio docs: error dictionary).
const (
	tokenInvalid   = 20101
	tokenHeader    = 20102
	tokenIssuer    = 20103
	tokenExpired   = 20104
	tokenNotYet    = 20105
	tokenGrants    = 20106
	tokenSignature = 20107
)

// tokenError says why a token is refused.
type tokenError struct {
	code int
	why  string
}

func (e *tokenError) Error() string { return fmt.Sprintf("%s (%d)", e.why, e.code) }

// wireCode is the code that the Voice SDK has an error class for. It has none
// for most of Twilio's: those reach a page as an invalid token, with the exact
// code in the message.
func (e *tokenError) wireCode() int {
	switch e.code {
	case tokenExpired:
		return tokenExpired
	case tokenSignature:
		return 31202
	}
	return tokenInvalid
}

type tokenHead struct {
	Typ string `json:"typ"`
	Alg string `json:"alg"`
	Cty string `json:"cty"`
}

type tokenBody struct {
	Iss    string   `json:"iss"`
	Sub    string   `json:"sub"`
	Nbf    *float64 `json:"nbf"`
	Exp    *float64 `json:"exp"`
	Grants *struct {
		Identity string `json:"identity"`
		Voice    *struct {
			Incoming struct {
				Allow bool `json:"allow"`
			} `json:"incoming"`
			Outgoing struct {
				ApplicationSid string `json:"application_sid"`
			} `json:"outgoing"`
		} `json:"voice"`
	} `json:"grants"`
}

// verify checks an access token. The signature is checked before anything in
// the body but the issuer, who names the key, is believed.
func verify(token string, ex Exchange, now time.Time) (*grant, *tokenError) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, &tokenError{tokenInvalid, "the access token is not a JWT of three parts"}
	}
	var head tokenHead
	if !unpack(parts[0], &head) || head.Typ != "JWT" || head.Alg != "HS256" || head.Cty != "twilio-fpa;v=1" {
		return nil, &tokenError{tokenHeader, "the access token's header is not JWT, HS256, twilio-fpa;v=1"}
	}
	var body tokenBody
	if !unpack(parts[1], &body) {
		return nil, &tokenError{tokenInvalid, "the access token's claims cannot be read"}
	}
	account, secret, ok := ex.KeySecret(body.Iss)
	if !ok {
		return nil, &tokenError{tokenIssuer, "the access token's issuer is no known API key"}
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(signature, mac.Sum(nil)) {
		return nil, &tokenError{tokenSignature, "the access token's signature does not match"}
	}
	if body.Sub != account {
		return nil, &tokenError{tokenIssuer, "the access token's subject is not the API key's account"}
	}
	return body.grant(account, now)
}

func (b *tokenBody) grant(account string, now time.Time) (*grant, *tokenError) {
	seconds := float64(now.UnixMilli()) / 1000
	switch {
	case b.Exp == nil:
		return nil, &tokenError{tokenExpired, "the access token has no expiry"}
	case *b.Exp <= seconds:
		return nil, &tokenError{tokenExpired, "the access token has expired"}
	case *b.Exp > seconds+maxTokenLife.Seconds():
		return nil, &tokenError{tokenExpired, "the access token expires more than 24 hours ahead"}
	case b.Nbf != nil && *b.Nbf > seconds:
		return nil, &tokenError{tokenNotYet, "the access token is not valid yet"}
	case b.Grants == nil || b.Grants.Voice == nil:
		return nil, &tokenError{tokenGrants, "the access token grants no voice"}
	}
	return &grant{
		account:     account,
		identity:    b.Grants.Identity,
		application: b.Grants.Voice.Outgoing.ApplicationSid,
		incoming:    b.Grants.Voice.Incoming.Allow,
		expires:     time.UnixMilli(int64(*b.Exp * 1000)),
	}, nil
}

func unpack(part string, into any) bool {
	b, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(b, into) == nil
}
