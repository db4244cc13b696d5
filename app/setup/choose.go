package setup

import (
	"context"
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
)

// chosen is what of the account the wish is about. An app that there is not yet has no
// Sid.
type chosen struct {
	listeners, desks carrier.Resource
	// numbers are the studios', the first one first.
	numbers []pair
}

// pair is a studio's numbers; dialIn has no Sid where there is none.
type pair struct{ number, dialIn carrier.Resource }

// choose finds what the wish is about. In a rehearsal it also gets the numbers that are
// missing.
func (w Wish) choose(ctx context.Context, t *carrier.Twilio) (c chosen, err error) {
	apps, err := t.Resources(ctx, carrier.App)
	if err != nil {
		return c, err
	}
	owned, err := t.Resources(ctx, carrier.Number)
	if err != nil {
		return c, err
	}
	c.listeners, c.desks = named(apps, w.listenersApp()), theDesks(apps, w.DeskAppSid)
	first, err := w.first(apps, owned)
	if err != nil {
		return c, err
	}
	c.numbers = []pair{first}
	taken := []string{first.number.Name, first.dialIn.Name}
	for _, wish := range w.Others {
		more := w.more(owned, wish, c.listeners.Sid, taken)
		if more.number.Sid == "" && wish.Number == "" && w.Rehearsal {
			if more.number, err = t.BuyNumber(ctx); err != nil {
				return c, err
			}
		}
		if more.number.Sid == "" || wish.DialIn != "" && more.dialIn.Sid == "" {
			return c, &call.Error{Code: call.CodeNotYourNumber, Message: "The account does not have a number that is set for one of the studios. Correct number or dial_in there, in the form +15550100100."}
		}
		c.numbers = append(c.numbers, more)
		taken = append(taken, more.number.Name, more.dialIn.Name)
	}
	return c, nil
}

// first chooses the first studio's numbers. A number that may serve something else is
// never taken without having been named.
func (w Wish) first(apps, owned []carrier.Resource) (p pair, err error) {
	own := named(apps, w.listenersApp()).Sid
	var others []carrier.Resource // of another Callin's listeners
	for _, n := range owned {
		app := n.Fields["VoiceApplicationSid"]
		switch {
		case n.Name == w.DialIn:
			p.dialIn = n
		case w.othersHave(n.Name):
		case n.Name == w.Number, w.Number == "" && p.number.Sid == "" && app != "" && app == own:
			p.number = n
		case w.Number == "" && callins(apps, app):
			others = append(others, n)
		}
	}
	if p.number.Sid == "" && len(others) == 1 {
		p.number = others[0]
	}
	if p.number.Sid == "" && w.Number == "" && len(owned) > 0 && (len(owned) == 1 && Unused(owned[0]) || w.Rehearsal) {
		p.number = owned[0]
	}
	if p.dialIn.Sid == "" && w.DialIn == "" && w.Rehearsal {
		for _, n := range owned {
			if n.Sid != p.number.Sid {
				p.dialIn = n
				break
			}
		}
	}
	switch {
	case len(owned) == 0:
		err = &call.Error{Code: call.CodeNoNumber, Message: "This account has no telephone number. Buy one in Twilio's console, then start Callin again."}
	case w.Number != "" && w.Number == w.DialIn:
		err = &call.Error{Code: call.CodeOneNumberTwice, Message: "Listeners and the DJ cannot dial the same number. Set another dial_in, or none."}
	case p.number.Sid == "" && w.Number == "":
		err = &call.Error{Code: call.CodeWhichNumber, Message: "Callin takes no telephone number that may serve something else. Say which one listeners call: set number (or CALLIN_NUMBER)."}
	case p.number.Sid == "":
		err = &call.Error{Code: call.CodeNotYourNumber, Message: "The account does not have the listeners' number that is set. Correct number (or CALLIN_NUMBER), in the form +15550100100."}
	case w.DialIn != "" && p.dialIn.Sid == "":
		err = &call.Error{Code: call.CodeNotYourNumber, Message: "The account does not have the DJ's dial-in number that is set. Correct dial_in (or CALLIN_DIAL_IN), in the form +15550100101."}
	}
	return p, err
}

// more finds the numbers of one more studio. In a rehearsal it has the one that led to
// listeners before.
func (w Wish) more(owned []carrier.Resource, wish Numbers, listeners string, taken []string) (p pair) {
	for _, n := range owned {
		switch {
		case slices.Contains(taken, n.Name):
		case n.Name == wish.DialIn:
			p.dialIn = n
		case n.Name == wish.Number, wish.Number == "" && w.Rehearsal && p.number.Sid == "" && n.Fields["VoiceApplicationSid"] == listeners:
			p.number = n
		}
	}
	return p
}

// theDesks is the desk's app: the one of a Sid, or else of its name; without a Sid
// of its own when there is none yet.
func theDesks(apps []carrier.Resource, sid string) carrier.Resource {
	for _, a := range apps {
		if a.Sid == sid {
			return a
		}
	}
	return named(apps, DeskApp)
}

func named(apps []carrier.Resource, name string) carrier.Resource {
	for _, a := range apps {
		if a.Name == name {
			return a
		}
	}
	return carrier.Resource{Kind: carrier.App, Name: name}
}

// othersHave reports whether a number is set for one of the other studios.
func (w Wish) othersHave(number string) bool {
	return slices.ContainsFunc(w.Others, func(o Numbers) bool { return number == o.Number || number == o.DialIn })
}

// listenersApp is the name of this station's app for listeners.
func (w Wish) listenersApp() string { return ListenersApp(w.Station) }

// ListenersApp is the name of a station's app for listeners.
func ListenersApp(station call.StationID) string {
	return strings.TrimSpace(listenersApp + " " + string(station))
}

// callins reports whether an app is one for listeners of some Callin.
func callins(apps []carrier.Resource, sid string) bool {
	return slices.ContainsFunc(apps, func(a carrier.Resource) bool {
		return a.Sid == sid && strings.HasPrefix(a.Name, listenersApp)
	})
}

// Unused reports whether a number's calls go nowhere but to Twilio's own demo.
func Unused(n carrier.Resource) bool {
	at := n.Fields["VoiceUrl"]
	return n.Fields["VoiceApplicationSid"] == "" && n.Fields["TrunkSid"] == "" && (at == "" || strings.HasPrefix(at, "https://demo.twilio.com/"))
}
