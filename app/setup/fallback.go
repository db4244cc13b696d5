package setup

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"time"

	"callin/app/call"
	"callin/app/wayin"
)

// binTimeout is how long a TwiML Bin may take to answer.
const binTimeout = 10 * time.Second

// CheckFallback fetches the fallback as Twilio does, signed and with the
// AccountSid, and says what is wrong with it; nil when callers would wait in the
// queue that Callin looks after.
func CheckFallback(ctx context.Context, fallback, accountSid, authToken string) *call.Error {
	ctx, cancel := context.WithTimeout(ctx, binTimeout)
	defer cancel()
	address := fallback + "?AccountSid=" + url.QueryEscape(accountSid)
	wrong := func(what string) *call.Error {
		return &call.Error{Code: call.CodeFallback, Message: what + " When Twilio does not reach Callin, callers are cut off. `callin fallback` says how to make it."}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return wrong("fallback_url is no web address.")
	}
	mac := hmac.New(sha1.New, []byte(authToken)) // a GET is signed by its address (Twilio docs: request validation)
	io.WriteString(mac, address)
	r.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	answer, err := wayin.Visitor.Do(r)
	if err != nil {
		return wrong("The TwiML Bin of fallback_url does not answer.")
	}
	defer answer.Body.Close()
	doc, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	switch {
	case err != nil || answer.StatusCode != http.StatusOK:
		return wrong("There is no TwiML Bin at fallback_url.")
	case !bytes.Contains(doc, []byte("<Enqueue")) || !bytes.Contains(doc, []byte(call.Fallback)):
		return wrong("The TwiML Bin of fallback_url does not let callers wait in the queue " + call.Fallback + ".")
	}
	return nil
}
