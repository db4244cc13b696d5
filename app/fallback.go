package app

import (
	"fmt"
	"strings"

	"callin/app/voice"
)

// fallback prints the TwiML Bins that let callers wait while Twilio does not reach
// Callin. They are made by hand, as Twilio has no other way.
func fallback(args []string, w World) int {
	if len(args) > 1 || len(args) == 1 && !strings.HasPrefix(args[0], "https://") {
		fmt.Fprintln(w.Stderr, "callin: name the address of the first TwiML Bin, such as https://handler.twilio.com/twiml/EH…, or nothing.")
		return 2
	}
	var s voice.Script
	text := s.FallbackWait()
	what := `1. In Twilio's console make a TwiML Bin called "Callin waits" of this text:

%s

2. Copy its address and run: callin fallback ADDRESS
`
	if len(args) == 1 {
		text = s.Fallback(args[0])
		what = `3. In Twilio's console make a TwiML Bin called "Callin fallback" of this text:

%s

4. Copy its address into the settings, as fallback_url = "…", and start Callin again.
`
	}
	fmt.Fprintf(w.Stdout, what, text)
	return 0
}
