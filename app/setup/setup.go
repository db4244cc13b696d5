// Package setup makes an account ready for Callin: its TwiML Apps, numbers and
// API key. What is there already is found and put right, so that it can be
// done at every start.
package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
)

// The names of Callin's things in an account.
const (
	ListenersApp = "Callin listeners"
	DeskApp      = "Client DJ Call-In"
	keyName      = "Callin desks"
)

// Wish says what the account is to be like.
type Wish struct {
	// Public is where Twilio reaches the voice listener.
	Public string
	// Number and DialIn are the listeners' and the DJ's numbers. Without
	// Number an account's only one is taken if nothing else uses it, and in a
	// rehearsal the first.
	Number, DialIn string
	Rehearsal      bool
	// Texts: what listeners text to their number is to be heard of.
	Texts bool
	// KeySid is an API key that was made before; "" for none.
	KeySid string
	// Fallback is the TwiML Bin that callers hear when Twilio does not reach Callin;
	// "" leaves what is there.
	Fallback string
	// TakeOver takes the account's calls from another Callin that is alive.
	TakeOver bool
}

// Ready is what a station needs to know of an account that is ready.
type Ready struct {
	Number, DialIn string
	DeskAppSid     string
	// KeySecret is empty when the key of the wish is still good.
	KeySid, KeySecret string
	Trial             bool
}

// Ensure makes the account ready. Its errors are *call.Error, in words.
func Ensure(ctx context.Context, t *carrier.Twilio, w Wish) (Ready, error) {
	r, err := ensure(ctx, t, w)
	var refused *call.Error
	switch {
	case err == nil, errors.As(err, &refused):
		return r, err
	case errors.Is(err, carrier.ErrCredentials):
		return r, &call.Error{Code: call.CodeCredentials, Message: "Twilio does not know this Account SID with this Auth Token. Copy both again from Twilio's console."}
	case errors.Is(err, call.ErrUnknown):
		return r, &call.Error{Code: call.CodeUnreachable, Message: "Twilio does not answer. See that this computer reaches the internet, then start Callin again."}
	}
	return r, fmt.Errorf("setup: %w", err)
}

func ensure(ctx context.Context, t *carrier.Twilio, w Wish) (Ready, error) {
	var r Ready
	var err error
	if r.Trial, err = t.Trial(ctx); err != nil {
		return r, err
	}
	if err := free(ctx, t, w); err != nil {
		return r, err
	}
	at := strings.TrimRight(w.Public, "/") + "/voice/"
	listeners, err := t.EnsureApplication(ctx, carrier.Application{FriendlyName: ListenersApp, VoiceURL: at + "inbound", StatusCallback: at + "status", FallbackURL: w.Fallback})
	if err != nil {
		return r, err
	}
	desks, err := t.EnsureApplication(ctx, carrier.Application{FriendlyName: DeskApp, VoiceURL: at + "desk", StatusCallback: at + "status"})
	if err != nil {
		return r, err
	}
	r.DeskAppSid = desks.Sid
	number, dialIn, err := numbers(ctx, t, w, listeners.Sid)
	if err != nil {
		return r, err
	}
	r.Number = number.Number
	if err := t.PointToApplication(ctx, number.Sid, listeners.Sid); err != nil {
		return r, err
	}
	if w.Texts {
		if err := t.PointTextsTo(ctx, number.Sid, at+"message"); err != nil {
			return r, err
		}
	}
	if dialIn.Sid != "" {
		r.DialIn = dialIn.Number
		// The desk's app and the DJ's number ask the same address.
		if err := t.PointToURL(ctx, dialIn.Sid, desks.VoiceURL, desks.StatusCallback); err != nil {
			return r, err
		}
	}
	err = key(ctx, t, w, &r)
	return r, err
}

// numbers chooses the listeners' number and the DJ's. A number that may serve
// something else is never taken without having been named.
func numbers(ctx context.Context, t *carrier.Twilio, w Wish, listenersApp string) (number, dialIn carrier.PhoneNumber, err error) {
	owned, err := t.Numbers(ctx)
	if err != nil {
		return number, dialIn, err
	}
	for _, n := range owned {
		switch {
		case n.Number == w.DialIn:
			dialIn = n
		case n.Number == w.Number, w.Number == "" && n.ApplicationSid == listenersApp:
			number = n
		}
	}
	if number.Sid == "" && w.Number == "" && len(owned) > 0 && (len(owned) == 1 && unused(owned[0]) || w.Rehearsal) {
		number = owned[0]
	}
	if dialIn.Sid == "" && w.DialIn == "" && w.Rehearsal {
		for _, n := range owned {
			if n.Sid != number.Sid {
				dialIn = n
				break
			}
		}
	}
	switch {
	case len(owned) == 0:
		err = &call.Error{Code: call.CodeNoNumber, Message: "This account has no telephone number. Buy one in Twilio's console, then start Callin again."}
	case w.Number != "" && w.Number == w.DialIn:
		err = &call.Error{Code: call.CodeOneNumberTwice, Message: "Listeners and the DJ cannot dial the same number. Set another dial_in, or none."}
	case number.Sid == "" && w.Number == "":
		err = &call.Error{Code: call.CodeWhichNumber, Message: "Callin takes no telephone number that may serve something else. Say which one listeners call: set number (or CALLIN_NUMBER)."}
	case number.Sid == "":
		err = &call.Error{Code: call.CodeNotYourNumber, Message: "The account does not have the listeners' number that is set. Correct number (or CALLIN_NUMBER), in the form +15550100100."}
	case w.DialIn != "" && dialIn.Sid == "":
		err = &call.Error{Code: call.CodeNotYourNumber, Message: "The account does not have the DJ's dial-in number that is set. Correct dial_in (or CALLIN_DIAL_IN), in the form +15550100101."}
	}
	return number, dialIn, err
}

// unused reports whether a number's calls go nowhere but to Twilio's own demo.
func unused(n carrier.PhoneNumber) bool {
	return n.ApplicationSid == "" && (n.VoiceURL == "" || strings.HasPrefix(n.VoiceURL, "https://demo.twilio.com/"))
}

// key keeps the API key of before while the account has it, else makes one.
func key(ctx context.Context, t *carrier.Twilio, w Wish, r *Ready) (err error) {
	if w.KeySid != "" {
		has, err := t.HasKey(ctx, w.KeySid)
		if err != nil {
			return err
		}
		if has {
			r.KeySid = w.KeySid
			return nil
		}
	}
	r.KeySid, r.KeySecret, err = t.MakeKey(ctx, keyName)
	return err
}
