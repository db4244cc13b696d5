package rest

import (
	"encoding/json"
	"net/http"
	"time"
)

// maxContent is the longest message to or from a page, in bytes (Twilio docs:
// UserDefinedMessage, 10 KB).
const maxContent = 10 << 10

// userMessages are what the page of a softphone's call and the application tell
// each other. Twilio lists neither them nor the subscriptions.
func userMessages(s *server) {
	s.handle("POST /Calls/{call}/UserDefinedMessages", func(r *request) (reply, error) {
		content := r.Form.Get("Content")
		if content == "" || len(content) > maxContent || !json.Valid([]byte(content)) {
			return reply{}, invalid("Content", "JSON of 10 KB at most")
		}
		call := r.PathValue("call")
		sid, err := r.x.TellPage(call, content)
		return reply{http.StatusCreated, object{
			"account_sid": r.account, "call_sid": call, "sid": sid, "date_created": r.date(time.Now()),
		}}, err
	})
	s.handle("POST /Calls/{call}/UserDefinedMessageSubscriptions", func(r *request) (reply, error) {
		subscribed, err := r.x.Subscribe(r.PathValue("call"), r.Form.Get("Callback"), r.Form.Get("Method"))
		return reply{http.StatusCreated, object{
			"account_sid": r.account, "call_sid": subscribed.CallSid, "sid": subscribed.Sid, "date_created": r.date(subscribed.Created),
			"uri": r.uri("Calls", subscribed.CallSid, "UserDefinedMessageSubscriptions", subscribed.Sid),
		}}, err
	})
	s.handle("DELETE /Calls/{call}/UserDefinedMessageSubscriptions/{sid}", func(r *request) (reply, error) {
		return reply{http.StatusNoContent, nil}, found(r, r.x.Unsubscribe(r.PathValue("call"), r.PathValue("sid")))
	})
	// The subresource_uris of a Call lead here.
	s.none("/Calls/{call}", map[string]string{
		"UserDefinedMessages": "user_defined_messages", "UserDefinedMessageSubscriptions": "user_defined_message_subscriptions",
	}, knownCall)
}
