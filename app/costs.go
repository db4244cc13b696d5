package app

import (
	"cmp"
	"context"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/cost"
	"callin/app/picture"
	"callin/app/settings"
	"callin/app/station"
)

// openCosts makes what reckons what the shows come to. Run sets it to work.
func (s *process) openCosts() *cost.Watch {
	o := cost.Options{
		Free: s.loaded.AccountSid == "", Studios: s.studios(), Read: s.readCosts,
		Now:  func() int64 { return s.show.Now() },
		Tell: func(c picture.Costs) { s.show.SetCosts(c) },
		Warn: func(message string) { s.show.Notice(&call.Error{Code: call.CodeCostLimit, Message: message}) },
		Keep: func(limit float64) error { return settings.KeepCostLimit(s.dir, limit) }, Log: s.log,
	}
	if set := s.settings.CostLimit; set != nil {
		o.Limit, o.Fixed = *set, true
	} else {
		o.Limit = settings.CostLimit(s.dir)
	}
	return cost.New(o)
}

// readCosts asks Twilio what minutes cost and what the month came to so far: once for
// each number, and once for all usage.
func (s *process) readCosts(ctx context.Context, numbers []string) (cost.Reading, error) {
	r := cost.Reading{Prices: cost.Prices{Numbers: map[string]float64{}}}
	used, err := s.twilio.Month(ctx)
	if err != nil {
		return r, err
	}
	for _, u := range used {
		switch u.Category {
		case carrier.UsageTotal:
			r.Month = u.Price
		case carrier.UsageDesks:
			r.Desk = perMinute(u)
		case carrier.UsageLines:
			r.Line = perMinute(u)
		}
		r.Currency = cmp.Or(r.Currency, strings.ToUpper(u.Currency))
	}
	for _, number := range numbers {
		price, currency, err := s.twilio.InboundPrice(ctx, number)
		if err != nil { // the others are of use without it
			s.log.Warn("what a call to a number costs is not known", "error", err)
			continue
		}
		r.Currency = cmp.Or(r.Currency, currency)
		if currency != "" && strings.EqualFold(currency, r.Currency) {
			r.Numbers[number] = price
		}
	}
	if s.ready.Trial {
		account, err := s.twilio.Account(ctx)
		if err != nil {
			return r, err
		}
		if account.Currency != "" {
			r.Balance = &account.Balance
		}
	}
	return r, nil
}

// perMinute is what a minute of a category has cost; nil where nothing of it was used.
func perMinute(u carrier.Usage) *float64 {
	if u.Used <= 0 {
		return nil
	}
	price := u.Price / u.Used
	return &price
}

// costed is a journal whose facts are reckoned with when they are on disk.
type costed struct {
	station.Journal
	costs *cost.Watch
}

func (c costed) Append(ctx context.Context, facts []call.Fact) error {
	err := c.Journal.Append(ctx, facts)
	if err == nil {
		for _, f := range facts {
			c.costs.Happened(f)
		}
	}
	return err
}

func (c costed) Read(ctx context.Context, each func(call.Fact)) error {
	err := c.Journal.Read(ctx, func(f call.Fact) {
		c.costs.Happened(f)
		each(f)
	})
	c.costs.Started()
	return err
}
