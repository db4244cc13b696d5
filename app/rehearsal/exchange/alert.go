package exchange

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"callin/app/rehearsal/twiml"
)

// Alert is an entry of Twilio's debugger: what went wrong, about which call, and
// the request that it went wrong in, if there was one.
type Alert struct {
	Sid     string    `json:"sid"`
	At      time.Time `json:"at"`
	Code    int       `json:"code"`
	Level   string    `json:"level"` // error or warning; notice of what this stand-in does not do
	CallSid string    `json:"call_sid"`
	URL     string    `json:"url,omitempty"`
	Message string    `json:"message"`

	Method         string      `json:"-"`
	Sent           url.Values  `json:"-"`
	ResponseStatus int         `json:"-"` // 0 without an answer
	ResponseHeader http.Header `json:"-"`
	ResponseBody   string      `json:"-"`
}

// maxAlertBody bounds what is kept of an answer, in bytes.
const maxAlertBody = 4096

// warnings are the codes that Twilio's error dictionary lists as warnings; all
// others are errors.
var warnings = []int{
	12200, 13000, 14207, 15003,
	13210, 13211, 13212, 13213, 13214, 13215, 13216, 13217, 13218, 13219, 13220,
	13221, 13222, 13223, 13226, 13230, 13232, 13233, 13234, 13235, 13236, 13237, 13248, 13250, 13256,
	13310, 13311, 13312, 13313, 13314, 13320, 13321, 13322, 13326, 13327, 13328, 13329,
	13330, 13331, 13332, 13333, 13334, 13335,
	13410, 13430, 13510, 13511, 13512, 13513, 13520, 13521,
	13610, 13611, 13612, 13613, 13614, 13615, 13616, 13622, 13699,
	13710, 13805, 13810, 13910,
}

func level(code int) string {
	switch {
	case code == twiml.NotDone:
		return "notice"
	case slices.Contains(warnings, code):
		return "warning"
	}
	return "error"
}

// webhook is a request that the exchange made, and the answer to it.
type webhook struct {
	method, url string
	sent        url.Values
	status      int
	header      http.Header
	body        []byte
}

// Alerts returns the latest alerts, oldest first.
func (x *Exchange) Alerts() []Alert {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.alerts)
}

// Alert returns one alert.
func (x *Exchange) Alert(sid string) (Alert, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if i := slices.IndexFunc(x.alerts, func(a Alert) bool { return a.Sid == sid }); i >= 0 {
		return x.alerts[i], nil
	}
	return Alert{}, NotFound("/Alerts/" + sid)
}

func (x *Exchange) alert(code int, callSid string, in *webhook, message string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.alertLocked(code, callSid, in, message)
}

func (x *Exchange) alertLocked(code int, callSid string, in *webhook, message string) {
	a := newAlert(code, callSid, message)
	if in != nil {
		a.URL, a.Method, a.Sent = in.url, in.method, in.sent
		if u, err := url.Parse(in.url); err == nil {
			a.URL = u.Redacted()
		}
		a.ResponseStatus, a.ResponseHeader = in.status, in.header
		a.ResponseBody = string(in.body[:min(len(in.body), maxAlertBody)])
	}
	x.keep(a)
}

func newAlert(code int, callSid, message string) Alert {
	return Alert{Sid: newSid("NO"), At: time.Now(), Code: code, Level: level(code), CallSid: callSid, Message: message}
}

// keep puts an alert into the log; mu is held.
func (x *Exchange) keep(a Alert) {
	if len(x.alerts) == keptAlerts {
		x.alerts = slices.Delete(x.alerts, 0, 1)
	}
	x.alerts = append(x.alerts, a)
}

// PlantAlert puts into the log what went wrong some time ago.
func (x *Exchange) PlantAlert(code int, callSid, address, message string, ago time.Duration) Alert {
	a := newAlert(code, callSid, message)
	a.At, a.URL, a.Method = a.At.Add(-ago), address, http.MethodPost
	x.mu.Lock()
	defer x.mu.Unlock()
	x.keep(a)
	return a
}

// failed puts a request that failed into the alerts.
func (x *Exchange) failed(callSid string, err *fetchError) {
	x.alert(err.code, callSid, err.in, err.Error())
}
