// Package stage is how others direct the callers of a rehearsal: its words and
// a client that speaks them. It stands apart from the rehearsal itself, so that
// the desk, which may ring callers in, links nothing of Twilio's stand-in.
package stage

// Casting asks for callers. What is left out is made up.
type Casting struct {
	Number string  `json:"number,omitempty"` // E.164
	Name   string  `json:"name,omitempty"`
	Voice  string  `json:"voice,omitempty"` // a voice's ID; "none" is a silent caller
	Tone   float64 `json:"tone,omitempty"`  // Hz: speaks this pilot tone instead of a voice
	// Echo is a caller who listens by a loudspeaker: what they hear comes back.
	Echo *Echo `json:"echo,omitempty"`
	// Keys are pressed once the caller has heard something, or half a second
	// after the answer; a w waits for half a second more.
	Keys string `json:"keys,omitempty"`
	// Says are texts, said in this order where Twilio would recognise speech: one
	// for each Gather that listens for it, and one after the other while the call is
	// transcribed. Nothing understands the voice: it is these texts that are told as
	// understood.
	Says []string `json:"says,omitempty"`
	// PatienceSeconds is how long the caller waits in a queue or for an answer
	// before hanging up; 0 is for ever.
	PatienceSeconds float64 `json:"patience_seconds,omitempty"`
	To              string  `json:"to,omitempty"`    // the listeners' number if empty
	Count           int     `json:"count,omitempty"` // 1 if 0, at most MaxCount
}

// Echo is by how many dB weaker and by how many ms later something comes back.
type Echo struct {
	Weaker float64 `json:"weaker"` // 0 or more
	Ms     int     `json:"ms"`     // 20 to 1000
}

// MaxCount is the most callers that one Casting asks for.
const MaxCount = 5000

// MaxSays is the most texts that a caller says, and MaxText their length in bytes.
const (
	MaxSays = 100
	MaxText = 1000
)

// Caller is a telephone of the stage that is, or was, in a call.
type Caller struct {
	CallSid string  `json:"call_sid"`
	Number  string  `json:"number"`
	Name    string  `json:"name"`
	Status  string  `json:"status"` // Twilio's CallStatus
	Heard   []Heard `json:"heard"`  // oldest first
	Hearing Hearing `json:"hearing"`
}

// Heard is something that a caller heard. Times are milliseconds since 1970.
type Heard struct {
	At    int64   `json:"at"`
	Kind  string  `json:"kind"` // say, play, tone, digits, beep; understood is what the caller itself says, of Says
	Text  string  `json:"text,omitempty"`
	URL   string  `json:"url,omitempty"`
	Hz    float64 `json:"hz,omitempty"`
	From  int64   `json:"from,omitempty"` // of a tone
	Until int64   `json:"until,omitempty"`
}

// Hearing is what is in a caller's ear now: the live audio of a bridge or a
// conference. Tones are in Hz rounded to 10.
type Hearing struct {
	Tones []float64 `json:"tones"`
	Level float64   `json:"level_dbfs"`
}

// Event is one change on the stage, by Kind: a "status", the "tones" in the
// caller's ear from now on (absent for none), or something "heard".
type Event struct {
	CallSid string `json:"call_sid"`
	Kind    string `json:"kind"`
	// Status comes with whose telephone it is.
	Status string `json:"status,omitempty"`
	Number string `json:"number,omitempty"`
	Name   string `json:"name,omitempty"`

	Heard *Heard    `json:"heard,omitempty"`
	Tones []float64 `json:"tones,omitempty"`
}

// Leg is a live call and where the exchange has it, softphones' too.
type Leg struct {
	CallSid   string `json:"call_sid"`
	From      string `json:"from"`
	To        string `json:"to"`
	Direction string `json:"direction"`
	Status    string `json:"status"`
	Where     string `json:"where"`
}

// Telephone is a telephone that calls to Number reach.
type Telephone struct {
	Number  string  `json:"number"`
	Name    string  `json:"name,omitempty"`
	Voice   string  `json:"voice,omitempty"`
	Tone    float64 `json:"tone,omitempty"`
	Answers string  `json:"answers,omitempty"` // yes, busy or no; yes if empty
}

// Text is a text message from a telephone; To is the listeners' number if empty.
type Text struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"`
	Body string `json:"body"`
}

// Show lets callers ring in by themselves.
type Show struct {
	EverySeconds float64 `json:"every_seconds"`
	Most         int     `json:"most"` // on the telephone at once
}

// Bin is a TwiML document that Twilio itself serves, at /twiml/{name} of the
// rehearsal: a person makes one in Twilio's console (Twilio docs: TwiML Bins).
type Bin struct {
	TwiML string `json:"twiml"`
}

// Switches choose between behaviours where it is not known what Twilio does.
type Switches struct {
	// EndOnWaitFailure ends a call whose wait request failed; otherwise the
	// call is kept waiting.
	EndOnWaitFailure bool `json:"end_on_wait_failure"`
	// Trial makes the account one of type Trial, with its limits.
	Trial bool `json:"trial"`
	// Verified are the numbers that a trial account's calls may be with.
	Verified []string `json:"verified,omitempty"`
	// RESTConcurrency is how many REST requests may be under way at once before
	// one is refused with 20429; 0 is any number.
	RESTConcurrency int `json:"rest_concurrency"`
}

// Alert is an entry of Twilio's debugger.
type Alert struct {
	At      string `json:"at"`
	Code    int    `json:"code"`
	CallSid string `json:"call_sid"`
	URL     string `json:"url,omitempty"`
	Message string `json:"message"`
}
