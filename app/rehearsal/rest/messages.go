package rest

import (
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"callin/app/rehearsal/exchange"
)

// maxMessage is the longest message that Twilio takes, in characters.
const maxMessage = 1600

func messages(s *server) {
	s.handle("GET /Messages", func(r *request) (reply, error) {
		sent, err := r.within("DateSent")
		if err != nil {
			return reply{}, err
		}
		all := []exchange.Message{}
		for _, m := range slices.Backward(r.x.Messages(r.Form.Get("From"), r.Form.Get("To"))) { // newest first
			if sent(m.Sent) {
				all = append(all, m)
			}
		}
		return list(r, "messages", all, newestFirst("SM"), func(m exchange.Message) string { return m.Sid }, showMessage(r))
	})
	s.handle("POST /Messages", createMessage)
	s.handle("GET /Messages/{sid}", func(r *request) (reply, error) {
		m, ok := r.x.Message(r.PathValue("sid"), nil)
		return reply{http.StatusOK, showMessage(r)(m)}, found(r, ok)
	})
	s.handle("POST /Messages/{sid}", func(r *request) (reply, error) {
		// All that can be changed is that the text goes (Twilio docs: Message);
		// none here is scheduled, to be canceled (error 30409).
		switch {
		case r.Form.Get("Status") != "":
			return reply{}, &exchange.Fault{Code: 30409, Message: "This message cannot be canceled"}
		case r.Form.Get("Body") != "":
			return reply{}, invalid("Body", "only an empty one")
		}
		m, ok := r.x.Message(r.PathValue("sid"), func(m *exchange.Message) {
			if r.has("Body") {
				m.Body = ""
			}
		})
		return reply{http.StatusOK, showMessage(r)(m)}, found(r, ok)
	})
	s.handle("DELETE /Messages/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, found(r, r.x.DeleteMessage(r.PathValue("sid")))
	})
	s.none("/Messages/{sid}", map[string]string{"Media": "media_list"}, func(r *request) error {
		_, ok := r.x.Message(r.PathValue("sid"), nil)
		return found(r, ok)
	})
}

func createMessage(r *request) (reply, error) {
	f := r.Form.Get
	m := exchange.Message{From: f("From"), To: f("To"), Body: f("Body"), ServiceSid: f("MessagingServiceSid")}
	switch {
	case m.To == "":
		return reply{}, &exchange.Fault{Code: 21604, Message: "A 'To' phone number is required."}
	case m.From == "" && m.ServiceSid == "":
		return reply{}, &exchange.Fault{Code: 21603, Message: "A 'From' phone number is required."}
	case m.Body == "":
		return reply{}, &exchange.Fault{Code: 21602, Message: "Message body is required."}
	case utf8.RuneCountInString(m.Body) > maxMessage:
		return reply{}, &exchange.Fault{Code: 21617, Message: "The message body is longer than 1600 characters."}
	}
	if exchange.CheckURL(f("StatusCallback")) != nil {
		return reply{}, &exchange.Fault{Code: 21609, Message: "The 'StatusCallback' URL is not a valid URL: " + f("StatusCallback")}
	}
	sent, err := r.x.AddMessage(m, f("StatusCallback"), f("ApplicationSid"))
	return reply{http.StatusCreated, showMessage(r)(sent)}, err
}

// segments is how many pieces a text goes in: of 160 characters alone and 153
// in a row, or 70 and 67 when it is not plain ASCII, which is near enough to
// the telephone alphabet.
func segments(s string) int {
	alone, each := 160, 153
	for _, c := range s {
		if c >= utf8.RuneSelf {
			alone, each = 70, 67
		}
	}
	n := utf8.RuneCountInString(s)
	if n <= alone {
		return 1
	}
	return (n + each - 1) / each
}

func showMessage(r *request) func(exchange.Message) object {
	return func(m exchange.Message) object {
		return object{
			"sid": m.Sid, "account_sid": r.account, "body": m.Body, "from": orNull(m.From), "to": m.To,
			"num_segments": strconv.Itoa(segments(m.Body)), "num_media": "0", "direction": m.Direction, "status": m.Status,
			"date_created": r.date(m.Created), "date_updated": r.date(m.Created), "date_sent": r.date(m.Sent),
			"price": nil, "price_unit": "USD", "error_code": nil, "error_message": nil,
			"messaging_service_sid": orNull(m.ServiceSid), "api_version": version,
			"uri": r.uri("Messages", m.Sid), "subresource_uris": subresources(r, []string{"Media"}, "Messages", m.Sid),
		}
	}
}
