package desk

import (
	"fmt"
	"net/http"
)

// Protocol is what a station and a desk elsewhere say of the language between their
// doors: the number of the one that a side speaks, and the lowest that it understands.
// What one side does not know of a message, it passes over: the number rises only when
// that is not enough.
type Protocol struct{ Speaks, Oldest int }

// SpokenHere is this Callin's.
var SpokenHere = Protocol{1, 1}

// protocolHeader has it in every request of a PC, and in every answer of a station's door.
const protocolHeader = "Callin-Protocol"

// Tell says a side's protocol to the other one.
func (p Protocol) Tell(to http.Header) {
	to.Set(protocolHeader, fmt.Sprintf("%d %d", p.Speaks, p.Oldest))
}

// HeardProtocol is that of the other side. Who says none is of before there were numbers.
func HeardProtocol(from http.Header) Protocol {
	p := Protocol{1, 1}
	if n, err := fmt.Sscanf(from.Get(protocolHeader), "%d %d", &p.Speaks, &p.Oldest); err != nil || n != 2 {
		return Protocol{1, 1}
	}
	return p
}

// TooOldFor reports whether a side does not speak what the other one understands.
func (p Protocol) TooOldFor(other Protocol) bool { return p.Speaks < other.Oldest }
