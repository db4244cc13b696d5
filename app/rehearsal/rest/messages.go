package rest

import (
	"net/http"

	"callin/app/rehearsal/exchange"
)

// maxMessage is the longest message that Twilio takes, in characters.
const maxMessage = 1600

func messages(handle func(string, handler)) {
	handle("GET /Messages.json", func(r *request) (reply, error) {
		return list(r, "messages", r.x.Messages(r.Form.Get("From"), r.Form.Get("To")), showMessage(r))
	})
	handle("POST /Messages.json", func(r *request) (reply, error) {
		f := r.Form.Get
		m := exchange.Message{From: f("From"), To: f("To"), Body: f("Body"), ServiceSid: f("MessagingServiceSid")}
		switch {
		case m.To == "":
			return reply{}, &exchange.Fault{Code: 21604, Message: "A 'To' phone number is required."}
		case m.From == "" && m.ServiceSid == "":
			return reply{}, &exchange.Fault{Code: 21603, Message: "A 'From' phone number is required."}
		case m.Body == "":
			return reply{}, &exchange.Fault{Code: 21602, Message: "Message body is required."}
		case len([]rune(m.Body)) > maxMessage:
			return reply{}, &exchange.Fault{Code: 21617, Message: "The message body is longer than 1600 characters."}
		}
		sent, err := r.x.AddMessage(m)
		return reply{http.StatusCreated, showMessage(r)(sent)}, err
	})
	handle("GET /Messages/{sid}", func(r *request) (reply, error) {
		for _, m := range r.x.Messages("", "") {
			if m.Sid == r.sid("sid") {
				return reply{http.StatusOK, showMessage(r)(m)}, nil
			}
		}
		return reply{}, found(r, false)
	})
}

func showMessage(r *request) func(exchange.Message) object {
	return func(m exchange.Message) object {
		return object{
			"sid": m.Sid, "account_sid": r.account, "body": m.Body, "from": orNull(m.From), "to": m.To,
			"num_segments": "1", "num_media": "0", "direction": "outbound-api", "status": "queued",
			"date_created": date(m.Created), "date_updated": date(m.Created), "date_sent": nil,
			"price": nil, "price_unit": "USD", "error_code": nil, "error_message": nil,
			"messaging_service_sid": orNull(m.ServiceSid), "api_version": "2010-04-01",
			"uri": r.uri("Messages", m.Sid), "subresource_uris": subresources(r, []string{"Media"}, "Messages", m.Sid),
		}
	}
}
