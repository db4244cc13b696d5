package rest

import (
	"net/http"
	"strconv"
	"strings"

	"callin/app/rehearsal/exchange"
)

func calls(handle func(string, handler)) {
	handle("GET /Calls.json", listCalls)
	handle("POST /Calls.json", createCall)
	handle("GET /Calls/{sid}", func(r *request) (reply, error) {
		c, err := r.x.CallBySid(r.sid("sid"))
		return reply{http.StatusOK, showCall(r)(c)}, err
	})
	handle("POST /Calls/{sid}", func(r *request) (reply, error) {
		c, err := r.x.UpdateCall(r.sid("sid"), change(r))
		return reply{http.StatusOK, showCall(r)(c)}, err
	})
}

func change(r *request) exchange.Change {
	f := r.Form.Get
	return exchange.Change{
		URL: f("Url"), Method: strings.ToUpper(f("Method")), Twiml: f("Twiml"), Status: f("Status"),
		FallbackURL: f("FallbackUrl"), FallbackMethod: f("FallbackMethod"), TimeLimit: f("TimeLimit"),
		StatusCallback: f("StatusCallback"), StatusCallbackMethod: f("StatusCallbackMethod"),
	}
}

func listCalls(r *request) (reply, error) {
	f := r.Form.Get
	matches := func(param, have string) bool { return f(param) == "" || f(param) == have }
	found := r.x.Calls(func(c exchange.CallInfo) bool {
		return matches("Status", string(c.Status)) && matches("From", c.From) && matches("To", c.To) &&
			matches("ParentCallSid", c.ParentSid)
	})
	return list(r, "calls", found, showCall(r))
}

func createCall(r *request) (reply, error) {
	timeout, err := r.number("Timeout")
	if err != nil {
		return reply{}, err
	}
	c, err := r.x.Call(exchange.Outgoing{
		From: r.Form.Get("From"), To: r.Form.Get("To"), ApplicationSid: r.Form.Get("ApplicationSid"),
		Change: change(r), StatusCallbackEvents: r.Form["StatusCallbackEvent"], Timeout: timeout,
	})
	return reply{http.StatusCreated, showCall(r)(c)}, err
}

func showCall(r *request) func(exchange.CallInfo) object {
	return func(c exchange.CallInfo) object {
		o := object{
			"sid": c.Sid, "account_sid": r.account, "parent_call_sid": orNull(c.ParentSid),
			"date_created": date(c.Created), "date_updated": date(c.Updated),
			"to": c.To, "to_formatted": formatted(c.To), "from": c.From, "from_formatted": formatted(c.From),
			"phone_number_sid": orNull(c.NumberSid), "status": string(c.Status), "direction": string(c.Direction),
			"start_time": date(c.Started), "end_time": date(c.Ended), "duration": nil,
			"price": nil, "price_unit": "USD", "answered_by": nil, "api_version": "2010-04-01",
			"forwarded_from": nil, "group_sid": nil, "caller_name": orNull(c.CallerName), "queue_time": "0",
			"trunk_sid": nil, "annotation": nil, "uri": r.uri("Calls", c.Sid),
			"subresource_uris": subresources(r, []string{"Recordings", "Notifications", "Payments", "Events", "Siprec", "Streams", "Transcriptions"}, "Calls", c.Sid),
		}
		if c.Status.Final() {
			o["duration"] = strconv.Itoa(c.Seconds)
		}
		return o
	}
}

// formatted is a North American number as a person writes it.
func formatted(s string) string {
	if len(s) != 12 || !strings.HasPrefix(s, "+1") {
		return s
	}
	return "(" + s[2:5] + ") " + s[5:8] + "-" + s[8:]
}
