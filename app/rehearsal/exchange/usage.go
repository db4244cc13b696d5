package exchange

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// micros is an amount of money in millionths of a US dollar.
type micros int64

// String writes a price as Twilio does: what is spent is negative.
func (m micros) String() string {
	if m == 0 {
		return ""
	}
	return fmt.Sprintf("-%d.%05d", m/1e6, m%1e6/10)
}

// Prices of a minute, begun ones counting whole. They are those of US numbers,
// undated: to see that usage adds up, not to plan by.
const (
	priceInbound  micros = 8500
	priceOutbound micros = 14000
	priceClient   micros = 4000
)

// Tally is what calls of one usage category came to on one day.
type Tally struct {
	Count, Minutes int
	Price          float64 // US dollars
	price          micros
}

// kind is a call's usage category beside "calls", which is all of them.
func (c *call) kind() (category string, perMinute micros) {
	switch {
	case strings.HasPrefix(c.from, "client:") && c.direction == Inbound, strings.HasPrefix(c.to, "client:"):
		return "calls-client", priceClient
	case c.direction == Inbound:
		return "calls-inbound", priceInbound
	}
	return "calls-outbound", priceOutbound
}

func (c *call) minutes() int { return (c.seconds() + 59) / 60 }

func (c *call) price() micros {
	_, perMinute := c.kind()
	return micros(c.minutes()) * perMinute
}

// account counts a call that has ended; mu is held.
func (x *Exchange) count(c *call) {
	day := c.ended.UTC().Format(time.DateOnly)
	category, _ := c.kind()
	for _, name := range []string{"calls", category} {
		t := x.tally(day, name)
		t.Count++
		t.Minutes += c.minutes()
		t.price += c.price()
		t.Price = float64(t.price) / 1e6
	}
	x.spend(day, c.price())
}

// TotalPrice is the category that has what all others cost, and no minutes.
const TotalPrice = "totalprice"

// spend counts what something has cost; mu is held.
func (x *Exchange) spend(day string, price micros) {
	t := x.tally(day, TotalPrice)
	t.price += price
	t.Price = float64(t.price) / 1e6
}

// usageCategories are those that are counted here, calls being the sum of the other
// calls.
var usageCategories = []string{"calls", "calls-client", "calls-inbound", "calls-outbound", TotalPrice}

// UsageCategories are those that are counted, and those that were planted.
func (x *Exchange) UsageCategories() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	all := slices.Clone(usageCategories)
	for _, of := range x.usage {
		for category := range of {
			if !slices.Contains(all, category) {
				all = append(all, category)
			}
		}
	}
	slices.Sort(all[len(usageCategories):])
	return all
}

// Use counts what is not calls, as used today; of the total there is no more to plant.
func (x *Exchange) Use(category string, used Tally) {
	x.mu.Lock()
	defer x.mu.Unlock()
	day, price := time.Now().UTC().Format(time.DateOnly), micros(math.Round(used.Price*1e6))
	t := x.tally(day, category)
	t.Count += used.Count
	t.Minutes += used.Minutes
	t.price += price
	t.Price = float64(t.price) / 1e6
	x.spend(day, price)
}

// tally is what a category came to on a day; mu is held.
func (x *Exchange) tally(day, category string) *Tally {
	if x.usage[day] == nil {
		x.usage[day] = map[string]*Tally{}
	}
	if x.usage[day][category] == nil {
		x.usage[day][category] = &Tally{}
	}
	return x.usage[day][category]
}

// Usage returns what the calls of a category came to that ended from one day to
// another, both as 2006-01-02 and included.
func (x *Exchange) Usage(category, from, until string) (sum Tally) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for day, of := range x.usage {
		if t := of[category]; t != nil && day >= from && day <= until {
			sum.Count += t.Count
			sum.Minutes += t.Minutes
			sum.price += t.price
		}
	}
	sum.Price = float64(sum.price) / 1e6
	return sum
}
