// Package pairing knows which desks belong to a station, pairs each with a PC or a
// browser by a one-time code, and says who is let in from then on.
//
// Open reads the desks of a folder. A manager's Add makes a desk and its code; Code
// makes another one. Who types the code is paired by Pair and gets a secret, which
// Admit knows again at every request, together with a context that ends when it is
// let in no longer. Rename, SetRoles and SetStudios change a desk, EndSession and
// SignOut end what it is signed in with, and Revoke ends the desk. Desks lists them
// in the order in which they were added, Changed tells when that is worth showing
// anew, and Name says who a desk was, also once it is revoked. AddKey makes a roll-out
// key, by which Join makes many PCs desks, each of them one of its own.
//
// A desk is one seat, with one softphone and one line, so it is signed in at one
// place at a time: a new pairing ends the earlier one. Whoever loses a PC is safe
// from it with the next pairing, and who works at two places has two desks.
//
// What is decided is on the disk before it is answered. What gives rights counts
// only once it is there; what takes them away counts at once, and an error with
// call.CodeNotSaved then says that a restart would undo it.
package pairing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/locked"
)

// mostDesks is how many desks a station can have.
const mostDesks = 200

// Kind is what a desk is signed in with.
type Kind string

// What a desk can be signed in with.
const (
	PC      Kind = "pc"      // until it is ended
	Browser Kind = "browser" // for BrowserLife
)

// BrowserLife is how long a browser stays signed in, however often it is used.
const BrowserLife = 30 * 24 * time.Hour

// Desk is a desk of the station and what it is signed in with.
type Desk struct {
	call.Desk
	// Paired is when that was last done; zero until it is for the first time.
	Paired time.Time `json:"paired,omitzero"`
	// Seen is the station's day on which it last asked for something, such as
	// 2026-10-03. The disk has it with the next change, or by Close.
	Seen string `json:"seen,omitempty"`
	// With is what it is signed in with; empty for nothing.
	With Kind `json:"with,omitempty"`
	// Until is when that ends by itself; zero for never.
	Until time.Time `json:"until,omitzero"`
}

// Options are what a book needs to know.
type Options struct {
	// Station is whose desks they are: a secret is of no use at another one.
	Station call.StationID
	// OwnManager is whether the desk on the station's own computer is a manager, so
	// that no other has to be left.
	OwnManager bool
	// Guessed tells that codes became void because wrong ones were typed. It may ask
	// the book.
	Guessed func(*call.Error)
	Log     *slog.Logger
}

// Book is the desks of one station. Its folder is one process's.
type Book struct {
	Options
	dir     string
	changed chan struct{}
	damaged string

	// writing is held from a decision until the disk has it, so that each is made on
	// what the one before has left.
	writing sync.Mutex
	state   *locked.Value[*state]
}

// state is what counts now. Nobody waits for the disk while it is locked, as every
// request of a desk needs it.
type state struct {
	kept
	// live are the desks that are signed in, by what their secrets are known by.
	live map[string]*live
	// unsaved is whether the disk lacks something that was decided.
	unsaved bool
	codes   map[call.DeskID]code
	wrong   int // codes that were tried while a right one was open
	// wrongKeys are those that were tried while a right one was open, since that was told.
	wrongKeys int
}

// live is a desk that is signed in.
type live struct {
	seat *seat
	life context.Context
	end  context.CancelFunc
}

// Open reads the desks of the station with the folder dir; there may be none yet. A
// file that is damaged is set aside, see Damaged.
func Open(dir string, o Options) (*Book, error) {
	if o.Station == "" {
		return nil, errors.New("pairing: a station without an id has no desks")
	}
	k, err := read(dir)
	var aside string
	if errors.Is(err, errDamaged) {
		o.Log.Error("the desks", "error", err)
		k = kept{}
		aside, err = setAside(dir, time.Now())
	}
	if err != nil {
		return nil, err
	}
	if k.Station != o.Station {
		k.signOut() // nobody has a secret for this one
		k.Keys = nil
	}
	k.Version, k.Station = version, o.Station
	b := &Book{Options: o, dir: dir, changed: make(chan struct{}, 1), damaged: aside}
	b.state = locked.New(&state{codes: map[call.DeskID]code{}})
	b.count(k)
	return b, nil
}

// Damaged is where a file that could not be read lies now, so that all desks must be
// made and paired anew; empty when there was none.
func (b *Book) Damaged() string { return b.damaged }

// Close writes what the disk does not have yet. Who is let in stays so.
func (b *Book) Close() error {
	b.writing.Lock()
	defer b.writing.Unlock()
	k := b.next()
	if len(k.Desks)+len(k.Revoked)+len(k.Keys) == 0 {
		return nil // a station without desks needs no file
	}
	return b.write(k)
}

// Changed has something to receive when Desks has changed since that was last done.
// It is for one receiver.
func (b *Book) Changed() <-chan struct{} { return b.changed }

func (b *Book) tell() {
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// Desks are all that are not revoked, in the order in which they were added.
func (b *Book) Desks() (desks []Desk) {
	k := b.next()
	desks = make([]Desk, 0, len(k.Desks))
	for _, at := range k.Desks {
		at.Studios = slices.Clone(at.Studios)
		desks = append(desks, at.Desk)
	}
	return desks
}

// Name is what a desk is called, or was when it was revoked; zero for not.
func (b *Book) Name(id call.DeskID) (name string, revoked time.Time, ok bool) {
	b.state.With(func(s *state) {
		if at := s.find(id); at != nil {
			name, ok = at.Name, true
		} else if at := slices.IndexFunc(s.Revoked, func(r tombstone) bool { return r.ID == id }); at >= 0 {
			name, revoked, ok = s.Revoked[at].Name, s.Revoked[at].At, true
		}
	})
	return name, revoked, ok
}

// next is a copy of what counts now, to be changed. Who is not let in any more is
// signed out in it.
func (b *Book) next() (k kept) {
	now := time.Now()
	b.state.With(func(s *state) {
		k = s.kept
		k.Desks, k.Revoked, k.Keys = slices.Clone(k.Desks), slices.Clone(k.Revoked), slices.Clone(k.Keys)
		for i := range k.Keys {
			k.Keys[i].Places = slices.Clone(k.Keys[i].Places)
		}
		for i := range k.Desks {
			if l := s.live[k.Desks[i].Known]; l == nil || !l.in(now) {
				k.Desks[i].signOut()
			}
		}
	})
	return k
}

// count lets k count from now on: what is signed in no longer ends.
func (b *Book) count(k kept) {
	b.state.With(func(s *state) {
		ended := s.live
		s.kept, s.live = k, map[string]*live{}
		s.Desks = slices.Clone(k.Desks) // k may be on its way to the disk
		for i := range s.Desks {
			at := &s.Desks[i]
			if at.Known == "" {
				continue
			}
			l := ended[at.Known]
			if l == nil {
				l = b.begin(at.Until)
			}
			delete(ended, at.Known)
			l.seat = at
			s.live[at.Known] = l
		}
		for _, l := range ended {
			l.end()
		}
		for id := range s.codes {
			if s.find(id) == nil {
				delete(s.codes, id)
			}
		}
	})
	b.tell()
}

// begin lets somebody in until a time, or without an end if that is zero.
func (b *Book) begin(until time.Time) *live {
	l := new(live)
	if until.IsZero() {
		l.life, l.end = context.WithCancel(context.Background())
	} else {
		l.life, l.end = context.WithDeadline(context.Background(), until)
	}
	context.AfterFunc(l.life, b.tell)
	return l
}

// in reports whether a desk is let in. Its life is timed by a clock that nobody
// sets, and which may stand still while the computer sleeps.
func (l *live) in(now time.Time) bool {
	return l.life.Err() == nil && (l.seat.Until.IsZero() || now.Before(l.seat.Until))
}

// known is what a secret or a code is known by here.
func (b *Book) known(shown string) string {
	sum := sha256.Sum256([]byte(string(b.Station) + "\n" + shown))
	return hex.EncodeToString(sum[:])
}
