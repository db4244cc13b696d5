package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"callin/app/rehearsal/exchange"
)

// fetchAlert answers one entry of the debugger's log, of monitor.twilio.com.
func fetchAlert(r *request) (reply, error) {
	a, err := r.x.Alert(r.PathValue("sid"))
	if err != nil {
		return reply{}, err
	}
	o := showAlert(r)(a)
	o["request_headers"], o["request_variables"] = nil, a.Sent.Encode()
	o["response_headers"], o["response_body"] = headers(a.ResponseHeader), a.ResponseBody
	return reply{http.StatusOK, o}, nil
}

func listAlerts(r *request) (reply, error) {
	if err := r.oneOf("LogLevel", "error", "warning", "notice", "debug"); err != nil {
		return reply{}, err
	}
	from, until := time.Time{}, r.x.Clock(time.Now()).Add(time.Hour)
	for name, to := range map[string]*time.Time{"StartDate": &from, "EndDate": &until} {
		s := r.Form.Get(name)
		if s == "" {
			continue
		}
		at, length, ok := moment(s)
		if !ok {
			return reply{}, invalid(name, s)
		}
		if *to = at; name == "EndDate" {
			*to = at.Add(length) // the whole day, or the second
		}
	}
	all := []exchange.Alert{}
	for _, a := range slices.Backward(r.x.Alerts()) {
		at := r.x.Clock(a.At)
		if r.is("LogLevel", a.Level) && !at.Before(from) && at.Before(until) {
			all = append(all, a)
		}
	}
	out, err := list(r, "alerts", all, newestFirst("NO"), func(a exchange.Alert) string { return a.Sid }, showAlert(r))
	return newer(r, "alerts", out, err)
}

const monitorURL = "https://monitor.twilio.com"

func showAlert(r *request) func(exchange.Alert) object {
	return func(a exchange.Alert) object {
		at := r.x.Clock(a.At).UTC().Format(time.RFC3339)
		text := url.Values{"Msg": {a.Message}, "ErrorCode": {strconv.Itoa(a.Code)}, "LogLevel": {a.Level}}
		if a.URL != "" {
			text.Set("url", a.URL)
		}
		return object{
			"sid": a.Sid, "account_sid": r.account, "alert_text": text.Encode(), "api_version": version,
			"date_created": at, "date_generated": at, "date_updated": at,
			"error_code": strconv.Itoa(a.Code), "log_level": a.Level, "more_info": moreInfo(a.Code),
			"request_method": orNull(a.Method), "request_url": orNull(a.URL),
			"resource_sid": orNull(a.CallSid), "service_sid": nil, "url": monitorURL + "/v1/Alerts/" + a.Sid,
		}
	}
}
