package voice

import (
	"net/http"
	"net/url"
)

// Stick makes every answer wait until letGo is closed.
func (l *Listener) Stick(letGo <-chan struct{}) {
	l.mux = http.NewServeMux()
	for path := range l.answers() {
		l.mux.Handle("POST /voice/"+path, l.signed(func(request) []verb {
			<-letGo
			return nil
		}))
	}
}

// Signed is whether Twilio, which has the token, signed this for an address below public.
func Signed(token, public, requestURI string, form url.Values, body []byte, signature string) bool {
	return newSeal(Only(token), public).signed(requestURI, form, body, signature)
}

// Written is a document of one sentence and of an address with a parameter.
func Written(words, parameter string) []byte {
	return document([]verb{say(words), {name: "Redirect", attrs: []attr{{"method", parameter}}, text: words}})
}
