package exchange

import (
	"crypto/rand"
	"encoding/hex"
)

// newSid makes an identifier as Twilio writes them: two letters and 32 hex digits.
func newSid(prefix string) string { return prefix + newHex(16) }

// newHex makes a secret of 2n hex digits. twilio-go accepts letters and digits only.
func newHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b)
}
