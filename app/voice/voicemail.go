package voice

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// longestMessage is how long a message can be, in seconds.
const longestMessage = 120

// offer lets a caller who will hear goodbye press 1 to leave a message instead.
func (s Script) offer(w station.Words, show picture.Show) verb {
	words := "The show has ended."
	if w == station.Shut {
		words = fmt.Sprintf("%s is not taking calls now.", show.Name)
	}
	return verb{name: "Gather", inner: []verb{say(words + " To leave a message, press 1.")}, attrs: []attr{
		{"action", s.at("leave")}, {"method", "POST"}, {"input", "dtmf"}, {"numDigits", "1"}, {"timeout", "3"},
	}}
}

// leave: a caller has pressed a key at the offer.
func (l *Listener) leave(r request) []verb {
	if r.value("Digits") != "1" {
		return l.twiml(r.call(), station.Answer{Place: call.Place{Kind: call.Closing}, Studio: l.studioOf(r), Words: station.Thanks})
	}
	return l.twiml(r.call(), l.station.LeavesMessage(l.arrival(r)))
}

// takeMessage records a caller. With an action of its own it is not asked for the
// document that it is in again, which would record for ever.
func (s Script) takeMessage() []verb {
	return []verb{
		{name: "Record", attrs: []attr{
			{"action", s.at("recording")}, {"method", "POST"}, {"maxLength", strconv.Itoa(longestMessage)}, {"timeout", "5"}, {"finishOnKey", "#"},
		}},
		say("No message was heard. Goodbye."), hangup(),
	}
}

var aRecordingSid = regexp.MustCompile(`^RE[0-9a-f]{32}$`)

// recordingSid is the last part of a RecordingUrl, which is the RecordingSid;
// empty where it is not one. Twilio's documents promise no other way to it.
func recordingSid(address string) string {
	u, err := url.Parse(address)
	if err != nil || !aRecordingSid.MatchString(path.Base(u.Path)) {
		return ""
	}
	return path.Base(u.Path)
}

// recording: a caller has left a message, and may have hung up doing so.
func (l *Listener) recording(r request) []verb {
	seconds, _ := strconv.ParseInt(r.value("RecordingDuration"), 10, 64)
	return l.twiml(r.call(), l.station.Recorded(l.arrival(r), recordingSid(r.value("RecordingUrl")), seconds))
}
