package call

import (
	"strconv"
	"strings"
)

// A station's queues and lines have names of which there is one each in the station.
// Those of the first studio and of the desk on the station's own computer are the
// plain words, so that the journals of Callins that knew one studio mean the same.
const (
	// OnAir and Screening are the queues of the first studio; the first feeds the air.
	OnAir     = "on-air"
	Screening = "screening"
	// AirLine is the line of the first studio, which goes to air: its first lane's. Those of
	// the others are laneLine with their numbers, lane2 and so on.
	AirLine  = "studio"
	laneLine = "lane"
	// talkbackLine is the line on which the host of a studio with several lanes is talked
	// to alone.
	talkbackLine = "talkback"
	// ownLine is the line on which the desk of the station's own computer talks off air.
	ownLine = "desk"
	// Fallback is the queue in which Twilio lets callers wait by itself while it does
	// not reach Callin. It is no studio's, and outlives shows.
	Fallback = "callin-fallback"
)

// Queues are the names of the studio's queues, the one that feeds the air first.
func (s Studio) Queues() []string { return []string{s.named(OnAir), s.named(Screening)} }

// OnAir, Screening and Line are what the studio calls those queues and its line.
func (s Studio) OnAir() string     { return s.named(OnAir) }
func (s Studio) Screening() string { return s.named(Screening) }
func (s Studio) Line() string      { return s.named(AirLine) }

// MostLanes is how many lanes a studio can have.
const MostLanes = 6

// Lane is the line of one of the studio's lanes, which are counted from 1.
func (s Studio) Lane(n int) string {
	if n == 1 {
		return s.Line()
	}
	return s.named(laneLine + strconv.Itoa(n))
}

// Lanes are the lines of the studio's first so many lanes; one at least.
func (s Studio) Lanes(most int) []string {
	lanes := []string{s.Line()}
	for n := 2; n <= most; n++ {
		lanes = append(lanes, s.Lane(n))
	}
	return lanes
}

// Talkback is the line on which the host of a studio with several lanes is talked to
// alone, by a phone of the host's that is heard on no lane.
func (s Studio) Talkback() string { return s.named(talkbackLine) }

// TalkbackOf is the studio whose talkback line a name is; false when it is none's.
func TalkbackOf(line string) (Studio, bool) {
	of, ok := nameOf(talkbackLine, line)
	return Studio(of), ok
}

// LaneOf is the studio whose lane a line is, and which; false when it is none's.
func LaneOf(line string) (of Studio, n int, ok bool) {
	for n := 1; n <= MostLanes; n++ {
		base := AirLine
		if n > 1 {
			base = laneLine + strconv.Itoa(n)
		}
		if of, ok := nameOf(base, line); ok {
			return Studio(of), n, true
		}
	}
	return "", 0, false
}

func (s Studio) named(base string) string { return named(base, string(s)) }

// Line is the desk's own line, for talking off air.
func (d DeskID) Line() string { return named(ownLine, string(d)) }

func named(base, of string) string {
	if of == "" {
		return base
	}
	return base + "-" + of
}

// nameOf is whose a name is that was made from base; false when it was not.
func nameOf(base, name string) (of string, ok bool) {
	if name == base {
		return "", true
	}
	of, ok = strings.CutPrefix(name, base+"-")
	return of, ok && of != ""
}

// StudioOf is the studio whose queue or line has a name; false when it is none's.
func StudioOf(name string) (Studio, bool) {
	for _, base := range []string{OnAir, Screening, talkbackLine} {
		if of, ok := nameOf(base, name); ok {
			return Studio(of), true
		}
	}
	of, _, ok := LaneOf(name)
	return of, ok
}

// DeskOf is the desk whose own line has a name; false when it is none's.
func DeskOf(line string) (DeskID, bool) {
	of, ok := nameOf(ownLine, line)
	return DeskID(of), ok
}
