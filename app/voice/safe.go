package voice

import (
	"net/url"
	"time"

	"callin/app/call"
	"callin/app/studio"
)

// inTime is how long the studio may take to answer a call: Twilio gives up after
// fifteen seconds of silence, and a caller long before.
const inTime = time.Second

// answer is what f says, or the safe answer when the studio is late.
func (l *Listener) answer(r request, f func(request) []verb) []verb {
	answered := make(chan []verb, 1)
	go func() { answered <- f(r) }()
	late := time.NewTimer(inTime)
	defer late.Stop()
	select {
	case verbs := <-answered:
		return verbs
	case <-late.C:
		l.log.Error("the studio does not answer in time", "path", r.URL.Path)
		return l.safe(r)
	}
}

// safe is an answer that needs nobody: callers wait, and everything else asks
// again a moment later.
func (l *Listener) safe(r request) []verb {
	switch r.URL.Path {
	case "/voice/wait":
		return []verb{l.play()}
	case "/voice/inbound", "/voice/sent", "/voice/fell":
		return l.twiml(r.call(), studio.Answer{Place: call.InQueue(studio.OnAirQueue)})
	case "/voice/left":
		if r.FormValue("QueueResult") == "queue-full" { // it would be full again
			return l.twiml(r.call(), studio.Answer{Place: call.Place{Kind: call.Closing}, Words: studio.Full})
		}
		return l.twiml(r.call(), studio.Answer{Place: call.InQueue(studio.OnAirQueue)})
	case "/voice/status", "/voice/conference", "/voice/whisper", "/voice/message", "/voice/recording":
		return nil // Twilio does not act on the answer, or goes on after it
	}
	again := url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	return []verb{pause(1), l.redirect(again.RequestURI()[len("/voice/"):])}
}
