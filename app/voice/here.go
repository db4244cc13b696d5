package voice

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"time"
)

// LastSigned is when Twilio asked something last; zero for never.
func (l *Listener) LastSigned() time.Time {
	if at := l.lastSigned.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// Here is what this process, and no other, answers at /voice/here/{nonce}: whoever
// fetches that by the public address knows that it leads here.
func (l *Listener) Here(nonce string) string {
	mac := hmac.New(sha256.New, l.secret)
	io.WriteString(mac, nonce)
	return hex.EncodeToString(mac.Sum(nil))
}

// longestNonce bounds what a stranger can have signed.
const longestNonce = 64

func (l *Listener) here(w http.ResponseWriter, r *http.Request) {
	nonce := r.PathValue("nonce")
	if len(nonce) > longestNonce {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, l.Here(nonce))
}
