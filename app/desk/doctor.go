package desk

// Checkup is what a doctor has found of a station, and what to hang on the studio's wall.
type Checkup struct {
	Findings []Finding `json:"findings"`
	Sheet    Emergency `json:"sheet"`
}

// Finding is one thing that was looked at.
type Finding struct {
	// ID tells it from the others, for a page or a program.
	ID    string       `json:"id"`
	State FindingState `json:"state"`
	// What is a sentence about how it is, and Do the one thing to do; empty where
	// nothing is to be done.
	What string `json:"what"`
	Do   string `json:"do,omitempty"`
	// TookMs is how long it took to look.
	TookMs int64 `json:"tookMs"`
}

// FindingState is how a finding is.
type FindingState string

// The states of a finding.
const (
	Fine     FindingState = "fine"
	Wrong    FindingState = "wrong"
	Unlooked FindingState = "unlooked" // it was not looked at, and What says why
)

// Emergency is the sheet for the studio's wall: how a show goes on by telephone, and what
// a network must let through.
type Emergency struct {
	Station string            `json:"station"`
	Studios []EmergencyStudio `json:"studios"`
	// Pin says where the PIN is, never the PIN itself.
	Pin     string `json:"pin"`
	Address string `json:"address"`
	// Firewall are sentences about what must get through.
	Firewall []string `json:"firewall"`
}

// EmergencyStudio is one studio's numbers; DialIn is empty where it has none.
type EmergencyStudio struct {
	Name   string `json:"name"`
	Number string `json:"number"`
	DialIn string `json:"dialIn,omitempty"`
}
