package exchange

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/url"
	"slices"
)

// Signature is the X-Twilio-Signature of a request to u: the HMAC-SHA1 under
// the account's token of the URL followed by each POST parameter's name and
// value, in the order of the names (Twilio docs: Webhooks security).
func Signature(token, u string, post url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(u))
	names := make([]string, 0, len(post))
	for name := range post {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range post[name] {
			mac.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
