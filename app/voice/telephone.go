package voice

import (
	"crypto/subtle"
	"fmt"
	"strconv"

	"callin/app/call"
	"callin/app/plain"
	"callin/app/station"
)

// tries is how many PINs may be typed in one call.
const tries = 3

// moments is how often a call that has left a bridge is told to wait a moment
// before it is taken for lost. One takes about two seconds.
const moments = 3

// dialledIn: somebody calls the dial-in number.
func (l *Listener) dialledIn(r request) []verb {
	switch {
	case l.pin == "":
		return []verb{say("No PIN is set at this station, so a telephone cannot take callers. Goodbye."), hangup()}
	case l.station.PinLocked(call.Number(r.value("From"))):
		return []verb{say("This way is locked. Unlock it at the desk. Goodbye."), hangup()}
	}
	return l.askPin("Please type your PIN.", 1)
}

func (l *Listener) askPin(words string, try int) []verb {
	return []verb{
		{name: "Gather", inner: []verb{say(words)}, attrs: []attr{
			{"action", l.at("pin?try=" + strconv.Itoa(try))},
			{"method", "POST"},
			{"input", "dtmf"},
			{"numDigits", strconv.Itoa(len(l.pin))},
			{"timeout", "10"},
		}},
		say("No PIN was typed. Goodbye."), hangup(),
	}
}

// typedPin: a telephone has typed a PIN.
func (l *Listener) typedPin(r request) []verb {
	if l.pin == "" {
		return l.dialledIn(r)
	}
	right := subtle.ConstantTimeCompare([]byte(r.value("Digits")), []byte(l.pin)) == 1
	try, _ := strconv.Atoi(r.value("try"))
	switch l.station.TypedPin(l.studioOf(r), r.call(), call.Number(r.value("From")), right) {
	case station.PinRight:
		return l.next(r)
	case station.PinLocked:
		return l.dialledIn(r)
	}
	if try < 1 || try >= tries {
		return []verb{say("That is not the PIN. Goodbye."), hangup()}
	}
	return l.askPin("That is not the PIN. Please type it again.", try+1)
}

// next: a telephone whose PIN was right takes the next caller; after *, again.
// Nothing but the PIN's action and this document leads here.
func (l *Listener) next(r request) []verb {
	a := l.station.TakesNext(l.studioOf(r), r.call())
	switch {
	case a.Elsewhere:
		return []verb{say("Another phone takes the callers now. Goodbye."), hangup()}
	case !a.Open:
		return []verb{say("The show is closed. Stay on the line, or open it at the desk."), pause(5), l.redirect("next")}
	}
	return []verb{say(announcement(a)), l.dialQueue(l.studioOf(r)), l.redirect("next")}
}

// announcement says to the DJ who is next.
func announcement(a station.Announcement) string {
	if !a.Anyone {
		return "Nobody is waiting. Stay on the line."
	}
	words := "Next is a caller"
	if plain.Says(a.Name) {
		words = "Next is " + a.Name
	}
	if plain.Says(a.Location) {
		words += ", from " + a.Location
	}
	if plain.Says(a.Topic) {
		words += ", about " + a.Topic
	}
	return words + "."
}

// dialQueue takes the caller who has waited longest in a studio's queue at Twilio, or waits
// ten minutes for one. * ends the conversation.
func (l *Listener) dialQueue(of call.Studio) verb {
	return verb{
		name: "Dial", attrs: []attr{{"hangupOnStar", "true"}, {"timeout", "600"}, {"timeLimit", strconv.Itoa(int(longest.Seconds()))}},
		inner: []verb{{
			name: "Queue", text: l.ID.AtTwilio(of.OnAir()),
			attrs: []attr{{"url", l.at("whisper")}, {"method", "POST"}},
		}},
	}
}

// whisper: a queued call is about to be put through to a desk without a line.
// Here it hears that it is broadcast, which the law of many places asks for.
func (l *Listener) whisper(r request) []verb {
	l.station.Bridged(l.arrival(r), call.Sid(r.value("DequeingCallSid")))
	return []verb{say("You are going on air, and may be recorded. Go ahead.")}
}

// parted: a call has waited a moment after it left a bridge.
func (l *Listener) parted(r request) []verb {
	moment, _ := strconv.Atoi(r.value("moment"))
	a := l.station.LeftBridge(l.arrival(r), moment >= moments)
	if a.Place.Kind == call.Bridge {
		return []verb{say("One moment, please."), pause(1), l.redirect(fmt.Sprintf("parted?moment=%d", moment+1))}
	}
	return l.twiml(r.call(), a)
}
