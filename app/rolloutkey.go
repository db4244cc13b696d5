package app

import (
	"encoding/base64"
	"strings"

	"callin/app/certificate"
)

// rolloutKey is a roll-out key as people and installers hand it on: the secret, and what
// the station's certificate is known by where that is its own. It has no sign in it that
// a shell, an INI file or an installer's property takes for something else.
type rolloutKey struct {
	secret string
	pin    certificate.Pin
}

func (k rolloutKey) String() string {
	if k.secret == "" || k.pin == (certificate.Pin{}) {
		return k.secret
	}
	return k.secret + "." + base64.RawURLEncoding.EncodeToString(k.pin[:])
}

// parseKey reads what String wrote; false where that was not copied whole.
func parseKey(text string) (k rolloutKey, ok bool) {
	secret, pin, pinned := strings.Cut(strings.TrimSpace(text), ".")
	k.secret = secret
	if pinned {
		sum, err := base64.RawURLEncoding.Strict().DecodeString(pin)
		if err != nil || copy(k.pin[:], sum) != len(sum) || len(sum) != len(k.pin) {
			return k, false
		}
	}
	return k, len(secret) == 26 && strings.Trim(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}
