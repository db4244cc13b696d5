package call

// Found is what Twilio says of a call.
type Found struct {
	Status CallStatus
	From   string
	To     string
	// Desk is whose softphone it is, if From is one of this station's.
	Desk DeskID
}

// DeskLabel begins the participantLabel of a desk's own leg on a line.
const (
	DeskLabel = "desk-"
	// TalkbackLabel begins that of a desk's leg that only the host hears.
	TalkbackLabel = "talkback-"
	// ReserveLabel begins that of a desk's leg that came to a lane in reserve. It may have
	// taken the lane over since.
	ReserveLabel = "reserve-"
)

// Whereabouts is where Twilio says a call is: in a queue or on a line.
type Whereabouts struct {
	QueueSid   string
	Line       string // the conference's FriendlyName
	Conference string // its ConferenceSid
	Desk       bool   // it is a desk's own leg, by its label
	Talkback   bool   // it is one that only the host hears
	Reserve    bool   // it came in reserve
	Muted      bool
	Hold       bool
}
