package rest

import (
	"net/http"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/exchange"
)

// has reports whether a parameter was sent, if only empty.
func (r *request) has(name string) bool { _, ok := r.Form[name]; return ok }

// set copies a parameter that was sent.
func (r *request) set(to *string, name string) {
	if r.has(name) {
		*to = r.Form.Get(name)
	}
}

// sent is a parameter that was sent, if only empty; nil otherwise.
func (r *request) sent(name string) *string {
	if !r.has(name) {
		return nil
	}
	s := r.Form.Get(name)
	return &s
}

func (r *request) setBool(to *bool, name string) {
	if r.has(name) {
		*to = strings.EqualFold(r.Form.Get(name), "true")
	}
}

// methods puts all parameters that name an HTTP method into capitals and refuses
// those that are neither GET nor POST; an empty one is as if it had not been sent.
func (r *request) methods() error {
	code := 21209 // Twilio errors: of a call
	if strings.Contains(r.URL.Path, "/IncomingPhoneNumbers") || strings.Contains(r.URL.Path, "/Applications") {
		code = 21403 // Twilio errors: of what a number does
	}
	for name := range r.Form {
		if !strings.HasSuffix(name, "Method") {
			continue
		}
		switch s := strings.ToUpper(r.Form.Get(name)); s {
		case "":
			r.Form.Del(name)
		case http.MethodGet, http.MethodPost:
			r.Form.Set(name, s)
		default:
			return &exchange.Fault{Code: code, Message: name + " is not GET or POST: " + s}
		}
	}
	return nil
}

// events is a parameter that is given several times, or once with spaces
// between its values.
func (r *request) events(name string) []string {
	return strings.Fields(strings.Join(r.Form[name], " "))
}

// is reports whether a filter is absent or equal.
func (r *request) is(name, have string) bool {
	want := r.Form.Get(name)
	return want == "" || want == have
}

// flag is a parameter that is true, false or absent; anything else is refused.
func (r *request) flag(name string) (*bool, error) {
	s := strings.ToLower(r.Form.Get(name))
	if s == "" {
		return nil, nil
	}
	if s != "true" && s != "false" {
		return nil, invalid(name, s)
	}
	b := s == "true"
	return &b, nil
}

// flags reads several flags at once.
func (r *request) flags(into map[string]**bool) error {
	for name, to := range into {
		b, err := r.flag(name)
		if err != nil {
			return err
		}
		*to = b
	}
	return nil
}

// number is a whole number, 0 when absent.
func (r *request) number(name string) (int, error) {
	s := r.Form.Get(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, invalid(name, s)
	}
	return n, nil
}

// oneOf refuses a parameter that is none of the words.
func (r *request) oneOf(name string, words ...string) error {
	s := r.Form.Get(name)
	if s == "" {
		return nil
	}
	for _, w := range words {
		if s == w {
			return nil
		}
	}
	return invalid(name, s)
}

func invalid(name, value string) error {
	return &exchange.Fault{Code: 20001, Message: "Invalid parameter " + name + ": " + value}
}

// within reads the filters NAME, NAME<, NAME>, NAME<= and NAME>= and returns
// whether a time passes them. NAME is a day in UTC, also when a library sends a
// time of that day; a date with < or > is its midnight, which is included (Twilio
// docs: Call, Conference, Recording). With < or > a time of day is that time
// (inferred). A time that has not come yet passes no filter.
func (r *request) within(name string) (func(time.Time) bool, error) {
	var tests []func(time.Time) bool
	for _, op := range []string{"", "<", ">", "<=", ">="} {
		s := r.Form.Get(name + op)
		if s == "" {
			continue
		}
		at, _, ok := moment(s)
		if !ok {
			return nil, invalid(name+op, s)
		}
		tests = append(tests, func(t time.Time) bool {
			t = r.x.Clock(t) // the client goes by Twilio's clock
			switch op {
			case "<", "<=":
				return !t.After(at)
			case ">", ">=":
				return !t.Before(at)
			}
			return midnight(t).Equal(midnight(at))
		})
	}
	return func(t time.Time) bool {
		for _, pass := range tests {
			if t.IsZero() || !pass(t) {
				return false
			}
		}
		return true
	}, nil
}

// midnight is when the day of a time began in UTC.
func midnight(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// moment reads a date, or a date with a time, and how long it lasts.
func moment(s string) (at time.Time, length time.Duration, ok bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, 24 * time.Hour, true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, time.Second, true
		}
	}
	t, err := mail.ParseDate(s) // RFC 2822, as the API's own answers have it
	return t, time.Second, err == nil
}
