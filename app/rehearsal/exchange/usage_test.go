package exchange

import (
	"testing"
	"testing/synctest"
	"time"
)

// A minute that has begun counts whole, a call that nobody answered nothing,
// and all calls are the sum of their kinds (Twilio docs: UsageRecord).
func TestUsage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := New(Options{ListenersNumber: "+12025550100", Telephone: func(number string) (Party, Answers) {
			if number == "+16175550190" {
				return deaf{}, AnswersBusy
			}
			return deaf{}, AnswersYes
		}})
		defer x.Close()
		for to, length := range map[string]time.Duration{"+16175550101": 60 * time.Second, "+16175550102": 61 * time.Second, "+16175550190": 0} {
			c, err := x.Call(Outgoing{From: "+12025550100", To: to, Change: Change{Twiml: `<Response><Pause length="600"/></Response>`}})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(length)
			synctest.Wait()
			x.HangUp(c.Sid)
			synctest.Wait()
		}
		if _, err := x.Ring("+16175550103", "+12025550100", "", deaf{}); err != nil { // nothing answers it
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		today := time.Now().UTC().Format(time.DateOnly)
		for category, want := range map[string]Tally{
			"calls":          {Count: 4, Minutes: 4, Price: 0.0505},
			"calls-outbound": {Count: 3, Minutes: 3, Price: 0.042},
			"calls-inbound":  {Count: 1, Minutes: 1, Price: 0.0085}, // the apology
			"calls-client":   {},
			TotalPrice:       {Price: 0.0505},
		} {
			got := x.Usage(category, today, today)
			if got.price = 0; got != want {
				t.Errorf("%s: %+v, want %+v", category, got, want)
			}
		}
		if got := x.Usage("calls", "2000-02-01", "2000-02-02"); got.Count != 0 {
			t.Errorf("on another day: %+v", got)
		}
	})
}
