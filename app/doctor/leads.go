package doctor

import (
	"context"
	"fmt"
	"slices"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/setup"
)

// other is whether another Callin has the account's calls.
func (v *visit) other(ctx context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	at, err := setup.Other(ctx, v.Twilio, v.Wish)
	switch {
	case err != nil:
		return untold(err)
	case at != "":
		return wrong(fmt.Sprintf("Another Callin, at %s, has this account's calls.", at), "Use that one's desk, or end it, or take the calls over here.")
	}
	return fine("No other Callin has this account's calls.")
}

// numbers are whether the station's numbers and apps lead here, and nowhere else.
func (v *visit) numbers(ctx context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	if v.Wish.Public == "" {
		return unlooked("This station has no public address yet that numbers could lead to.", "Start Callin, then look again.")
	}
	todo, other, err := setup.Look(ctx, v.Twilio, v.Wish)
	switch {
	case err != nil && refusedHere(err):
		return saysWrong(err)
	case err != nil:
		return untold(err)
	case other != "":
		return unlooked("The account's numbers lead to the other Callin that has its calls.", "Settle first which one is to have them.")
	case len(todo) > 0 && v.Wish.Station == "":
		return unlooked("This station has not been started yet: its first start leads its numbers here.", "Start Callin, then look again.")
	case len(todo) > 0:
		return wrong(strays(todo), "Start Callin again: it puts this right and changes nothing else.")
	}
	return fine("The station's numbers and apps lead here, and nowhere else.")
}

// refusedHere reports whether it is the account that does not have what the station is
// to have, rather than Twilio that does not answer.
func refusedHere(err error) bool {
	refused := refusal(err)
	return refused != nil && slices.Contains([]call.Code{call.CodeNoNumber, call.CodeNotYourNumber, call.CodeOneNumberTwice, call.CodeWhichNumber}, refused.Code)
}

// strays says what of a plan does not lead here.
func strays(todo setup.Plan) string {
	var away []string
	for _, s := range todo {
		does := func(fields ...string) bool {
			return slices.ContainsFunc(s.Fields, func(f setup.Field) bool { return slices.Contains(fields, f.Name) })
		}
		switch {
		case s.Sid == "":
			away = append(away, fmt.Sprintf("the app %q is not there", s.Name))
		case s.Kind == carrier.App && does("VoiceUrl", "VoiceMethod"):
			away = append(away, fmt.Sprintf("the app %q asks elsewhere what callers hear", s.Name))
		case s.Kind == carrier.App && does("StatusCallback", "StatusCallbackMethod"):
			away = append(away, fmt.Sprintf("the app %q does not tell here how calls end", s.Name))
		case s.Kind == carrier.App:
			away = append(away, fmt.Sprintf("the app %q has another fallback, or none", s.Name))
		case does("VoiceApplicationSid", "TrunkSid", "VoiceUrl", "VoiceMethod"):
			away = append(away, fmt.Sprintf("calls to %s go elsewhere", s.Name))
		case does("StatusCallback", "StatusCallbackMethod"):
			away = append(away, fmt.Sprintf("how calls to %s end is not told here", s.Name))
		default:
			away = append(away, fmt.Sprintf("texts to %s go elsewhere", s.Name))
		}
	}
	return "At Twilio not all leads here: " + list(away) + "."
}

// queues are whether callers wait where nobody looks after them, or queues were left
// over.
func (v *visit) queues(ctx context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	all, err := v.Twilio.AllQueues(ctx)
	if err != nil {
		return untold(err)
	}
	ours, waiting := 0, 0
	for _, q := range all {
		if v.Wish.Station.OurName(q.Name) != "" {
			ours++
		} else if q.Name != call.Fallback {
			continue // somebody else's
		}
		waiting += q.Size
	}
	switch {
	case v.Here == nil && waiting > 0:
		return wrong(fmt.Sprintf("%s wait at Twilio, and no station runs.", many(waiting, "caller")), "Start Callin: it finds them.")
	case v.Here != nil && ours > 0 && !v.Open():
		return wrong(fmt.Sprintf("Twilio still has %s of a show that is over.", many(ours, "queue")), "Open a show and close it: that removes them.")
	}
	return fine("No queue was left over at Twilio.")
}
