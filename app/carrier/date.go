package carrier

import (
	"net/http"
	"time"
)

// dated is an answer's Date and when it was read here.
type dated struct{ date, read time.Time }

// date remembers the Date of an answer.
func (t *Twilio) date(of http.Header) {
	if date, err := http.ParseTime(of.Get("Date")); err == nil {
		t.dated.Store(&dated{date, time.Now()})
	}
}

// Now is what Twilio's clock shows, by the Date of its last answer; false before
// there was one.
func (t *Twilio) Now() (now time.Time, known bool) {
	last := t.dated.Load()
	if last == nil {
		return time.Time{}, false
	}
	return last.date.Add(time.Since(last.read)), true
}
