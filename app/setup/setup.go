// Package setup makes an account ready for Callin: its TwiML Apps, numbers and
// API key. What is there already is found and put right, so that it can be
// done at every start.
package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
)

// The names of Callin's things in an account.
const (
	listenersApp = "Callin listeners" // before the station's id
	DeskApp      = "Client DJ Call-In"
)

// Wish says what the account is to be like.
type Wish struct {
	// Public is where Twilio reaches the voice listener.
	Public string
	// Number and DialIn are the listeners' and the DJ's numbers. Without
	// Number the one that leads to a Callin is taken, or an account's only one if
	// nothing else uses it, and in a rehearsal the first.
	Number, DialIn string
	// Others are the numbers of the station's other studios. In a rehearsal one without
	// a number gets one.
	Others    []Numbers
	Rehearsal bool
	// Texts: what listeners text to their number is to be heard of.
	Texts bool
	// KeySid is an API key that was made before; "" for none.
	KeySid string
	// Fallback is the TwiML Bin that callers hear when Twilio does not reach Callin;
	// "" leaves what is there.
	Fallback string
	// Station is who wishes it.
	Station call.StationID
	// DeskAppSid is the desk's app as it was found before, or empty: others may have
	// its name.
	DeskAppSid string
	// TakeOver takes the account's calls from another Callin that is alive.
	TakeOver bool
}

// Numbers are a studio's: the one that listeners call, and the DJ's, empty for none.
type Numbers struct{ Number, DialIn string }

// Ready is what a station needs to know of an account that is ready.
type Ready struct {
	Number, DialIn string
	Others         []Numbers // as in the wish
	DeskAppSid     string
	// KeySecret is empty when the key of the wish is still good.
	KeySid, KeySecret string
	Trial             bool
	// Other is the public address of another Callin that is alive and has the
	// account's calls; nothing but a key was changed then. Empty when this one has them.
	Other string
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
	apps, err := t.Applications(ctx)
	if err != nil {
		return r, err
	}
	number, dialIn, err := numbers(ctx, t, w, apps)
	if err != nil {
		return r, err
	}
	desks := theDesks(apps, w.DeskAppSid)
	r.Number, r.DialIn, r.DeskAppSid = number.Number, dialIn.Number, desks.Sid
	if err := key(ctx, t, w, &r); err != nil {
		return r, err
	}
	if r.Other = w.other(ctx, claimOf(desks)); r.Other != "" {
		return r, nil
	}
	at := strings.TrimRight(w.Public, "/") + "/voice/"
	listeners := named(apps, w.listenersApp())
	listeners.VoiceURL, listeners.StatusCallback, listeners.FallbackURL = at+"inbound", at+"status", w.Fallback
	if listeners, err = t.SetApplication(ctx, listeners); err != nil {
		return r, err
	}
	desks.VoiceURL, desks.StatusCallback = at+"desk"+query(w.Station), at+"status"
	if desks, err = t.SetApplication(ctx, desks); err != nil {
		return r, err
	}
	r.DeskAppSid = desks.Sid
	if err := point(ctx, t, w, number, dialIn, listeners, desks); err != nil {
		return r, err
	}
	taken := []string{number.Number, dialIn.Number}
	for _, wish := range w.Others {
		number, dialIn, err := otherNumbers(ctx, t, w, wish, listeners.Sid, taken)
		if err == nil {
			err = point(ctx, t, w, number, dialIn, listeners, desks)
		}
		if err != nil {
			return r, err
		}
		r.Others = append(r.Others, Numbers{number.Number, dialIn.Number})
		taken = append(taken, number.Number, dialIn.Number)
	}
	return r, nil
}

// point leads a studio's numbers to the apps.
func point(ctx context.Context, t *carrier.Twilio, w Wish, number, dialIn carrier.PhoneNumber, listeners, desks carrier.Application) error {
	if err := t.PointToApplication(ctx, number.Sid, listeners.Sid); err != nil {
		return err
	}
	if w.Texts {
		if err := t.PointTextsTo(ctx, number.Sid, strings.TrimRight(w.Public, "/")+"/voice/message"); err != nil {
			return err
		}
	}
	if dialIn.Sid == "" {
		return nil
	}
	// The desk's app and the DJ's number ask the same address.
	return t.PointToURL(ctx, dialIn.Sid, desks.VoiceURL, desks.StatusCallback)
}

// otherNumbers finds the numbers of one more studio. In a rehearsal it gets the one
// that led to listeners before, or a new one.
func otherNumbers(ctx context.Context, t *carrier.Twilio, w Wish, wish Numbers, listeners string, taken []string) (number, dialIn carrier.PhoneNumber, err error) {
	owned, err := t.Numbers(ctx)
	if err != nil {
		return number, dialIn, err
	}
	for _, n := range owned {
		switch {
		case slices.Contains(taken, n.Number):
		case n.Number == wish.DialIn:
			dialIn = n
		case n.Number == wish.Number, wish.Number == "" && w.Rehearsal && number.Sid == "" && n.ApplicationSid == listeners:
			number = n
		}
	}
	switch {
	case number.Sid == "" && wish.Number == "" && w.Rehearsal:
		number, err = t.BuyNumber(ctx)
	case number.Sid == "", wish.DialIn != "" && dialIn.Sid == "":
		err = &call.Error{Code: call.CodeNotYourNumber, Message: "The account does not have a number that is set for one of the studios. Correct number or dial_in there, in the form +15550100100."}
	}
	return number, dialIn, err
}

// theDesks is the desk's app: the one of a Sid, or else of its name; without a Sid
// of its own when there is none yet.
func theDesks(apps []carrier.Application, sid string) carrier.Application {
	for _, a := range apps {
		if a.Sid == sid {
			return a
		}
	}
	return named(apps, DeskApp)
}

func named(apps []carrier.Application, name string) carrier.Application {
	for _, a := range apps {
		if a.FriendlyName == name {
			return a
		}
	}
	return carrier.Application{FriendlyName: name}
}

// numbers chooses the listeners' number and the DJ's. A number that may serve
// something else is never taken without having been named.
func numbers(ctx context.Context, t *carrier.Twilio, w Wish, apps []carrier.Application) (number, dialIn carrier.PhoneNumber, err error) {
	owned, err := t.Numbers(ctx)
	if err != nil {
		return number, dialIn, err
	}
	own := named(apps, w.listenersApp()).Sid
	var others []carrier.PhoneNumber // of another Callin's listeners
	for _, n := range owned {
		switch {
		case n.Number == w.DialIn:
			dialIn = n
		case w.othersHave(n.Number):
		case n.Number == w.Number, w.Number == "" && number.Sid == "" && n.ApplicationSid != "" && n.ApplicationSid == own:
			number = n
		case w.Number == "" && callins(apps, n.ApplicationSid):
			others = append(others, n)
		}
	}
	if number.Sid == "" && len(others) == 1 {
		number = others[0]
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

// othersHave reports whether a number is set for one of the other studios.
func (w Wish) othersHave(number string) bool {
	return slices.ContainsFunc(w.Others, func(o Numbers) bool { return number == o.Number || number == o.DialIn })
}

// listenersApp is the name of this station's app for listeners.
func (w Wish) listenersApp() string { return strings.TrimSpace(listenersApp + " " + string(w.Station)) }

// callins reports whether an app is one for listeners of some Callin.
func callins(apps []carrier.Application, sid string) bool {
	return slices.ContainsFunc(apps, func(a carrier.Application) bool {
		return a.Sid == sid && strings.HasPrefix(a.FriendlyName, listenersApp)
	})
}

// unused reports whether a number's calls go nowhere but to Twilio's own demo.
func unused(n carrier.PhoneNumber) bool {
	return n.ApplicationSid == "" && (n.VoiceURL == "" || strings.HasPrefix(n.VoiceURL, "https://demo.twilio.com/"))
}
