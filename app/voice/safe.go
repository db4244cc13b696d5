package voice

import (
	"net/http"
	"net/url"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// inTime is how long the station may take to answer a call: Twilio gives up after
// fifteen seconds of silence, and a caller long before.
const inTime = time.Second

// answer writes what f says, or the safe answer when the station is late. The
// late answer is written by the timer while f is still asked: a goroutine for
// every request only to watch the clock would cost more than the rest of it.
func (l *Listener) answer(w http.ResponseWriter, r request, f func(request) []verb) {
	var first sync.Once
	late := time.AfterFunc(inTime, func() {
		first.Do(func() {
			l.log.Error("the station does not answer in time", "call", r.call(), "path", r.address.Path)
			send(w, l.safe(r))
			http.NewResponseController(w).Flush()
		})
	})
	defer late.Stop()
	verbs := f(r)
	first.Do(func() { send(w, verbs) })
}

// safe is an answer that needs nobody: callers wait, and everything else asks
// again a moment later.
func (l *Listener) safe(r request) []verb {
	switch r.address.Path {
	case "/voice/wait":
		return []verb{l.play()}
	case "/voice/inbound", "/voice/sent", "/voice/fell":
		return l.twiml(r.call(), station.Answer{Studio: l.studioOf(r), Place: call.InQueue(l.studioOf(r).OnAir())})
	case "/voice/left":
		if r.value("QueueResult") == "queue-full" { // it would be full again
			return l.twiml(r.call(), station.Answer{Studio: l.studioOf(r), Place: call.Place{Kind: call.Closing}, Words: station.Full})
		}
		return l.twiml(r.call(), station.Answer{Studio: l.studioOf(r), Place: call.InQueue(l.studioOf(r).OnAir())})
	case "/voice/status", "/voice/conference", "/voice/whisper", "/voice/message", "/voice/recording":
		return nil // Twilio does not act on the answer, or goes on after it
	}
	again := url.URL{Path: r.address.Path, RawQuery: r.address.RawQuery}
	return []verb{pause(1), l.redirect(again.RequestURI()[len("/voice/"):])}
}
