package signal

import (
	"cmp"
	"net/http"
	"regexp"
	"time"
)

// regions are Twilio's edges and the region of each (@twilio/voice-sdk,
// regions.js). Roaming is none: Twilio picks one, here always the first.
var regions = map[string]string{
	firstEdge: "us1", "umatilla": "us2", "sao-paulo": "br1", "dublin": "ie1", "frankfurt": "de1", "singapore": "sg1", "sydney": "au1", "tokyo": "jp1",
	"ashburn-ix": "us1-ix", "san-jose-ix": "us2-ix", "london-ix": "ie1-ix", "frankfurt-ix": "de1-ix", "singapore-ix": "sg1-ix", "sydney-ix": "au1-ix", "tokyo-ix": "jp1-ix",
}

const firstEdge = "ashburn"

var edgeHost = regexp.MustCompile(`^voice-js\.([a-z-]+)\.twilio\.com$`)

// edgeOf is the edge that a Device asked for. The SDK asks by the host's name,
// wss://voice-js.frankfurt.twilio.com/signal. A page that puts it through to this
// machine hands the name on as /signal?host=…, a proxy as X-Forwarded-Host.
func edgeOf(r *http.Request) string {
	host := cmp.Or(r.URL.Query().Get("host"), r.Header.Get("X-Forwarded-Host"))
	if m := edgeHost.FindStringSubmatch(host); m != nil && regions[m[1]] != "" {
		return m[1]
	}
	return firstEdge
}

// Far answers after as long as the edge of the host that is asked for is far, and not at
// all where it is not reached. Twilio has no such address: there a connection is timed.
func (s *Server) Far(w http.ResponseWriter, r *http.Request) {
	edge := edgeOf(r)
	if m := edgeHost.FindStringSubmatch(r.URL.Query().Get("host")); m != nil && m[1] == "roaming" {
		edge = m[1]
	}
	far, ok := s.wrong.Far(edge)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	select {
	case <-time.After(far):
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
	}
}
