package tracks

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"callin/app/call"
	"callin/app/folder"
	"callin/app/plain"
)

// The files of a time line. What it says is in the first one; the others are made of it, for
// Reaper's list of markers and regions, and for Adobe Audition's markers.
const (
	lineFile     = "timeline.json"
	reaperFile   = "reaper-markers.csv"
	auditionFile = "audition-markers.csv"
)

// timeline says who was on which lane when. Its positions are samples of the files.
type timeline struct {
	Studio call.Studio `json:"studio"`
	Show   int64       `json:"show"`
	Opened int64       `json:"opened"` // milliseconds since 1970, as Began
	// Began is when sample 0 was heard, and Rate how many there are in a second.
	Began int64 `json:"began"`
	Rate  int   `json:"rate"`
	// Tracks are the files, the host's first.
	Tracks []string `json:"tracks"`
	Takes  []take   `json:"takes"`
	Spans  []span   `json:"spans"`
	Marks  []mark   `json:"marks"`

	// heardAt is when the sample heard was, by the latest chunk.
	heard, heardAt int64
}

// take is one run of a page's clock: its sample From is the files' sample At.
type take struct {
	ID   string      `json:"id"`
	Desk call.DeskID `json:"desk"`
	From int64       `json:"from"`
	At   int64       `json:"at"`
}

// span is a caller on a lane, up to the sample To; without To until the end of what there is.
type span struct {
	Lane  int        `json:"lane"`
	Call  call.Sid   `json:"call"`
	Name  string     `json:"name"`
	State call.State `json:"state"`
	From  int64      `json:"from"`
	To    *int64     `json:"to,omitempty"`
	// Shared is whether others may have been on the lane, too.
	Shared bool `json:"shared,omitempty"`
	// Seconds is From as a time of the files.
	Seconds float64 `json:"seconds"`
}

// mark is something at one moment.
type mark struct {
	At   int64  `json:"at"`
	What string `json:"what"`
}

func readTimeline(dir string) (*timeline, error) {
	text, err := os.ReadFile(filepath.Join(dir, lineFile))
	if err != nil {
		return nil, err
	}
	l := &timeline{}
	if err := json.Unmarshal(text, l); err != nil {
		return nil, fmt.Errorf("%s in %s: %w", lineFile, dir, err)
	}
	if l.Rate < lowestRate || l.Rate > highestRate {
		return nil, fmt.Errorf("%s in %s has the rate %d", lineFile, dir, l.Rate)
	}
	return l, nil
}

// write has the files of the time line whole, each by itself.
func (l *timeline) write(dir string) error {
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(
		folder.Write(filepath.Join(dir, lineFile), append(text, '\n')),
		folder.Write(filepath.Join(dir, reaperFile), l.reaper()),
		folder.Write(filepath.Join(dir, auditionFile), l.audition()),
	)
}

func (l *timeline) mark(at int64, what string) { l.Marks = append(l.Marks, mark{at, what}) }

// anchor takes in when a sample was heard. What comes late says nothing of now.
func (l *timeline) anchor(at, heard int64) {
	if at >= l.heard {
		l.heard, l.heardAt = at, heard
	}
}

// position is the sample that was heard at a time, once there is an anchor.
func (l *timeline) position(ms int64) int64 {
	return max(0, l.heard+samples(ms-l.heardAt, l.Rate))
}

// change takes in who is on the lanes now, and reports whether that is anything new.
func (l *timeline) change(now int64, lanes []OnLane) (changed bool) {
	stays := map[OnLane]bool{}
	for i := range l.Spans {
		s := &l.Spans[i]
		if s.To != nil {
			continue
		}
		if on := s.same(lanes); on != nil {
			stays[*on] = true
			name := plain.Line(on.Name)
			changed = changed || s.Name != name
			s.Name = name
			continue
		}
		end := max(s.From, l.position(s.left(now, lanes)))
		s.To, changed = &end, true
	}
	for _, on := range lanes {
		if !stays[on] {
			from := l.position(on.Since)
			l.Spans = append(l.Spans, span{
				Lane: on.Lane, Call: on.Call, Name: plain.Line(on.Name), State: on.State,
				From: from, Shared: on.Shared, Seconds: float64(from) / float64(l.Rate),
			})
			changed = true
		}
	}
	return changed
}

// same is who is on the lane still as it was; nil for nobody.
func (s *span) same(lanes []OnLane) *OnLane {
	for i, on := range lanes {
		if on.Lane == s.Lane && on.Call == s.Call && on.State == s.State && on.Shared == s.Shared {
			return &lanes[i]
		}
	}
	return nil
}

// left is when who was on a lane was so no more: when they stood there otherwise, on a lane for one when the next one
// came, or now.
func (s *span) left(now int64, lanes []OnLane) int64 {
	for _, on := range lanes {
		if on.Lane == s.Lane && (on.Call == s.Call || !s.Shared) {
			return min(now, on.Since)
		}
	}
	return now
}

// words are what a span is called in a list of markers.
func (s span) words() string {
	who := s.Name
	if who == "" {
		who = "a caller"
	}
	words := fmt.Sprintf("Lane %d: %s", s.Lane, who)
	switch s.State {
	case call.Held:
		words += ", on hold"
	case call.Deck:
		words += ", on deck"
	}
	return words
}

// reaper is the time line as Reaper's list of markers and regions is imported: regions for
// what is over, markers for the rest.
func (l *timeline) reaper() []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	row := func(kind string, n int, words string, from int64, to *int64) {
		cells := []string{fmt.Sprint(kind, n), words, l.clock(from), "", ""}
		if to != nil {
			cells[3], cells[4] = l.clock(*to), l.clock(*to-from)
		}
		out.Write(cells)
	}
	out.Write([]string{"#", "Name", "Start", "End", "Length"})
	markers, regions := 0, 0
	for _, m := range l.Marks {
		markers++
		row("M", markers, m.What, m.At, nil)
	}
	for _, s := range l.Spans {
		if s.To == nil {
			markers++
			row("M", markers, s.words(), s.From, nil)
		} else {
			regions++
			row("R", regions, s.words(), s.From, s.To)
		}
	}
	out.Flush()
	return b.Bytes()
}

// audition is the time line as Adobe Audition imports markers: separated by tabs, whatever
// the file's name says.
func (l *timeline) audition() []byte {
	var b bytes.Buffer
	b.WriteString("Name\tStart\tDuration\tTime Format\tType\tDescription\n")
	row := func(words string, from, length int64) {
		fmt.Fprintf(&b, "%s\t%s\t%s\tdecimal\tCue\t\n", strings.ReplaceAll(words, "\t", " "), l.clock(from), l.clock(length))
	}
	for _, m := range l.Marks {
		row(m.What, m.At, 0)
	}
	for _, s := range l.Spans {
		length := int64(0)
		if s.To != nil {
			length = *s.To - s.From
		}
		row(s.words(), s.From, length)
	}
	return b.Bytes()
}

// clock is a position as both programs read a time: 1:02:03.456, without hours 2:03.456.
func (l *timeline) clock(at int64) string {
	ms := at * 1000 / int64(l.Rate)
	h, m, s := ms/3_600_000, ms/60_000%60, ms/1000%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d.%03d", h, m, s, ms%1000)
	}
	return fmt.Sprintf("%d:%02d.%03d", m, s, ms%1000)
}
