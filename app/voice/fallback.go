package voice

import "callin/app/call"

// fallbackMinutes is how long callers of a station that does not answer are held:
// nobody is to wait all night.
const fallbackMinutes = 5

// FallbackWait is the document of a TwiML Bin that plays while callers wait for a
// station that does not answer. It then lets them go.
func (s Script) FallbackWait() string {
	verbs := []verb{say("Please stay on the line. We are coming back to you.")}
	for range fallbackMinutes {
		verbs = append(verbs, pause(55), say("Thank you for waiting."))
	}
	return string(document(append(verbs, verb{name: "Leave"})))
}

// Fallback is the document of the TwiML Bin that answers when this station does
// not; wait is the address of the one above.
func (s Script) Fallback(wait string) string {
	return string(document([]verb{
		say("We are sorry, the studio cannot be reached at the moment. Please hold on."),
		{name: "Enqueue", text: call.Fallback, attrs: []attr{{"waitUrl", wait}, {"waitUrlMethod", "GET"}}},
		say("We are sorry. Please call again later. Goodbye."), hangup(),
	}))
}
