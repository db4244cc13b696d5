package remote

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/picture"
)

// signOut ends the sessions of this PC's browsers: those of the station's own
// computer are its.
func (s *Seat) signOut() (json.RawMessage, *call.Error) {
	if err := s.SignOut(); err != nil {
		return nil, &call.Error{Code: call.CodeNotSaved, Message: "All browsers of this PC are signed out, but this cannot be kept: once Callin starts again they are back. Free some space and sign out once more."}
	}
	return json.RawMessage("{}"), nil
}

// ownSignal has a rehearsal's softphone signal through this PC.
func (s *Seat) ownSignal(result json.RawMessage) (json.RawMessage, *call.Error) {
	var pass map[string]any
	if json.Unmarshal(result, &pass) != nil {
		return nil, s.noStation()
	}
	if pass["signal"] == nil {
		return result, nil
	}
	pass["signal"] = s.Signal
	text, err := json.Marshal(pass)
	if err != nil {
		return nil, s.noStation()
	}
	return text, nil
}

// saveRecord saves a show's record on this PC, not on the station's computer.
func (s *Seat) saveRecord(ctx context.Context, a desk.Ask) (json.RawMessage, *call.Error) {
	var of desk.SaveBody
	if json.Unmarshal(a.Body, &of) != nil {
		return nil, &call.Error{Code: call.CodeBadBody, Message: "The page sent something that Callin cannot read. Reload the page."}
	}
	export, refused := s.Export(ctx, a.Studio, of.Show, of.Format)
	if refused != nil {
		return nil, refused
	}
	return s.saved(ctx, export)
}

// saved saves something of the station's as a file on this PC, and says where.
func (s *Seat) saved(ctx context.Context, export desk.Export) (json.RawMessage, *call.Error) {
	path, err := s.saveExport(ctx, export)
	if err != nil {
		s.Log.Warn("a record could not be saved", "error", err)
		return nil, &call.Error{Code: call.CodeNotSaved, Message: "The record could not be saved in " + s.Exports + ". Free some space and see that Callin may write there and reaches the station, then try again."}
	}
	text, _ := json.Marshal(desk.Saved{Path: path})
	return text, nil
}

func (s *Seat) saveExport(ctx context.Context, export desk.Export) (path string, err error) {
	if err := os.MkdirAll(s.Exports, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(s.Exports, "record-*") // only the owner can read it
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name()) // not there any more once it is renamed
	defer f.Close()
	out := bufio.NewWriter(f)
	path = filepath.Join(s.Exports, export.Name)
	for _, step := range []func() error{
		func() error { return export.Write(ctx, out) }, out.Flush, f.Close,
		func() error { return os.Rename(f.Name(), path) },
	} {
		if err := step(); err != nil {
			return "", err
		}
	}
	return path, nil
}

// own adds to a picture what is said of this PC: the page has one station, and warnings
// and a log of the Callin that it is a page of.
func (s *Seat) own(e desk.Event) desk.Event {
	if e.Name != "picture" {
		return e
	}
	var whole, station map[string]json.RawMessage
	var warnings []string
	var version string
	if json.Unmarshal(e.Data, &whole) != nil || json.Unmarshal(whole["station"], &station) != nil || station == nil {
		return e
	}
	if said := station["warnings"]; said != nil && json.Unmarshal(said, &warnings) != nil {
		return e
	}
	station["warnings"], _ = json.Marshal(append(warnings, s.Warnings...)) // texts
	_ = json.Unmarshal(station["version"], &version)                       // an older station has none
	if version != s.Version {
		station["version"], _ = json.Marshal(s.Version + "; the station: " + cmp.Or(version, "an older Callin"))
	}
	station["log"], _ = json.Marshal(s.LogFile)
	if delete(station, "policy"); len(s.Policy) > 0 {
		station["policy"], _ = json.Marshal(s.Policy)
	}
	var err error
	if whole["station"], err = json.Marshal(station); err != nil {
		return e
	}
	if data, err := json.Marshal(whole); err == nil {
		e.Data = data
	}
	return e
}

// countWithin is how long the station may take to say who is on air, while a window
// waits to be closed.
const countWithin = time.Second

// OnAir is how many callers this desk has on air through its phone; one when the station
// does not say, as the phone goes on without it.
func (s *Seat) OnAir() int {
	if s.life.Err() != nil || !s.reached.Load() {
		return 0
	}
	ctx, cancel := context.WithTimeout(context.Background(), countWithin)
	defer cancel()
	feed := s.Attach(-1)
	defer feed.Close()
	for {
		e, err := feed.Next(ctx)
		if err != nil {
			return 1
		}
		var p picture.Picture
		if e.Name == "picture" && json.Unmarshal(e.Data, &p) == nil {
			return onAirBy(p)
		}
	}
}

func onAirBy(p picture.Picture) (n int) {
	for _, line := range p.Lines {
		if !line.Phone || line.Desk != p.You {
			continue
		}
		for _, c := range p.Cards {
			if c.Place.OnAir() && (c.Place.Name == line.Name || c.Place.Kind == call.Bridge && line.Direct) {
				n++
			}
		}
	}
	return n
}
