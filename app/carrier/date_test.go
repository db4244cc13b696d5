package carrier_test

import (
	"net/http"
	"testing"
	"time"
)

func TestTwiliosClockIsThatOfItsLastAnswer(t *testing.T) {
	date := time.Date(2031, 5, 4, 3, 2, 1, 0, time.UTC)
	dates := []string{"soon", date.Format(http.TimeFormat), "", date.Add(time.Hour).Format(http.TimeFormat)}
	asked := 0
	twilio := rehearsing(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = dates[asked : asked+1]
		w.WriteHeader(http.StatusTooManyRequests) // a refusal has a Date too
		asked++
	})
	for i, want := range []time.Time{{}, date, date, date.Add(time.Hour)} {
		if err := asks["a change"](t.Context(), twilio); err == nil {
			t.Fatal("429 is no error")
		}
		now, known := twilio.Now()
		if off := now.Sub(want); known == want.IsZero() || off < 0 || off > time.Minute {
			t.Errorf("after answer %d, of %q, Twilio's clock shows %v, known %v", i, dates[i], now, known)
		}
	}
}
