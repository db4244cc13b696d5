package web

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"callin/app/call"
	"callin/app/desk/door"
)

// signalPath is where a rehearsal's signalling is found at the station's door.
const signalPath = "/signal"

// signalTo carries a page's signalling to a rehearsal's, at an address of ws://. What
// lets the page in at the door is not told there.
func signalTo(address string) http.HandlerFunc {
	to, err := url.Parse("http" + strings.TrimPrefix(address, "ws"))
	if err != nil {
		panic(err) // settings have checked it
	}
	through := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.URL.Path = to.Scheme, to.Host, to.Path
			p.Out.Host = to.Host
			for _, name := range []string{"Authorization", "Cookie", "Origin"} {
				p.Out.Header.Del(name)
			}
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			door.Refuse(w, &call.Error{Code: call.CodeStage, Message: "The rehearsal's signalling cannot be reached."})
		},
	}
	return through.ServeHTTP
}
