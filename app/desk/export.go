package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// Format is how a record is written.
type Format string

// The formats of a record: its callers, one line each, for a spreadsheet; and
// every fact, for a program.
const (
	CSV  Format = "csv"
	JSON Format = "json"
)

// Export is a show's whole record, ready to be written in a format.
type Export struct {
	// Name is what a file of it is called.
	Name  string
	Write func(ctx context.Context, to io.Writer) error
}

// exported is one fact of an exported record.
type exported struct {
	Seq      int64         `json:"seq"`
	At       string        `json:"at"` // RFC 3339, UTC
	Kind     call.FactKind `json:"kind"`
	Call     call.Sid      `json:"call"`
	Number   string        `json:"number"`
	Name     string        `json:"name"`
	Location string        `json:"location"`
	Topic    string        `json:"topic"`
	What     string        `json:"what"`
	// Desk is the name of the one at which it was decided, if that was given out.
	Desk string    `json:"desk,omitempty"`
	Fact call.Fact `json:"fact"`
}

// Export finds a show's record, to be written in a format by a browser to a place
// that only that knows. It is kept that there is such a file.
func (d Seat) Export(ctx context.Context, of call.Studio, show int64, format Format) (Export, *call.Error) {
	if refused := d.may(staff, of); refused != nil {
		return Export{}, refused
	}
	return d.export(ctx, of, d.Station.Seat(d.By, of), show, format, "")
}

func (r *Room) export(ctx context.Context, of call.Studio, at station.Seat, show int64, format Format, folder string) (Export, *call.Error) {
	write, ok := map[Format]func(context.Context, call.Edition, io.Writer) error{CSV: r.writeCSV, JSON: r.writeJSON}[format]
	if !ok {
		return Export{}, bad("format", "A record can be exported as csv or json.")
	}
	e, err := r.edition(ctx, of, show)
	if err != nil {
		return Export{}, r.refused("export a record", err)
	}
	name := "callin-" + time.UnixMilli(e.Opened).Format("2006-01-02-1504") + studioIn(of) + "." + string(format)
	if e.Until, err = at.Export(ctx, e, filepath.Join(folder, name)); err != nil {
		return Export{}, r.refused("export a record", err)
	}
	return Export{
		Name:  name,
		Write: func(ctx context.Context, to io.Writer) error { return write(ctx, e, to) },
	}, nil
}

// studioIn is the part of a file's name that tells a studio's from the first one's.
func studioIn(of call.Studio) string {
	if of == "" {
		return ""
	}
	return "-" + string(of)
}

// everything gives all facts of a show to each, in order.
func (r *Room) everything(ctx context.Context, e call.Edition, each func(exported) error) error {
	people := people{}
	return r.inChunks(ctx, e, func(facts []call.Fact) error {
		if err := people.learn(ctx, r.Record, facts); err != nil {
			return err
		}
		for _, f := range facts {
			who := people[f.Call]
			if err := each(exported{
				Seq: f.Seq, At: time.UnixMilli(f.At).UTC().Format("2006-01-02T15:04:05.000Z"), Kind: f.Kind, Call: f.Call,
				Number: who.number, Name: who.name, Location: who.location, Topic: who.topic, What: happened(f), Desk: r.Desks.Name(f.Desk), Fact: f,
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// inChunks gives all facts of a show to each, in order, some at a time.
func (r *Room) inChunks(ctx context.Context, e call.Edition, each func([]call.Fact) error) error {
	for from := e.Show; ; {
		facts, err := r.Record.After(ctx, e.Studio, from, e.Until, chunk)
		if err == nil {
			err = each(facts)
		}
		if err != nil || len(facts) < chunk {
			return err
		}
		from = facts[len(facts)-1].Seq + 1
	}
}

func (r *Room) writeJSON(ctx context.Context, of call.Edition, to io.Writer) error {
	between := "["
	err := r.everything(ctx, of, func(e exported) error {
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(to, "%s\n%s", between, b)
		between = ","
		return err
	})
	if err != nil {
		return err
	}
	if between == "[" {
		io.WriteString(to, between)
	}
	_, err = io.WriteString(to, "\n]\n")
	return err
}

// save writes a show's record to a file of the station's and returns its path:
// a window has no downloads.
func (r *Room) save(ctx context.Context, of call.Studio, at station.Seat, show int64, format Format) (string, error) {
	export, refused := r.export(ctx, of, at, show, format, r.Exports)
	if refused != nil {
		return "", refused
	}
	if err := os.MkdirAll(r.Exports, 0o700); err != nil {
		return "", unsaved(r, err)
	}
	f, err := os.CreateTemp(r.Exports, "record-*") // only the owner can read it
	if err != nil {
		return "", unsaved(r, err)
	}
	defer os.Remove(f.Name()) // not there any more once it is renamed
	defer f.Close()
	out := bufio.NewWriter(f)
	if err := export.Write(ctx, out); err != nil {
		return "", err
	}
	path := filepath.Join(r.Exports, export.Name)
	for _, step := range []func() error{out.Flush, f.Close, func() error { return os.Rename(f.Name(), path) }} {
		if err := step(); err != nil {
			return "", unsaved(r, err)
		}
	}
	return path, nil
}

func unsaved(r *Room, err error) *call.Error {
	r.Log.Warn("a record could not be saved", "error", err)
	return &call.Error{Code: call.CodeNotSaved, Message: "The record could not be saved in " + r.Exports + ". Free some space and see that Callin may write there."}
}
