package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/exchange"
)

// span is the days that one usage record is about, both included.
type span struct{ from, until time.Time }

// periods are the lists of usage below the account's own; each says which spans
// a record of it is about, of those days that are asked for.
var periods = map[string]func(today time.Time, asked span) []span{
	"AllTime":   func(_ time.Time, asked span) []span { return []span{asked} },
	"Daily":     func(_ time.Time, asked span) []span { return asked.split(0, 0, 1) },
	"Monthly":   func(_ time.Time, asked span) []span { return asked.split(0, 1, 0) },
	"Yearly":    func(_ time.Time, asked span) []span { return asked.split(1, 0, 0) },
	"Today":     func(today time.Time, _ span) []span { return []span{{today, today}} },
	"Yesterday": func(today time.Time, _ span) []span { y := today.AddDate(0, 0, -1); return []span{{y, y}} },
	"ThisMonth": func(today time.Time, _ span) []span { return []span{month(today, 0)} },
	"LastMonth": func(today time.Time, _ span) []span { return []span{month(today, -1)} },
}

func month(today time.Time, by int) span {
	first := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, by, 0)
	return span{first, first.AddDate(0, 1, -1)}
}

// mostSpans bounds a list by days, months or years.
const mostSpans = 1000

// split cuts days into years, months or days, newest first, as Twilio lists
// them.
func (s span) split(years, months, days int) (all []span) {
	begin := s.from
	switch {
	case years > 0:
		begin = time.Date(s.from.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	case months > 0:
		begin = time.Date(s.from.Year(), s.from.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	for !begin.After(s.until) && len(all) < mostSpans {
		next := begin.AddDate(years, months, days)
		all = append(all, span{begin, next.AddDate(0, 0, -1)})
		begin = next
	}
	slices.Reverse(all)
	return all
}

func usage(s *server) {
	s.handle("GET /Usage/Records", func(r *request) (reply, error) { return listUsage(r, periods["AllTime"]) })
	for name, spans := range periods {
		s.handle("GET /Usage/Records/"+name, func(r *request) (reply, error) { return listUsage(r, spans) })
	}
	s.handle("GET /Usage", func(r *request) (reply, error) {
		return reply{http.StatusOK, object{
			"uri": r.uri("Usage"), "subresource_uris": subresources(r, []string{"Records"}, "Usage"),
		}}, nil
	})
}

// record is what one category came to in one span.
type record struct {
	span
	category string
	exchange.Tally
}

func (u record) id() string { return u.category + u.from.Format(time.DateOnly) }

func listUsage(r *request, spans func(time.Time, span) []span) (reply, error) {
	today := midnight(time.Now())
	asked := span{midnight(r.x.Account().Created), today}
	for name, to := range map[string]*time.Time{"StartDate": &asked.from, "EndDate": &asked.until} {
		if err := r.day(name, today, to); err != nil {
			return reply{}, err
		}
	}
	records := []record{}
	for _, s := range spans(today, asked) {
		for _, category := range r.x.UsageCategories() {
			if r.is("Category", category) {
				sum := r.x.Usage(category, s.from.Format(time.DateOnly), s.until.Format(time.DateOnly))
				records = append(records, record{s, category, sum})
			}
		}
	}
	inList := func(id string) (uint64, bool) { // none of them ever goes
		i := slices.IndexFunc(records, func(u record) bool { return u.id() == id })
		return uint64(max(0, i)), i >= 0
	}
	return list(r, "usage_records", records, inList, record.id, showUsage(r))
}

// day reads a date, or how many days it is from today, as in -30days.
func (r *request) day(name string, today time.Time, to *time.Time) error {
	s := r.Form.Get(name)
	if s == "" {
		return nil
	}
	if by, is := strings.CutSuffix(s, "days"); is {
		if n, err := strconv.Atoi(by); err == nil {
			*to = today.AddDate(0, 0, n)
			return nil
		}
	}
	t, _, ok := moment(s)
	if !ok {
		return invalid(name, s)
	}
	*to = midnight(t)
	return nil
}

var usageDescriptions = map[string]string{
	"calls": "Voice Minutes", "calls-inbound": "Inbound Voice Minutes",
	"calls-outbound": "Outbound Voice Minutes", "calls-client": "Client Minutes",
	exchange.TotalPrice: "Total Price",
}

func showUsage(r *request) func(record) object {
	return func(u record) object {
		q := url.Values{"Category": {u.category}}
		subs := map[string]string{}
		for name := range periods {
			subs[snake(name)] = r.uri("Usage", "Records", name) + "?" + q.Encode()
		}
		from, until := u.from.Format(time.DateOnly), u.until.Format(time.DateOnly)
		count, used, unit := strconv.Itoa(u.Count), strconv.Itoa(u.Minutes), "minutes"
		if u.category == exchange.TotalPrice { // nothing of it is counted but money
			count, used, unit = "", price(u.Price), "usd"
		}
		return object{
			"account_sid": r.account, "api_version": version, "as_of": time.Now().UTC().Format("2006-01-02T15:04:05+00:00"),
			"category": u.category, "description": usageDescriptions[u.category], "start_date": from, "end_date": until,
			"count": count, "count_unit": "calls", "usage": used, "usage_unit": unit,
			"price": u.Price, "price_unit": "usd", "subresource_uris": subs,
			"uri": r.uri("Usage", "Records") + "?Category=" + u.category + "&StartDate=" + from + "&EndDate=" + until,
		}
	}
}
