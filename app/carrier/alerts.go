package carrier

import (
	"context"
	"strconv"
	"strings"

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
		alerts, err := monitor.NewApiServiceWithClient(a.RequestHandler().Client).ListAlert(
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
