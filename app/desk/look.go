package desk

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/plain"
)

// PageLine is a finding's ID that only a page can make: the station's doctor has the line,
// and a page's finding comes in its place.
type PageLine string

// The lines of a page.
const (
	Microphone PageLine = "microphone"
	Output     PageLine = "output"
	Sound      PageLine = "sound"
	Signalling PageLine = "signalling"
	Lanes      PageLine = "lanes"   // with several only
	Ducking    PageLine = "ducking" // on Windows only
)

// pageLines are all, in the order in which they are told.
var pageLines = []PageLine{Microphone, Output, Sound, Signalling, Lanes, Ducking}

const (
	// pagesLookWithin is how long open pages are waited for: a page's test call ends after
	// 16 s at the latest.
	pagesLookWithin = 18 * time.Second
	// longestFinding is the most characters of each of a page's sentences.
	longestFinding = 300
)

// DoctorBody says whether the open pages are to look too, as a terminal asks, which sees
// nothing of them. A page looks for itself.
type DoctorBody struct {
	Pages bool `json:"pages"`
}

// LookedBody is what a page has found, for a question of the feed's.
type LookedBody struct {
	Look     string        `json:"look" need:"yes" max:"40"`
	Findings []PageFinding `json:"findings" need:"yes"`
}

// PageFinding is a Finding of a page's.
type PageFinding struct {
	ID     PageLine     `json:"id" need:"yes"`
	State  FindingState `json:"state" need:"yes"`
	What   string       `json:"what" need:"yes"`
	Do     string       `json:"do"`
	TookMs int64        `json:"tookMs" need:"yes"`
}

// findings are those of a page, made fit to be printed elsewhere: a microphone's name is
// whatever its maker, or a page, wrote.
func (b LookedBody) findings(at string) (all []Finding, refused *call.Error) {
	wrong := bad("findings", `The page sent a wrong "findings". Reload the page.`)
	if len(b.Findings) > len(pageLines) {
		return nil, wrong
	}
	for _, f := range b.Findings {
		what := plain.Cut(plain.Line(f.What), longestFinding)
		if what == "" || !slices.Contains(pageLines, f.ID) || !slices.Contains([]FindingState{Fine, Wrong, Unlooked}, f.State) {
			return nil, wrong
		}
		all = append(all, Finding{ID: string(f.ID), State: f.State, What: "At " + at + ": " + what, Do: plain.Cut(plain.Line(f.Do), longestFinding), TookMs: f.TookMs})
	}
	return all, nil
}

// looks are the questions to the open pages that are not answered yet.
type looks struct {
	mu       sync.Mutex
	awaiting map[string]chan<- []Finding
}

func (l *looks) ask() (look string, answer <-chan []Finding) {
	look = rand.Text()
	first := make(chan []Finding, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.awaiting == nil {
		l.awaiting = map[string]chan<- []Finding{}
	}
	l.awaiting[look] = first
	return look, first
}

// end is who waits for the answer to a question, which is no more one then; nil where
// nobody does.
func (l *looks) end(look string) chan<- []Finding {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := l.awaiting[look]
	delete(l.awaiting, look)
	return first
}

// looked takes in what a page has found. The first answer counts.
func (a asked) looked(b LookedBody) error {
	found, refused := b.findings(a.by.Name)
	if refused != nil {
		return refused
	}
	first := a.looks.end(b.Look)
	if first == nil {
		return &call.Error{Code: call.CodeNotAsked, Message: "Nobody waits for what this page has found. Press Doctor to see it."}
	}
	first <- found
	return nil
}

// examine looks the station over, and has open pages look beside it where that is asked:
// at the station's own computer alone, as it opens the microphones of others.
func (a asked) examine(ctx context.Context, b DoctorBody) (Checkup, error) {
	if !b.Pages {
		return a.Doctor(ctx)
	}
	if a.by.ID != "" {
		return Checkup{}, &call.Error{Code: call.CodeNotAllowed, Message: "Only the station's own computer has other desks' pages look. Press Doctor there."}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pages := make(chan func([]Finding) []Finding, 1)
	go func() { pages <- a.askPages(ctx) }()
	found, err := a.Doctor(ctx)
	if err == nil {
		found.Findings = (<-pages)(found.Findings)
	}
	return found, err
}

// askPages asks the pages of desks that talk to callers, and is what to make of a
// station's findings then: the first page's stand in their place, or why there are none.
func (a asked) askPages(ctx context.Context) func([]Finding) []Finding {
	look, answer := a.looks.ask()
	defer a.looks.end(look)
	open := a.Station.Look(look, talkers)
	if len(open) == 0 {
		return noPage("No desk is open that talks to callers.")
	}
	late := time.NewTimer(pagesLookWithin)
	defer late.Stop()
	select {
	case found := <-answer:
		return func(station []Finding) []Finding { return together(station, found) }
	case <-late.C:
	case <-ctx.Done():
	}
	var names []string
	for _, d := range open {
		names = append(names, d.Name)
	}
	return noPage(strings.Join(names, " and ") + " did not answer in time.")
}

// noPage says why no page looked, at each line that is a page's.
func noPage(why string) func([]Finding) []Finding {
	return func(station []Finding) []Finding {
		for i, f := range station {
			if slices.Contains(pageLines, PageLine(f.ID)) {
				station[i].What = why + " " + f.What
			}
		}
		return station
	}
}

// together are a station's findings with a page's in the place of those that only a page
// can make.
func together(station, page []Finding) []Finding {
	all := slices.Clone(station)
	for _, f := range page {
		if i := slices.IndexFunc(all, func(of Finding) bool { return of.ID == f.ID }); i >= 0 {
			all[i] = f
		} else {
			all = append(all, f)
		}
	}
	return all
}
