package certificate

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"
)

// Pin is what a public key is known by: the SHA-256 of its SubjectPublicKeyInfo.
// The zero Pin is none.
type Pin [sha256.Size]byte

// PinOf is the pin of a certificate's key. Another certificate of the same key has
// the same one.
func PinOf(c *x509.Certificate) Pin { return sha256.Sum256(c.RawSubjectPublicKeyInfo) }

// pinPrefix is what curl --pinnedpubkey has before the hash.
const pinPrefix = "sha256//"

// String is the pin as curl --pinnedpubkey takes it; nothing for none.
func (p Pin) String() string {
	if p == (Pin{}) {
		return ""
	}
	return pinPrefix + base64.StdEncoding.EncodeToString(p[:])
}

// MarshalText is String.
func (p Pin) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what String wrote.
func (p *Pin) UnmarshalText(text []byte) error {
	*p = Pin{}
	if len(text) == 0 {
		return nil
	}
	hash, ok := strings.CutPrefix(string(text), pinPrefix)
	sum, err := base64.StdEncoding.Strict().DecodeString(hash)
	if !ok || err != nil || len(sum) != len(p) {
		return fmt.Errorf("%q is no pin, which is %s and 44 characters of base64", text, pinPrefix)
	}
	copy(p[:], sum)
	return nil
}
