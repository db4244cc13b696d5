// Package setup makes an account ready for Callin: its TwiML Apps, numbers and
// API key. What is there already is found and put right, so that it can be
// done at every start.
package setup

import (
	"cmp"
	"context"

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
	// Was keeps what was there before; nil for a rehearsal's, which nobody undoes.
	Was *Before
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

// Ensure makes the account ready. Its errors are in words.
func Ensure(ctx context.Context, t *carrier.Twilio, w Wish) (Ready, error) {
	r, err := ensure(ctx, t, w)
	return r, InWords(err)
}

func ensure(ctx context.Context, t *carrier.Twilio, w Wish) (r Ready, err error) {
	if r.Trial, err = t.Trial(ctx); err != nil {
		return r, err
	}
	c, err := w.choose(ctx, t)
	if err != nil {
		return r, err
	}
	r.Number, r.DialIn, r.DeskAppSid = c.numbers[0].number.Name, c.numbers[0].dialIn.Name, c.desks.Sid
	if err := key(ctx, t, w, &r); err != nil {
		return r, err
	}
	if r.Other = w.other(ctx, claimOf(c.desks)); r.Other != "" {
		return r, nil
	}
	for _, of := range c.numbers[1:] {
		r.Others = append(r.Others, Numbers{of.number.Name, of.dialIn.Name})
	}
	sids, err := do(ctx, t, w.plan(c), cmp.Or(w.Was, &Before{}))
	r.DeskAppSid = cmp.Or(r.DeskAppSid, sids[c.desks.Name])
	return r, err
}

// Look is what there is to do until the account is as wished, without doing it, and
// whose its calls are if that is another Callin that is alive.
func Look(ctx context.Context, t *carrier.Twilio, w Wish) (todo Plan, other string, err error) {
	c, err := w.choose(ctx, t)
	if err != nil {
		return nil, "", InWords(err)
	}
	return w.plan(c), w.other(ctx, claimOf(c.desks)), nil
}

// Other is whose the account's calls are, by a public address, if that is another
// Callin that is alive.
func Other(ctx context.Context, t *carrier.Twilio, w Wish) (string, error) {
	has, err := ClaimOf(ctx, t, w.DeskAppSid)
	if err != nil {
		return "", InWords(err)
	}
	return w.other(ctx, has), nil
}

// Do does what there is to do if it is still what was agreed to, by its mark.
func Do(ctx context.Context, t *carrier.Twilio, w Wish, mark string) error {
	c, err := w.choose(ctx, t)
	if err != nil {
		return InWords(err)
	}
	todo := w.plan(c)
	if other := w.other(ctx, claimOf(c.desks)); other != "" || todo.Mark() != mark {
		return &call.Error{Code: call.CodeSetup, Message: "What would be changed is not what was shown any more. Look at it again, then press once more."}
	}
	_, err = do(ctx, t, todo, cmp.Or(w.Was, &Before{}))
	return InWords(err)
}
