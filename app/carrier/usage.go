package carrier

import (
	"context"
	"strconv"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Categories of usage, by Twilio's names.
const (
	UsageDesks = "calls-client"           // minutes of the Voice SDK
	UsageLines = "calls-globalconference" // minutes of participants in conferences
	UsageTotal = "totalprice"             // what all categories cost
)

// Usage is what one category came to.
type Usage struct {
	// Category is Twilio's: calls-inbound, calls-client, calls-globalconference and so on.
	// Some are sums of others, as calls is.
	Category string
	Count    int
	Used     float64 // of Unit, such as minutes
	Unit     string
	Price    float64
	Currency string
}

// Month is what the account has used in this calendar month, in UTC, by category;
// without those of which there was nothing.
func (t *Twilio) Month(ctx context.Context) ([]Usage, error) {
	out := []Usage{}
	err := t.ask(ctx, func(a *api.ApiService) error {
		records, err := a.ListUsageRecordThisMonth((&api.ListUsageRecordThisMonthParams{}).SetPageSize(page))
		for _, r := range records {
			u := Usage{Category: value(r.Category), Unit: value(r.UsageUnit), Price: price(value(r.Price)), Currency: value(r.PriceUnit)}
			u.Count, _ = strconv.Atoi(value(r.Count)) // empty where nothing is counted
			u.Used, _ = strconv.ParseFloat(value(r.Usage), 64)
			if u.Count != 0 || u.Used != 0 || u.Price != 0 {
				out = append(out, u)
			}
		}
		return err
	})
	return out, err
}
