package station

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

// Texts sends text messages.
type Texts interface {
	// Text sends words to a number; call.ErrOptedOut when it wants none.
	Text(ctx context.Context, from, to, words string) error
}

const (
	// textEvery is how long a number that was sent a text is sent no other.
	textEvery = 24 * time.Hour
	// mostTexts is how many texts the station sends in textEvery: whom they cost
	// and annoy, callers decide by the number that they say is theirs.
	mostTexts = 200
	// resumeEvery is how long a number that has asked for texts again cannot do so
	// once more: STOP and START in turn would fill the record.
	resumeEvery = 2 * time.Minute
)

// textCountries are the countries whose numbers are sent texts.
func textCountries(o Options) []string {
	if len(o.TextCountries) > 0 {
		return o.TextCountries
	}
	var countries []string
	for _, st := range o.Studios {
		countries = append(countries, call.Country(st.Number))
	}
	return countries
}

// gaveUp reports whether a call that ends now has waited too long in a queue.
func (c *core) gaveUp(who *picture.Caller) bool {
	return who.Place().Kind == call.Queue && c.now()-who.Arrived() > c.sorryAfter.Milliseconds()
}

// wasMissed reports whether a caller has not been on air in this show and is not
// here with another call.
func (c *core) wasMissed(who *picture.Caller) bool {
	number := who.Number()
	if at := c.state.AiredAt(who.Studio(), number); at != 0 && c.now()-at < textEvery.Milliseconds() {
		return false
	}
	return !slices.ContainsFunc(c.state.From(number), func(o *picture.Caller) bool {
		switch o.Intended().Kind {
		case call.Arriving, call.Queue, call.Line, call.Bridge:
			return o != who
		}
		return false
	})
}

// sorry sends a caller who was missed a text, if texts are sent at all, the number
// has not opted out, and it was sent none in the last day. That it is sent is on
// record before it is, so that it is never sent twice.
func (c *core) sorry(who *picture.Caller, why call.TextReason) {
	number := who.Number()
	last := c.state.TextedAt(number)
	if !c.takesTexts || number == "" || c.state.OptedOut(number) || last != 0 && c.now()-last < textEvery.Milliseconds() || !c.wasMissed(who) {
		return
	}
	if refused := c.untextable(number); refused != "" {
		c.leave(logged{slog.LevelInfo, "a caller who was missed is sent no text", []any{"call", who.Call(), "why", refused}})
		return
	}
	saved := c.record(told, call.TextedFor(who.Call(), number, why))
	st, _ := c.state.Studio(who.Studio())
	words := fmt.Sprintf("Sorry we missed you on %s. Please call again. Reply STOP to get no more texts.", st.Show.Name)
	c.leave(sendText{from: st.Number, number: number, words: words, saved: saved})
}

// untextable is why a number is never sent a text, or not today; empty when it may
// be. A caller can claim to have any number.
func (c *core) untextable(number string) string {
	country := call.Country(number)
	switch {
	case c.ownNumber(number):
		return "it is one of the station's own numbers"
	case country == "" || !slices.Contains(c.textCountries, country):
		return "its country is not one of text_countries"
	case call.Premium(number):
		return "texts to it may cost more"
	case call.Cropped(number):
		return "it is no whole number"
	case c.state.TextsSince(c.now()-textEvery.Milliseconds()) >= mostTexts:
		return fmt.Sprintf("%d have been sent within a day", mostTexts)
	}
	return ""
}

// ownNumber is whether a number is one of the station's.
func (c *core) ownNumber(number string) bool {
	return slices.ContainsFunc(c.studios, func(st picture.Studio) bool { return number == st.Number || number == st.DialIn })
}

// OptOut records that a number wants no texts, or wants them again. That it wants
// none counts at once, whatever it wanted before.
func (s *Station) OptOut(number string, out bool) {
	s.locked(func(c *core) {
		tooSoon := !out && c.now()-c.state.ResumedAt(number) < resumeEvery.Milliseconds()
		if number != "" && c.state.OptedOut(number) != out && !tooSoon {
			c.record(told, call.Fact{Kind: call.OptedOut, Number: &number, On: out})
		}
	})
}
