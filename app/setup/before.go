package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/folder"
)

// Before is what was at Twilio where Callin has changed something, so that it can be
// put back after months too. It is on disk before Twilio is asked.
type Before struct {
	path string
	// Resources are in the order in which they were first changed.
	Resources []*Was `json:"resources"`
}

// Was is a number or an app that Callin has changed or made.
type Was struct {
	Kind carrier.Kind `json:"kind"`
	// Sid is empty for an app of which it is not known whether it was made: it is
	// known by its name then.
	Sid    string             `json:"sid"`
	Name   string             `json:"name"`
	Made   bool               `json:"made,omitempty"`
	Fields map[string]Changed `json:"fields"`
}

// Changed is what a field was before Callin, and what Callin made of it last.
type Changed struct {
	Was    string `json:"was"`
	Became string `json:"became"`
}

// LoadBefore reads what is kept in dir; there may be nothing yet. dir is empty for what
// is not kept, such as a rehearsal's.
func LoadBefore(dir string) (*Before, error) {
	if dir == "" {
		return &Before{}, nil
	}
	b := &Before{path: filepath.Join(dir, "before.json")}
	text, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err == nil {
		err = json.Unmarshal(text, b)
	}
	if err != nil {
		return nil, &call.Error{Code: call.CodeSetup, Message: fmt.Sprintf("What was at Twilio before Callin cannot be read from %s. Without it nothing could be put back, so nothing is changed: see that you may read the file, or move it away.", b.path)}
	}
	return b, nil
}

// keep writes down what a step is going to change.
func (b *Before) keep(s Step) error {
	was := b.of(s.Kind, s.Sid, s.Name)
	if was == nil {
		was = &Was{Kind: s.Kind, Sid: s.Sid, Name: s.Name, Made: s.Sid == "", Fields: map[string]Changed{}}
		b.Resources = append(b.Resources, was)
	}
	if was.Sid == "" {
		was.Sid = s.Sid // a making of which nothing was heard: it is there
	}
	for _, f := range s.Fields {
		c, before := was.Fields[f.Name]
		if !before || c.Became != f.From { // somebody has changed it since
			c.Was = f.From
		}
		c.Became = f.To
		was.Fields[f.Name] = c
	}
	return b.save()
}

func (w *Was) is(kind carrier.Kind, sid, name string) bool {
	if w.Sid == "" || sid == "" {
		return w.Kind == kind && w.Name == name
	}
	return w.Kind == kind && w.Sid == sid
}

// made writes down the Sid of an app that was made.
func (b *Before) made(name, sid string) error {
	b.of(carrier.App, "", name).Sid = sid
	return b.save()
}

func (b *Before) of(kind carrier.Kind, sid, name string) *Was {
	for _, w := range b.Resources {
		if w.is(kind, sid, name) {
			return w
		}
	}
	return nil
}

// save writes the file whole or not at all.
func (b *Before) save() error {
	if b.path == "" {
		return nil
	}
	text, err := json.MarshalIndent(b, "", "\t")
	if err == nil {
		err = folder.Write(b.path, append(text, '\n'))
	}
	if err != nil {
		return &call.Error{Code: call.CodeSetup, Message: fmt.Sprintf("What was at Twilio cannot be written to %s, so nothing is changed there. Free some space, or see that Callin may write there.", b.path)}
	}
	return nil
}

// undo is what is left to do until everything is as it was; remove are the apps that are
// not needed any more then, and left the sentences about what somebody has changed since,
// which stays as it is.
func (b *Before) undo(now []carrier.Resource) (back Plan, remove []carrier.Resource, left []string) {
	for _, w := range slices.Backward(b.Resources) {
		at := slices.IndexFunc(now, func(r carrier.Resource) bool { return w.is(r.Kind, r.Sid, r.Name) })
		if at < 0 {
			continue // somebody has deleted or given it up
		}
		is := now[at]
		want, others := w.back(is, now)
		switch {
		case others:
			left = append(left, fmt.Sprintf("%s: somebody has changed it since, which stays.", w.Name))
			if !w.Made {
				back = append(back, step(is, want))
			}
		case w.Made:
			remove = append(remove, is)
		default:
			back = append(back, step(is, want))
		}
	}
	return slices.DeleteFunc(back, func(s Step) bool { return len(s.Fields) == 0 }), remove, left
}

// together are the fields that lead calls or texts somewhere with one another: put back
// one by one they would lead where nobody has meant them to.
var together = [][]string{
	{"VoiceApplicationSid", "TrunkSid", "VoiceUrl", "VoiceMethod"},
	{"VoiceFallbackUrl", "VoiceFallbackMethod"},
	{"StatusCallback", "StatusCallbackMethod"},
	{"SmsApplicationSid", "SmsUrl", "SmsMethod"},
}

// back is what the fields of a resource are to be again; others is whether somebody has
// changed some of them since, which stay with all that go together with them. A number
// does not go back to an app that is not there any more.
func (w *Was) back(is carrier.Resource, now []carrier.Resource) (want map[string]string, others bool) {
	changed := func(name string) bool {
		c, ours := w.Fields[name]
		return ours && is.Fields[name] != c.Became && is.Fields[name] != c.Was
	}
	want = map[string]string{}
	for name, c := range w.Fields {
		with := []string{name}
		for _, names := range together {
			if slices.Contains(names, name) {
				with = names
			}
		}
		switch {
		case slices.ContainsFunc(with, changed):
			others = true
		case strings.HasSuffix(name, "ApplicationSid") && !slices.ContainsFunc(now, func(r carrier.Resource) bool { return r.Sid == c.Was }):
			want[name] = ""
		default:
			want[name] = c.Was
		}
	}
	return want, others
}

// Undo puts everything at Twilio back as it was before Callin: fields of numbers and
// apps, and away what Callin has made, its keys too. Numbers that were bought stay, as
// they may be in print already. What somebody has changed since stays and is told.
func Undo(ctx context.Context, t *carrier.Twilio, station call.StationID, was *Before) (left []string, err error) {
	var now []carrier.Resource
	for _, kind := range []carrier.Kind{carrier.Number, carrier.App} {
		has, err := t.Resources(ctx, kind)
		if err != nil {
			return nil, InWords(err)
		}
		now = append(now, has...)
	}
	back, remove, left := was.undo(now)
	for _, s := range back {
		fields := map[string]string{}
		for _, f := range s.Fields {
			fields[f.Name] = f.To
		}
		if err := t.Update(ctx, s.Kind, s.Sid, fields); err != nil {
			return left, InWords(fmt.Errorf("%s: %w", s.Name, err))
		}
	}
	for _, r := range remove {
		if err := t.DeleteApp(ctx, r.Sid); err != nil && !errors.Is(err, call.ErrGone) {
			return left, InWords(fmt.Errorf("%s: %w", r.Name, err))
		}
	}
	if err := RevokeOldKeys(ctx, t, station, ""); err != nil {
		return left, InWords(err)
	}
	was.Resources = nil
	return left, was.save()
}
