package desk

import (
	"context"
	"errors"
	"math"
	"strings"
	"unicode/utf8"

	"callin/app/call"
	"callin/app/station"
)

// Record is what the station keeps of its shows.
type Record interface {
	// Editions are the shows of a studio, the last one first.
	Editions(ctx context.Context, of call.Studio) ([]call.Edition, error)
	// Before and After give at most most facts of a studio's and of the station's as
	// a whole from number from to before number until: the last ones, backwards, or
	// the first ones.
	Before(ctx context.Context, of call.Studio, from, until int64, most int) ([]call.Fact, error)
	After(ctx context.Context, of call.Studio, from, until int64, most int) ([]call.Fact, error)
	// About gives the facts that say who the callers of calls are, in order.
	About(ctx context.Context, calls []call.Sid) ([]call.Fact, error)
	// OfCalls gives all facts of some calls, and OfKinds those of some kinds from
	// number from to before number until, in order.
	OfCalls(ctx context.Context, calls []call.Sid) ([]call.Fact, error)
	OfKinds(ctx context.Context, from, until int64, kinds ...call.FactKind) ([]call.Fact, error)
	// CallsOf are the calls of a number, and Forget blanks a person's data, by number.
	CallsOf(ctx context.Context, number string) ([]call.Sid, error)
	Forget(ctx context.Context, number string) (call.Erased, error)
}

// RecordLine is one line of a show's record: a caller who rang in then, with the
// steps of the call folded in, or something that happened to the station.
type RecordLine struct {
	Seq int64 `json:"seq"`
	At  int64 `json:"at"`
	// What is what happened, or what became of the caller.
	What   string      `json:"what"`
	Failed []string    `json:"failed"` // what failed, in words
	Caller *CallerLine `json:"caller,omitempty"`
	Steps  []Step      `json:"steps"`
}

// Page is a part of a record, newest first.
type Page struct {
	Lines []RecordLine `json:"lines"`
	// Before is where the next page begins, 0 after the last one.
	Before int64 `json:"before"`
}

const (
	// pageSize is the most lines of a page.
	pageSize = 100
	// chunk is how many facts are read at once. Between two chunks the journal
	// is free for what happens on air.
	chunk = 500
)

var errNoShow = &call.Error{Code: call.CodeNoSuchShow, Message: "There is no record of this show. Its facts may have been removed by age."}

// edition finds a studio's show by the number of the fact that opened it.
func (r *Room) edition(ctx context.Context, of call.Studio, show int64) (call.Edition, error) {
	editions, err := r.Record.Editions(ctx, of)
	if err != nil {
		return call.Edition{}, err
	}
	for _, e := range editions {
		if e.Show == show {
			if e.Until == 0 {
				e.Until = math.MaxInt64
			}
			return e, nil
		}
	}
	return call.Edition{}, errNoShow
}

// page is one page of a show's record: the lines before number before, or the last
// ones, that have all words of the search in them and, if asked for, something that
// failed.
func (r *Room) page(ctx context.Context, of call.Studio, asked RecordBody) (Page, error) {
	e, err := r.edition(ctx, of, asked.Show)
	if err != nil {
		return Page{}, err
	}
	before := asked.Before
	if before <= 0 || before > e.Until {
		before = e.Until
	}
	around, err := r.Record.OfKinds(ctx, e.Show, math.MaxInt64, call.PhoneSet, call.ClockSet)
	if err != nil {
		return Page{}, err
	}
	words := strings.Fields(strings.ToLower(asked.Search))
	page := Page{Lines: []RecordLine{}}
	for {
		facts, err := r.Record.Before(ctx, of, e.Show, before, chunk)
		if err != nil {
			return Page{}, err
		}
		lines, err := r.lines(ctx, of, facts, around)
		if err != nil {
			return Page{}, err
		}
		for _, line := range lines {
			if asked.Failed && len(line.Failed) == 0 || !line.matches(words) {
				continue
			}
			if len(page.Lines) == pageSize {
				page.Before = page.Lines[pageSize-1].Seq
				return page, nil
			}
			page.Lines = append(page.Lines, line)
		}
		if len(facts) < chunk {
			return page, nil
		}
		before = facts[len(facts)-1].Seq
	}
}

// lines are those of some facts of a studio, the last one first: each caller's stands
// where the call came to the studio first and tells all of it there, also what came
// later. Around are the facts of phones and clocks, by which calls are told.
func (r *Room) lines(ctx context.Context, of call.Studio, facts, around []call.Fact) ([]RecordLine, error) {
	var came []call.Sid
	for _, f := range facts {
		if f.Kind == call.Arrived || brought(f, of) {
			came = append(came, f.Call)
		}
	}
	told := r.follow(of, 0, true)
	if len(came) > 0 {
		calls, err := r.Record.OfCalls(ctx, came)
		if err != nil {
			return nil, err
		}
		inOrder(calls, around, told.apply)
	}
	byHand := map[call.Sid]bool{}
	for _, f := range around {
		if f.Kind == call.PhoneSet && call.PhoneMode(f.Code) == call.PhoneByHand {
			byHand[f.Call] = true
		}
	}
	var lines []RecordLine
	for _, f := range facts {
		line := RecordLine{Seq: f.Seq, At: f.At, Failed: []string{}, Steps: []Step{}}
		if w := told.of[f.Call]; w != nil {
			if f.Seq != w.came {
				continue
			}
			caller := w.line(r.Station.Now)
			line.Caller, line.Steps, line.Failed, line.What = &caller, w.steps, caller.Failed, caller.summary()
		} else {
			what, failed := ofStation(f, byHand)
			if what == "" {
				continue
			}
			line.What = what
			if failed {
				line.Failed = []string{what}
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// inOrder gives the facts of two lists, which have none in common, to each.
func inOrder(a, b []call.Fact, each func(call.Fact)) {
	for len(a) > 0 || len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0].Seq < b[0].Seq {
			each(a[0])
			a = a[1:]
		} else {
			each(b[0])
			b = b[1:]
		}
	}
}

// matches reports whether each of the words, in lower case, is in the line.
// Digits match a number however it is grouped.
func (l RecordLine) matches(words []string) bool {
	if len(words) == 0 {
		return true
	}
	var text strings.Builder
	text.WriteString(l.What)
	if c := l.Caller; c != nil {
		text.WriteString("\n" + c.Name + "\n" + c.Number + "\n" + c.Location + "\n" + c.Topic)
	}
	for _, step := range l.Steps {
		text.WriteString("\n" + step.What)
	}
	low := strings.ToLower(text.String())
	for _, w := range words {
		if !strings.Contains(low, w) {
			return false
		}
	}
	return true
}

// person is who the caller of a call is, as last known.
type person struct {
	number, name, location, topic string
}

type people map[call.Sid]person

// learn finds out who the callers of facts are, as far as not known yet.
func (p people) learn(ctx context.Context, record Record, facts []call.Fact) error {
	var unknown []call.Sid
	for _, f := range facts {
		if _, ok := p[f.Call]; !ok && f.Call != "" {
			p[f.Call] = person{}
			unknown = append(unknown, f.Call)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	about, err := record.About(ctx, unknown)
	for _, f := range about {
		who := p[f.Call]
		who.learn(f)
		p[f.Call] = who
	}
	return err
}

// learn takes in what a fact says of who somebody is.
func (p *person) learn(f call.Fact) {
	for field, told := range map[*string]*string{&p.number: f.Number, &p.name: f.Name, &p.location: f.Location, &p.topic: f.Topic} {
		if told != nil {
			*field = *told
		}
	}
}

// forget has a person's data deleted.
func (r *Room) forget(ctx context.Context, at station.Seat, number string) (Forgotten, error) {
	number = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(number)
	if len(number) < 3 || number[0] != '+' || strings.Trim(number[1:], "0123456789") != "" || utf8.RuneCountInString(number) > 16 {
		return Forgotten{}, bad("number", "Write the number with its country, such as +1 201 555 0100.")
	}
	var erased call.Erased
	err := at.Forget(ctx, number, func(ctx context.Context, number string) (_ []call.SavedFile, err error) {
		if err := r.eraseTracks(ctx, number); err != nil { // first: then nothing tells whose calls they were
			return nil, err
		}
		erased, err = r.Record.Forget(ctx, number)
		return erased.Files, err
	})
	var refused *call.Error
	if errors.As(err, &refused) && len(erased.Files) > 0 { // once blanked, nothing tells of the files any more
		err = &call.Error{Code: refused.Code, Message: refused.Message + " " + mayHold(erased.Files) + "."}
	}
	return Forgotten{
		Calls: erased.Calls,
		Files: append([]call.SavedFile{}, erased.Files...), Aside: append([]string{}, erased.Aside...),
	}, err
}
