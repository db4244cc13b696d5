package call

// Found is what Twilio says of a call.
type Found struct {
	Status string // Twilio's CallStatus
	From   string
	To     string
}

// Over reports whether a CallStatus is final.
func Over(status string) bool {
	switch status {
	case "completed", "busy", "failed", "no-answer", "canceled":
		return true
	}
	return false
}

// DeskLabel begins the participantLabel of a desk's own leg on a line.
const DeskLabel = "desk-"

// Whereabouts is where Twilio says a call is: in a queue or on a line.
type Whereabouts struct {
	QueueSid   string
	Line       string // the conference's FriendlyName
	Conference string // its ConferenceSid
	Desk       bool   // it is a desk's own leg, by its label
	Muted      bool
	Hold       bool
}
