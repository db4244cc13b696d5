package cost

import (
	"time"

	"callin/app/picture"
)

// Prices are what an account pays for a minute, as far as Twilio has told it.
type Prices struct {
	Currency string
	// Numbers are of a call to one of the account's own numbers, in E.164.
	Numbers map[string]float64
	// Desk and Line are of a desk's phone and of somebody on a line; nil while there was
	// no usage that they follow from.
	Desk, Line *float64
}

// and are p with what has been told since. A month that has just begun tells no price of
// what nobody has used in it yet: then the one before holds.
func (p Prices) and(now Prices) Prices {
	if now.Currency == "" {
		now.Currency = p.Currency
	}
	if p.Currency != "" && p.Currency != now.Currency {
		return now
	}
	if now.Desk == nil {
		now.Desk = p.Desk
	}
	if now.Line == nil {
		now.Line = p.Line
	}
	for number, price := range p.Numbers {
		if _, known := now.Numbers[number]; !known {
			now.Numbers[number] = price
		}
	}
	return now
}

// of is the price of a kind of minutes in a studio; nil while it is not known.
func (p Prices) of(kind picture.CostKind, in picture.Studio) *float64 {
	number := in.Number
	switch kind {
	case picture.CostDesks:
		return p.Desk
	case picture.CostLines:
		return p.Line
	case picture.CostTelephones:
		number = in.DialIn
	}
	if price, known := p.Numbers[number]; known {
		return &price
	}
	return nil
}

// kinds are those of minutes, as they are shown.
var kinds = []picture.CostKind{picture.CostCallers, picture.CostLines, picture.CostDesks, picture.CostTelephones}

// show is what a studio's minutes come to.
func (p Prices) show(in picture.Studio, minutes map[Part]int64) picture.ShowCost {
	show := picture.ShowCost{Studio: in.ID, Parts: []picture.CostPart{}, Known: true}
	for _, kind := range kinds {
		part := picture.CostPart{Kind: kind, Minutes: minutes[Part{in.ID, kind}], Rate: p.of(kind, in)}
		if kind == picture.CostTelephones && part.Minutes == 0 { // few shows have one
			continue
		}
		switch {
		case part.Rate != nil:
			show.Sum += float64(part.Minutes) * *part.Rate
		case part.Minutes > 0:
			show.Known = false
		}
		show.Parts = append(show.Parts, part)
	}
	return show
}

// sum is what minutes in studios come to, of those that have a price.
func (p Prices) sum(studios []picture.Studio, minutes map[Part]int64) (sum float64) {
	for _, in := range studios {
		sum += p.show(in, minutes).Sum
	}
	return sum
}

// Reading is what Twilio tells of the account.
type Reading struct {
	Prices
	// Month is what the account has used in this month.
	Month float64
	// Balance is a trial account's credit; nil for any other one.
	Balance *float64
}

// month reckons what an account's month comes to: as Twilio told it, and what shows came
// to since. What Twilio tells in the midst of a show lacks what goes on, and some of what
// has just ended: it never makes the month less than was reckoned.
type month struct {
	is     string // 2026-11; empty until Twilio has told of one
	total  float64
	at     int64
	base   float64
	before map[Part]int64 // the minutes that are in base
}

func (m *month) read(is string, total float64, at int64, now float64, minutes map[Part]int64, quiet bool) {
	if m.is == is && !quiet {
		m.base = max(now, total)
	} else {
		m.base = total
	}
	m.is, m.total, m.at, m.before = is, total, at, minutes
}

// monthOf is the calendar month of a time (ms), as Twilio has it.
func monthOf(at int64) string { return time.UnixMilli(at).UTC().Format("2006-01") }

// since are the minutes that are not in base.
func (m *month) since(minutes map[Part]int64) map[Part]int64 {
	more := map[Part]int64{}
	for of, n := range minutes {
		more[of] = n - m.before[of]
	}
	return more
}

// studioNumbers are the numbers that callers and telephones dial, each once.
func studioNumbers(studios []picture.Studio) (numbers []string) {
	met := map[string]bool{"": true}
	for _, in := range studios {
		for _, number := range []string{in.Number, in.DialIn} {
			if !met[number] {
				met[number] = true
				numbers = append(numbers, number)
			}
		}
	}
	return numbers
}
