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

// longestSleep is how much longer an hour's token may last than that: Twilio takes
// none of more than 24 hours.
const longestSleep = 22 * time.Hour

// Latest is what Twilio's clock may show at the latest; false while it is not
// known. Where Now stands still, as this computer's even clock does in its sleep,
// this goes on; what is dated by it has not expired when the computer wakes.
func (t *Twilio) Latest() (now time.Time, known bool) {
	last := t.dated.Load()
	if last == nil {
		return time.Time{}, false
	}
	now = time.Now()
	return last.date.Add(longer(now.Sub(last.read), now.Round(0).Sub(last.read.Round(0)))), true
}

// longer is how long something took by the computer's even clock and by its own:
// the longer one, unless that was no sleep but its own clock was put.
func longer(even, own time.Duration) time.Duration {
	if own > even && own-even <= longestSleep {
		return own
	}
	return even
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
