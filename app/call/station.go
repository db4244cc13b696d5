package call

import (
	"crypto/rand"
	"strings"
)

// StationID is a station's own id at Twilio: another station may use the same
// account, and must not get this one's callers. Without one ("") names are as
// they are.
type StationID string

// idLength leaves one chance in a billion for two of a hundred stations.
const idLength = 8

// NewStationID makes an id of small letters and digits.
func NewStationID() StationID { return StationID(strings.ToLower(rand.Text()[:idLength])) }

// AtTwilio is what Twilio calls a queue or a line of this station's.
func (id StationID) AtTwilio(name string) string {
	if id == "" {
		return name
	}
	return "callin-" + string(id) + "-" + name
}

// OurName is what this station calls a queue or a line of Twilio's; empty when it is
// not this station's.
func (id StationID) OurName(atTwilio string) string {
	if id == "" {
		return atTwilio
	}
	name, ours := strings.CutPrefix(atTwilio, id.AtTwilio(""))
	if !ours {
		return ""
	}
	return name
}

// ownDesk is what the desk on the station's own computer is called at Twilio. No other
// one's id is as short.
const ownDesk = "studio"

// DeskIdentity is what Twilio calls the softphone of a desk of this station: letters,
// digits and underscores (Twilio: access tokens).
func (id StationID) DeskIdentity(of DeskID) string {
	if of == "" {
		of = ownDesk
	}
	return id.desks() + string(of)
}

// DeskOf is the desk whose softphone has an identity; false when it is none of this
// station's.
func (id StationID) DeskOf(identity string) (DeskID, bool) {
	of, ok := strings.CutPrefix(identity, id.desks())
	if of == ownDesk {
		return "", ok
	}
	return DeskID(of), ok && of != ""
}

// CheckIdentity is what Twilio calls a desk's softphone while it tries the way there: it
// is no desk's, so that it is on no line whatever it asks for.
func (id StationID) CheckIdentity(of DeskID) string {
	if of == "" {
		of = ownDesk
	}
	return id.checks() + string(of)
}

// IsCheck reports whether an identity is one that only tries the way.
func (id StationID) IsCheck(identity string) bool { return strings.HasPrefix(identity, id.checks()) }

func (id StationID) checks() string { return "callincheck_" + string(id) + "_" }

func (id StationID) desks() string {
	if id == "" {
		return "callin_"
	}
	return "callin_" + string(id) + "_"
}
