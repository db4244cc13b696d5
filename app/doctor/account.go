package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/setup"
)

const (
	// lowBalance lasts for some ten hours of one call (US prices). Twilio ends calls at
	// nothing.
	lowBalance = 5
	// clockOff is how far this computer's clock may be from Twilio's: a Date has whole
	// seconds, and travels.
	clockOff = time.Minute
)

// asks is why the account cannot be asked; false where it can.
func (v *visit) unasked() (Finding, bool) {
	switch {
	case v.Twilio == nil:
		return unlooked("No account is set up here.", ""), true
	case v.suspended():
		return unlooked("Twilio says nothing of this while the account does nothing.", "See to the account first."), true
	}
	if _, err := v.owner(); err != nil {
		return unlooked("Twilio could not be asked for this.", "See to the credentials first."), true
	}
	return Finding{}, false
}

func (v *visit) suspended() bool {
	owner, err := v.owner()
	return err == nil && owner.Status != "active"
}

// credentials are whether Twilio lets this station in.
func (v *visit) credentials(context.Context) Finding {
	switch {
	case v.Twilio == nil && v.NoTwilio != nil:
		return saysWrong(v.NoTwilio)
	case v.Twilio == nil:
		return unlooked("No account is set up here: Callin rehearses.", "Connect an account when you have one.")
	}
	if _, err := v.owner(); err != nil {
		return saysWrong(err)
	}
	return fine("Twilio accepts the Account SID and the auth token.")
}

func (v *visit) account(context.Context) Finding {
	if v.suspended() {
		owner, _ := v.owner()
		return wrong(fmt.Sprintf("Twilio says that the account is %s: nobody gets in.", owner.Status), "Look in Twilio's console for why, often an unpaid bill, and put that right.")
	}
	if f, not := v.unasked(); not {
		return f
	}
	owner, _ := v.owner()
	return fine(fmt.Sprintf("The account %q is active.", owner.Name))
}

func (v *visit) balance(context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	owner, _ := v.owner()
	has := fmt.Sprintf("%.2f %s", owner.Balance, owner.Currency)
	switch {
	case owner.Currency == "":
		return unlooked("Twilio does not tell the balance, as of an account that another one pays for.", "Ask whoever pays for it.")
	case owner.Balance <= 0:
		return wrong(fmt.Sprintf("The balance is used up: %s. Twilio stops calls.", has), "Add to it in Twilio's console.")
	case owner.Balance < lowBalance:
		return wrong(fmt.Sprintf("The balance is low: %s.", has), "Add to it in Twilio's console before a show, or let Twilio do that by itself (auto-recharge).")
	}
	return fine(fmt.Sprintf("The balance is %s.", has))
}

// limits are how many calls there may be at once (Twilio docs: trial accounts, concurrency).
func (v *visit) limits(ctx context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	if owner, _ := v.owner(); owner.Trial {
		return wrong("This is a trial account: five calls at once, ten minutes each, and only with telephones that were verified.", "Upgrade it in Twilio's console before a show.")
	}
	profile, err := v.Twilio.Profile(ctx)
	if err != nil {
		return untold(err)
	}
	switch profile.Status {
	case "twilio-approved":
		return fine("Its profile is approved: a business may have as many calls at once as ring, a single person ten.")
	case "twilio-rejected":
		return wrong("Twilio has rejected the account's profile: it may have ten calls at once.", "Correct the profile in Twilio's console, under Trust Hub.")
	case "":
		return fine("Twilio does not tell its profile. Without an approved one of a business it may have ten calls at once.")
	}
	return fine(fmt.Sprintf("Its profile is not approved yet (Twilio says %s): it may have ten calls at once until then.", strings.TrimPrefix(profile.Status, "twilio-")))
}

// key is whether the API key by which desks' phones come in is at Twilio, and this
// station's.
func (v *visit) key(ctx context.Context) Finding {
	if f, not := v.unasked(); not {
		return f
	}
	if v.Wish.KeySid == "" {
		return unlooked("There is no API key yet for the desks' phones.", "Start Callin: it makes one.")
	}
	keys, err := v.Twilio.Keys(ctx)
	if err != nil {
		return untold(err)
	}
	again := "Start Callin again: it makes a new one."
	at := slices.IndexFunc(keys, func(k carrier.Key) bool { return k.Sid == v.Wish.KeySid })
	switch {
	case at < 0:
		return wrong("The API key of the desks' phones is not at Twilio any more: no phone connects.", again)
	case keys[at].FriendlyName != setup.KeyName(v.Wish.Station):
		return wrong(fmt.Sprintf("The API key of the desks' phones is called %q at Twilio, as if it were somebody else's: who tidies up may revoke it.", keys[at].FriendlyName), "Start Callin again: it gives the key its own name.")
	}
	return fine("The API key of the desks' phones is at Twilio.")
}

// clock is this computer's against Twilio's.
func (v *visit) clock(context.Context) Finding {
	if v.Twilio == nil {
		return unlooked("Without an account there is no other clock to compare with.", "")
	}
	_, err := v.owner()
	now, known := v.Twilio.Now()
	if !known {
		return unlooked("Twilio's clock is not known.", "See to the credentials first.")
	}
	off := time.Since(now)
	set := "Let this computer set its clock by itself (internet time)."
	switch {
	case off > clockOff:
		return wrong(fmt.Sprintf("This computer's clock is %s ahead of Twilio's.", minutes(off)), set)
	case off < -clockOff:
		return wrong(fmt.Sprintf("This computer's clock is %s behind Twilio's.", minutes(-off)), set)
	case errors.Is(err, call.ErrUnknown): // the answer may not have been Twilio's
		return unlooked("Twilio's clock is not known.", "See to the credentials first.")
	}
	return fine("This computer's clock agrees with Twilio's.")
}

func minutes(d time.Duration) string { return many(int(d.Round(time.Minute).Minutes()), "minute") }
