package setup

import (
	"errors"
	"fmt"
	"time"

	"callin/app/call"
	"callin/app/carrier"
)

// refusals are what Twilio's codes mean for a set-up, and what to do (Twilio docs: error
// dictionary).
var refusals = map[int]string{
	20005: "Twilio does nothing for this account now: its balance is used up or does not pay for this, or it was suspended or closed. Its console says which; add to the balance there, or go on when it is active again.",
	20008: "These are Twilio's test credentials, which cannot own a number. Use the live ones beside them.",
	21404: "A trial account may have only one number, or not this one. Use the one that it has, or upgrade the account.",
	21421: "Twilio does not take this as a telephone number. Write it with + and the country's code, such as +12025550100.",
	21422: "Somebody else has just taken this number. Look again and choose another one.",
	21452: "There is no such number left in this area. Ask for other digits.",
	21219: "A trial account calls only numbers that were verified in Twilio's console. Verify this one there, or upgrade.",
	21215: "This account may not call that country. Allow it in Twilio's console under Voice, Geo permissions.",
	21211: "Twilio does not take this as a telephone number. Write it with + and the country's code, such as +12025550100.",
	21615: "Numbers of this country are sold only with an address there. Enter one in Twilio's console, then buy the number there or here.",
	21631: "Numbers of this country are sold only with an address. Enter one in Twilio's console under Regulatory Compliance, then go on here.",
	21649: "Numbers of this country are sold only with papers about who uses them (a regulatory bundle). Hand them in in Twilio's console under Regulatory Compliance; when they are approved, buy the number there and choose it here.",
	21408: "This account may not do that in this country. Allow it in Twilio's console under Geo permissions.",
	20006: "The credentials may not do this. Use the account's auth token, not an API key.",
	10001: "Twilio says that the account is not active. Its console says why.",
	90010: "Twilio says that the account is not active. Its console says why.",
}

// InWords gives an error of Twilio's words for a person, and what to do. What has
// words already keeps them.
func InWords(err error) error {
	var said *call.Error
	var later *call.Later
	var refused *carrier.Refusal
	switch {
	case err == nil, errors.As(err, &said):
		return err
	case errors.As(err, &later):
		wait := max(later.After, time.Second).Round(time.Second)
		return &call.Error{Code: call.CodeUnreachable, Message: fmt.Sprintf("Twilio is asked too much at once. Wait %d seconds and try again: what was done already is found and not done twice.", int(wait.Seconds()))}
	case errors.Is(err, carrier.ErrCredentials):
		return &call.Error{Code: call.CodeCredentials, Message: "Twilio does not know this Account SID with this Auth Token. Copy both again from Twilio's console."}
	case errors.Is(err, call.ErrUnknown):
		return &call.Error{Code: call.CodeUnreachable, Message: "Twilio does not answer. See that this computer reaches the internet, then try again: what was done already is found and not done twice."}
	case errors.Is(err, call.ErrGone):
		return &call.Error{Code: call.CodeSetup, Message: "What was to be changed is not at Twilio any more. Look again."}
	case errors.As(err, &refused):
		if words, known := refusals[refused.Code]; known {
			return &call.Error{Code: call.CodeSetup, Message: words}
		}
		return &call.Error{Code: call.CodeSetup, Message: fmt.Sprintf("Twilio refuses this with its error %d. Its meaning stands at twilio.com/docs/errors/%d. What was done before is found and not done twice.", refused.Code, refused.Code)}
	}
	return fmt.Errorf("setup: %w", err)
}
