package signal

import "encoding/json"

const (
	// maxMessage is the longest content of a message, in bytes (Twilio docs:
	// Call Message Events, 10 KB).
	maxMessage = 10 << 10
	// userMessage is the only type that an application may send.
	userMessage = "user-defined-message"
)

// The SDK's codes for a message that is refused.
const (
	codeMessageType = 31210
	codeMessageBig  = 31212
)

// message passes a message of the page's on, and says so.
func (l *leg) message(k *socket, r *request) {
	refuse := func(code int, why string) {
		k.send("error", object{"callsid": r.CallSid, "voiceeventsid": r.VoiceEventSid, "error": failure(code, why)})
	}
	switch {
	case r.MessageType != "" && r.MessageType != userMessage:
		refuse(codeMessageType, "the message's type cannot be sent")
		return
	case len(r.Content) > maxMessage:
		refuse(codeMessageBig, "the message is too long")
		return
	}
	k.send("ack", object{"acktype": "message", "callsid": r.CallSid, "voiceeventsid": r.VoiceEventSid})
	l.mu.Lock()
	sid := l.sid
	l.mu.Unlock()
	l.server.ex.UserMessage(sid, r.VoiceEventSid, string(r.Content))
}

// Message gives the page of a call a message from the application, by its Sid,
// and reports whether there is such a page to give it to.
func (s *Server) Message(callSid, sid string, content json.RawMessage) bool {
	s.mu.Lock()
	l := s.legs[callSid]
	s.mu.Unlock()
	if l == nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.socket == nil || l.stage == ended {
		return false
	}
	l.socket.send("message", object{
		"callsid": l.sid, "content": content, "contenttype": "application/json",
		"messagetype": userMessage, "voiceeventsid": sid,
	})
	return true
}
