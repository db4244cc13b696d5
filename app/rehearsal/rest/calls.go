package rest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/exchange"
)

func calls(s *server) {
	s.handle("GET /Calls", listCalls)
	s.handle("POST /Calls", createCall)
	s.handle("GET /Calls/{sid}", func(r *request) (reply, error) {
		c, err := r.x.CallBySid(r.PathValue("sid"))
		return reply{http.StatusOK, showCall(r)(c)}, err
	})
	s.handle("POST /Calls/{sid}", func(r *request) (reply, error) {
		began := time.Now()
		c, err := r.x.UpdateCall(r.PathValue("sid"), change(r))
		out := reply{http.StatusOK, showCall(r)(c)}
		if err == nil {
			r.remember(c.Sid, began, out)
		}
		return out, err
	})
	s.handle("DELETE /Calls/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, r.x.DeleteCall(r.PathValue("sid"))
	})
	s.none("/Calls/{call}", map[string]string{
		"Payments": "payments", "Siprec": "siprec", "Streams": "streams", "Transcriptions": "transcriptions",
	}, knownCall)
	userMessages(s)
}

// knownCall refuses a path below a call that there is not.
func knownCall(r *request) error {
	_, err := r.x.CallBySid(r.PathValue("call"))
	return err
}

func change(r *request) exchange.Change {
	f := r.Form.Get
	return exchange.Change{
		URL: f("Url"), Method: r.Form.Get("Method"), Twiml: f("Twiml"), Status: f("Status"),
		FallbackURL: f("FallbackUrl"), FallbackMethod: r.Form.Get("FallbackMethod"), TimeLimit: f("TimeLimit"),
		StatusCallback: f("StatusCallback"), StatusCallbackMethod: r.Form.Get("StatusCallbackMethod"),
	}
}

var callStatuses = []string{"queued", "ringing", "in-progress", "canceled", "completed", "failed", "busy", "no-answer"}

func listCalls(r *request) (reply, error) {
	if err := r.oneOf("Status", callStatuses...); err != nil {
		return reply{}, err
	}
	started, err := r.within("StartTime")
	if err != nil {
		return reply{}, err
	}
	ended, err := r.within("EndTime")
	if err != nil {
		return reply{}, err
	}
	found := r.x.Calls(func(c exchange.CallInfo) bool {
		return r.is("Status", string(c.Status)) && r.is("From", c.From) && r.is("To", c.To) &&
			r.is("ParentCallSid", c.ParentSid) && started(c.Started) && ended(c.Ended)
	})
	return list(r, "calls", found, newestFirst("CA"), func(c exchange.CallInfo) string { return c.Sid }, showCall(r))
}

func createCall(r *request) (reply, error) {
	o, err := outgoing(r)
	if err != nil {
		return reply{}, err
	}
	o.ApplicationSid, o.Change = r.Form.Get("ApplicationSid"), change(r)
	if o.URL != "" {
		o.Twiml = "" // Twilio docs: Call, Twiml beside Url is ignored
	}
	began := time.Now()
	c, err := r.x.Call(o)
	out := reply{http.StatusCreated, showCall(r)(c)}
	if err == nil {
		r.remember(c.Sid, began, out)
	}
	return out, err
}

// keys32 are the keys that can be pressed after the answer, with w for half a
// second and W for a second (Twilio errors: 21206; OpenAPI: 32 at most).
var keys32 = regexp.MustCompile(`^[0-9A-D*#wW]{0,32}$`)

// outgoing reads what calls and participants are made with alike.
func outgoing(r *request) (o exchange.Outgoing, err error) {
	f := r.Form.Get
	o = exchange.Outgoing{
		From: f("From"), To: f("To"), CallerID: f("CallerId"), SendDigits: f("SendDigits"),
		StatusCallbackEvents: r.events("StatusCallbackEvent"),
	}
	if !keys32.MatchString(o.SendDigits) {
		return o, &exchange.Fault{Code: 21206, Message: "Invalid SendDigits: " + o.SendDigits}
	}
	if err = r.oneOf("MachineDetection", "Enable", "DetectMessageEnd"); err != nil {
		return o, err
	}
	o.DetectMachine = f("MachineDetection") != ""
	record, err := r.flag("Record")
	if err != nil {
		return o, err
	}
	if record != nil && *record {
		if o.Record, err = recordingOptions(r, ""); err != nil {
			return o, err
		}
	}
	seconds, err := r.number("Timeout")
	if seconds > 600 {
		err = invalid("Timeout", f("Timeout"))
	}
	o.Timeout = time.Duration(seconds) * time.Second
	return o, err
}

func showCall(r *request) func(exchange.CallInfo) object {
	return func(c exchange.CallInfo) object {
		o := object{
			"sid": c.Sid, "account_sid": r.account, "parent_call_sid": orNull(c.ParentSid),
			"date_created": r.date(c.Created), "date_updated": r.date(c.Updated),
			"to": c.To, "to_formatted": formatted(c.To), "from": c.From, "from_formatted": formatted(c.From),
			"phone_number_sid": orNull(c.NumberSid), "status": string(c.Status), "direction": string(c.Direction),
			"start_time": r.date(c.Started), "end_time": r.date(c.Ended), "duration": nil,
			"price": orNull(c.Price), "price_unit": "USD", "answered_by": orNull(c.AnsweredBy), "api_version": version,
			"forwarded_from": nil, "group_sid": nil, "caller_name": orNull(c.CallerName), "queue_time": "0",
			"trunk_sid": nil, "uri": r.uri("Calls", c.Sid),
			"subresource_uris": subresources(r, []string{
				"Events", "Notifications", "Payments", "Recordings", "Siprec", "Streams", "Transcriptions",
				"UserDefinedMessages", "UserDefinedMessageSubscriptions",
			}, "Calls", c.Sid),
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
