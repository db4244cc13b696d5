package signal

import "encoding/json"

const protocolVersion = "1.6"

// heartbeat is the whole of a frame that shows that a socket lives.
const heartbeat = "\n"

// frame is one message of pstream in either direction.
type frame struct {
	Type    string          `json:"type"`
	Version string          `json:"version"`
	Payload json.RawMessage `json:"payload"`
}

// request is the payload of any frame from the SDK.
type request struct {
	Token            string  `json:"token"`
	ReconnectTimeout float64 `json:"reconnectTimeout"` // seconds; 0 for the default
	Media            struct {
		Audio bool `json:"audio"`
	} `json:"media"`
	CallSid   string `json:"callsid"`
	SDP       string `json:"sdp"`
	Reconnect string `json:"reconnect"`
	Twilio    struct {
		Params string `json:"params"` // a query string
	} `json:"twilio"`
	DTMF string `json:"dtmf"`
	// Of a message.
	Content       json.RawMessage `json:"content"`
	ContentType   string          `json:"contenttype"`
	MessageType   string          `json:"messagetype"`
	VoiceEventSid string          `json:"voiceeventsid"`
}

// object is the payload of a frame to the SDK.
type object map[string]any

// The SDK's codes for what goes wrong in a call.
const (
	codeNoApplication = 31001
	codeDeclined      = 31002
	codeReconnect     = 31107
	codeBadToken      = 31204
	codeExpired       = 31205
	codeTooMany       = 31206
	codeNotYours      = 31209
	codeBadRequest    = 31400
	codeUnavailable   = 31480
)

func failure(code int, message string) object {
	return object{"code": code, "message": message}
}
