package carrier

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"
	monitor "github.com/twilio/twilio-go/rest/monitor/v1"
)

// alertsRead is how many of the newest alerts are looked through: an account may
// have other applications, which fail too.
const alertsRead = 50

// LastFailed is the newest alert of Twilio's debugger about a request to an address
// at this station's public one: its Sid, empty when there is none, and its error
// (Twilio docs: Monitor Alerts).
func (t *Twilio) LastFailed(ctx context.Context) (alert string, code int, err error) {
	err = t.ask(ctx, func(a *api.ApiService) error {
		alerts, err := monitor.NewApiService(a.RequestHandler()).ListAlert(
			(&monitor.ListAlertParams{}).SetLogLevel("error").SetPageSize(alertsRead).SetLimit(alertsRead))
		for _, found := range alerts {
			if err == nil && alert == "" && strings.HasPrefix(value(found.RequestUrl), t.public) {
				alert = value(found.Sid)
				code, _ = strconv.Atoi(value(found.ErrorCode))
			}
		}
		return err
	})
	return alert, code, err
}

// Alert is an entry of Twilio's debugger.
type Alert struct {
	Sid     string
	At      time.Time // by Twilio's clock
	Code    int
	Level   string // error, warning, notice or debug
	URL     string // that was asked; empty for none
	CallSid string // or what else it is about
	Text    string // Twilio's words, which may hold what was sent
}

// alertsSince is how many alerts of a time are read.
const alertsSince = 200

// Alerts are those since a time, newest first, whoever they concern.
func (t *Twilio) Alerts(ctx context.Context, since time.Time) ([]Alert, error) {
	out := []Alert{}
	err := t.ask(ctx, func(a *api.ApiService) error {
		alerts, err := monitor.NewApiService(a.RequestHandler()).ListAlert(
			(&monitor.ListAlertParams{}).SetStartDate(since.UTC()).SetPageSize(alertsSince).SetLimit(alertsSince))
		for _, of := range alerts {
			one := Alert{
				Sid: value(of.Sid), At: value(of.DateGenerated), Level: value(of.LogLevel), URL: value(of.RequestUrl),
				CallSid: value(of.ResourceSid), Text: value(of.AlertText),
			}
			one.Code, _ = strconv.Atoi(value(of.ErrorCode))
			// It is written as a query is, with the words in Msg (Twilio docs: Alert).
			if q, err := url.ParseQuery(one.Text); err == nil && q.Get("Msg") != "" {
				one.Text = q.Get("Msg")
			}
			out = append(out, one)
		}
		return err
	})
	return out, err
}
