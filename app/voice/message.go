package voice

import (
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/plain"
)

// The words by which a person ends texts and asks for them again (Twilio docs:
// Twilio's default opt-out keywords). Twilio answers them itself.
var (
	stopWords  = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
	startWords = []string{"START", "YES", "UNSTOP"}
)

// message: somebody texts the listeners' number. What else they write is not kept.
func (l *Listener) message(r request) []verb {
	word, number := strings.ToUpper(plain.Line(r.value("Body"))), call.Number(r.value("From"))
	switch {
	case slices.Contains(stopWords, word):
		l.station.OptOut(number, true)
	case slices.Contains(startWords, word):
		l.station.OptOut(number, false)
	}
	return nil
}
