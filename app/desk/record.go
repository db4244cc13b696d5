package desk

import (
	"context"
	"errors"
	"math"
	"strings"
	"unicode/utf8"

	"callin/app/call"
)

// Record is what the station keeps of its shows.
type Record interface {
	// Editions are the shows, the last one first.
	Editions(ctx context.Context) ([]call.Edition, error)
	// Before and After give at most most facts from number from to before
	// number until: the last ones, backwards, or the first ones.
	Before(ctx context.Context, from, until int64, most int) ([]call.Fact, error)
	After(ctx context.Context, from, until int64, most int) ([]call.Fact, error)
	// About gives the facts that say who the callers of calls are, in order.
	About(ctx context.Context, calls []call.Sid) ([]call.Fact, error)
	// Forget blanks a person's data, by number.
	Forget(ctx context.Context, number string) (call.Erased, error)
}

// Entry is one fact of a show's record, in words.
type Entry struct {
	Seq    int64    `json:"seq"`
	At     int64    `json:"at"`
	Kind   string   `json:"kind"` // the kind of fact
	Call   call.Sid `json:"call"` // empty when it is about no caller
	Number string   `json:"number"`
	Name   string   `json:"name"`
	What   string   `json:"what"`
}

// Page is a part of a record, newest first.
type Page struct {
	Entries []Entry `json:"entries"`
	// Before is where the next page begins, 0 after the last one.
	Before int64 `json:"before"`
}

const (
	// pageSize is the most entries of a page.
	pageSize = 200
	// chunk is how many facts are read at once. Between two chunks the journal
	// is free for what happens on air.
	chunk = 500
)

var errNoShow = &call.Error{Code: call.CodeNoSuchShow, Message: "There is no record of this show. Its facts may have been removed by age."}

// edition finds a show by the number of the fact that opened it.
func (r *Room) edition(ctx context.Context, show int64) (call.Edition, error) {
	editions, err := r.Record.Editions(ctx)
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

// page is one page of a show's record: the entries before number before, or the
// last ones, that have all words of search in them.
func (r *Room) page(ctx context.Context, show int64, search string, before int64) (Page, error) {
	e, err := r.edition(ctx, show)
	if err != nil {
		return Page{}, err
	}
	if before <= 0 || before > e.Until {
		before = e.Until
	}
	words := strings.Fields(strings.ToLower(search))
	people := people{}
	page := Page{Entries: []Entry{}}
	for {
		facts, err := r.Record.Before(ctx, e.Show, before, chunk)
		if err == nil {
			err = people.learn(ctx, r.Record, facts)
		}
		if err != nil {
			return Page{}, err
		}
		for _, f := range facts {
			before = f.Seq
			entry := people.entry(f)
			if !entry.matches(words) {
				continue
			}
			if len(page.Entries) == pageSize {
				page.Before = page.Entries[pageSize-1].Seq
				return page, nil
			}
			page.Entries = append(page.Entries, entry)
		}
		if len(facts) < chunk {
			return page, nil
		}
	}
}

// matches reports whether each of the words, in lower case, is in the entry.
// Digits match a number however it is grouped.
func (e Entry) matches(words []string) bool {
	text := strings.ToLower(e.Name + "\n" + e.Number + "\n" + e.What)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// person is who the caller of a call is, as last known.
type person struct {
	number, name, location, topic string
	caller                        bool // else it is a phone of the desk's
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
		who.caller = true
		for field, told := range map[*string]*string{&who.number: f.Number, &who.name: f.Name, &who.location: f.Location, &who.topic: f.Topic} {
			if told != nil {
				*field = *told
			}
		}
		p[f.Call] = who
	}
	return err
}

func (p people) entry(f call.Fact) Entry {
	who := p[f.Call]
	if !who.caller {
		f.Call = ""
	}
	return Entry{Seq: f.Seq, At: f.At, Kind: string(f.Kind), Call: f.Call, Number: who.number, Name: who.name, What: happened(f)}
}

// forget has a person's data deleted.
func (r *Room) forget(ctx context.Context, number string) (Forgotten, error) {
	number = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(number)
	if len(number) < 3 || number[0] != '+' || strings.Trim(number[1:], "0123456789") != "" || utf8.RuneCountInString(number) > 16 {
		return Forgotten{}, bad("number", "Write the number with its country, such as +1 201 555 0100.")
	}
	var erased call.Erased
	err := r.Studio.Forget(ctx, number, func(ctx context.Context, number string) (_ []call.SavedFile, err error) {
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
