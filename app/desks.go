package app

import (
	"context"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/pairing"
)

// ownDesk is the one on the station's own computer, first among its desks. Where Callin
// is for somebody who sits there it may do everything; a station without a window is
// nobody's place of work, and who is at its computer gives out the desks.
func (s *process) ownDesk() call.Desk {
	d := call.Desk{Name: "Station PC", Roles: call.Host | call.Producer | call.Manager}
	if s.headless {
		d.Roles = call.Manager
	}
	for _, st := range s.studios() {
		d.Studios = append(d.Studios, st.ID)
	}
	return d
}

// openBook reads which desks the station has.
func (s *process) openBook() error {
	book, err := pairing.Open(s.dir, pairing.Options{
		Station: s.id, OwnManager: !s.headless, Log: s.log,
		Guessed: func(e *call.Error) { s.show.Notice(e) },
	})
	if err != nil {
		s.log.Error("the desks", "error", err)
		return &call.Error{Code: call.CodeDesks, Message: "The file desks.json in " + s.dir + ", which has the station's desks, cannot be used: Callin may not read it, or a newer Callin wrote it. Let Callin read it, or start the newer one."}
	}
	if aside := book.Damaged(); aside != "" {
		s.warn("What the station keeps of its desks was damaged, so none is let in any more: add them anew. The old file is " + aside + ".")
	}
	s.book = book
	s.atTheEnd(func() {
		if err := book.Close(); err != nil {
			s.log.Warn("when desks were last seen is not kept", "error", err)
		}
	})
	return nil
}

// desks are all of the station's: its own first, then those that were given out.
func (s *process) desks() []call.Desk {
	all := []call.Desk{s.ownDesk()}
	for _, d := range s.book.Desks() {
		all = append(all, d.Desk)
	}
	return all
}

// followBook lets what the book says count at the station and at its door.
func (s *process) followBook(ctx context.Context) {
	for {
		select {
		case <-s.book.Changed():
			s.show.SetDesks(s.desks())
			if s.door != nil {
				s.door.Changed()
			}
		case <-ctx.Done():
			return
		}
	}
}

// given are the desks that the station has given out, as managers have them.
type given struct {
	*pairing.Book
	at doorway
}

func (g given) All() desk.DeskList {
	list := desk.DeskList{Desks: []desk.DeskEntry{}, Keys: []desk.KeyEntry{}, Addresses: append([]string{}, g.at.addresses...), Words: g.at.words}
	for _, d := range g.Desks() {
		list.Desks = append(list.Desks, desk.DeskEntry{
			ID: d.ID, Name: d.Name, Roles: d.Roles, Studios: append([]call.Studio{}, d.Studios...),
			Paired: ms(d.Paired), With: desk.SignedInWith(d.With), Until: ms(d.Until), Seen: d.Seen,
		})
	}
	for _, k := range g.Keys() {
		list.Keys = append(list.Keys, desk.KeyEntry{
			ID: k.ID, Roles: k.Roles, Studios: append([]call.Studio{}, k.Studios...),
			PCs: k.PCs, Used: k.Used, Until: ms(k.Until), Revoked: ms(k.Revoked),
		})
	}
	return list
}

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func (g given) Name(id call.DeskID) string {
	name, _, _ := g.Book.Name(id)
	return name
}

func (g given) Add(name string, roles call.Roles, studios []call.Studio) (desk.DeskCode, error) {
	d, digits, err := g.Book.Add(name, roles, studios)
	return codeOf(d.ID, digits), err
}

func (g given) Code(id call.DeskID) (desk.DeskCode, error) {
	digits, err := g.Book.Code(id)
	return codeOf(id, digits), err
}

func codeOf(id call.DeskID, digits string) desk.DeskCode {
	if digits == "" {
		return desk.DeskCode{}
	}
	half := len(digits) / 2
	return desk.DeskCode{Desk: id, Code: digits[:half] + " " + digits[half:], Until: time.Now().Add(pairing.CodeLife).UnixMilli()}
}

func (g given) AddKey(roles call.Roles, studios []call.Studio, pcs int, until time.Time) (desk.NewKey, error) {
	if len(g.at.addresses) == 0 { // nor is it known what the certificate of one will be
		return desk.NewKey{}, &call.Error{Code: call.CodeSetup, Message: "The station has no door for desks elsewhere, so no PC could use the key. Set door in its settings, start it again, then make the key."}
	}
	k, text, err := g.Book.AddKey(roles, studios, pcs, until)
	if err != nil {
		return desk.NewKey{}, err
	}
	return desk.NewKey{ID: k.ID, Text: rolloutKey{secret: text, pin: g.at.pin}.String()}, nil
}

func (g given) SignOut(id call.DeskID) error { return g.EndSession(id) }
