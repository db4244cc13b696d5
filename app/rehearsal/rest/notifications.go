package rest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/exchange"
)

// notifications are the debugger's alerts as this version of the API tells
// them, and the requests about a call beside them.
func notifications(s *server) {
	for under, of := range map[string]func(*request) string{
		"":              func(*request) string { return "" },
		"/Calls/{call}": func(r *request) string { return r.PathValue("call") },
	} {
		s.handle("GET "+under+"/Notifications", func(r *request) (reply, error) {
			if sid := of(r); sid != "" {
				if err := knownCall(r); err != nil {
					return reply{}, err
				}
			}
			return listNotifications(r, of(r))
		})
		s.handle("GET "+under+"/Notifications/{sid}", func(r *request) (reply, error) {
			a, err := r.x.Alert(r.PathValue("sid"))
			if err != nil || of(r) != "" && a.CallSid != of(r) {
				return reply{}, r.notFound()
			}
			o := showNotification(r, of(r))(a)
			o["request_variables"], o["response_body"], o["response_headers"] = a.Sent.Encode(), a.ResponseBody, headers(a.ResponseHeader)
			return reply{http.StatusOK, o}, nil
		})
	}
	s.handle("GET /Calls/{call}/Events", func(r *request) (reply, error) {
		if err := knownCall(r); err != nil {
			return reply{}, err
		}
		// At once; Twilio's are there a quarter of an hour after the call's end.
		return list(r, "events", r.x.CallEvents(r.PathValue("call")), oldestFirst("CE"),
			func(e exchange.CallEvent) string { return e.Place }, r.showEvent)
	})
}

// logLevel is 0 for an error and 1 for a warning (Twilio docs: Notification).
func logLevel(a exchange.Alert) string {
	if a.Level == "error" {
		return "0"
	}
	return "1"
}

func listNotifications(r *request, callSid string) (reply, error) {
	dated, err := r.within("MessageDate")
	if err != nil {
		return reply{}, err
	}
	all := []exchange.Alert{}
	for _, a := range slices.Backward(r.x.Alerts()) {
		if (callSid == "" || a.CallSid == callSid) && r.is("Log", logLevel(a)) && dated(a.At) {
			all = append(all, a)
		}
	}
	return list(r, "notifications", all, newestFirst("NO"), func(a exchange.Alert) string { return a.Sid }, showNotification(r, callSid))
}

func showNotification(r *request, callSid string) func(exchange.Alert) object {
	return func(a exchange.Alert) object {
		under := []string{"Notifications", a.Sid}
		if callSid != "" {
			under = append([]string{"Calls", callSid}, under...)
		}
		text := url.Values{"Msg": {a.Message}, "ErrorCode": {strconv.Itoa(a.Code)}, "LogLevel": {strings.ToUpper(a.Level)}}
		return object{
			"sid": a.Sid, "account_sid": r.account, "api_version": version, "call_sid": orNull(a.CallSid),
			"date_created": r.date(a.At), "date_updated": r.date(a.At), "message_date": r.date(a.At),
			"error_code": strconv.Itoa(a.Code), "log": logLevel(a), "message_text": text.Encode(),
			"more_info": moreInfo(a.Code), "request_method": orNull(a.Method), "request_url": orNull(a.URL), "uri": r.uri(under...),
		}
	}
}

// headers writes an answer's headers as a form.
func headers(h http.Header) string { return url.Values(h).Encode() }

func (r *request) showEvent(e exchange.CallEvent) object {
	sent := map[string]string{}
	for name := range maps.Keys(e.Sent) {
		sent[snake(name)] = e.Sent.Get(name)
	}
	return object{
		"request": object{"method": e.Method, "url": e.URL, "parameters": sent},
		"response": object{
			"date_created": r.date(e.At), "request_duration": e.Duration.Milliseconds(), "response_code": e.Status,
			"content_type": e.ContentType, "response_body": e.Body,
		},
	}
}

// remember keeps a request over REST about a call among the call's events.
func (r *request) remember(callSid string, began time.Time, out reply) {
	r.x.Remember(exchange.CallEvent{
		CallSid: callSid, Method: r.Method, URL: "https://api.twilio.com" + r.URL.Path + ".json", Sent: r.Form,
		Status: out.status, ContentType: "application/json", Body: `{"sid": "` + callSid + `"}`, At: began, Duration: time.Since(began),
	})
}
