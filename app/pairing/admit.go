package pairing

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"time"

	"callin/app/call"
)

// secretBytes are so many that no secret is ever guessed.
const secretBytes = 32

// OfHost is what is shown of a secret that counts at one host only. Browsers send a
// cookie to every port of a host, and to whatever has the name by then.
func OfHost(host, secret string) string { return host + "\n" + secret }

// Pair signs a desk in by its code, and ends what it was signed in with before. Only
// who gets the secret has it. With a host it is admitted as OfHost, and otherwise as
// it is. The code is used up also when the disk fails.
func (b *Book) Pair(code string, kind Kind, host string) (desk call.Desk, secret string, err error) {
	if kind != PC && kind != Browser {
		return call.Desk{}, "", &call.Error{Code: call.CodeBadField, Message: "A desk is paired with a pc or a browser.", Field: "kind"}
	}
	id, ok := b.take(code)
	if !ok {
		return call.Desk{}, "", errWrongCode
	}
	random := make([]byte, secretBytes)
	rand.Read(random) // never fails
	secret = base64.RawURLEncoding.EncodeToString(random)
	shown := secret
	if host != "" {
		shown = OfHost(host, secret)
	}
	err = b.change(func(k *kept) error {
		at := k.find(id)
		if at == nil { // revoked in this instant
			return errWrongCode
		}
		at.signOut()
		at.Paired, at.With, at.Known = now(), kind, b.known(shown)
		if kind == Browser {
			at.Until = at.Paired.Add(BrowserLife)
		}
		desk = at.Desk.Desk
		return nil
	})
	if err == errNotSaved {
		err = &call.Error{Code: call.CodeNotSaved, Message: "The station could not save the pairing. Free some space there, and pair with a new code."}
	}
	if err != nil {
		return call.Desk{}, "", err
	}
	desk.Studios = slices.Clone(desk.Studios)
	return desk, secret, nil
}

// Admit is the desk that a secret lets in as things stand, and what ends when it
// does so no longer. The secret is looked up by its hash, so the time that takes
// tells nothing of secrets that there are.
func (b *Book) Admit(secret string) (desk call.Desk, life context.Context, ok bool) {
	known, now := b.known(secret), time.Now()
	news, first := false, false
	b.state.With(func(s *state) {
		l := s.live[known]
		if l == nil || !l.in(now) {
			return
		}
		desk, life, ok = l.seat.Desk.Desk, l.life, true
		desk.Studios = slices.Clone(desk.Studios)
		if today := now.Format(time.DateOnly); l.seat.Seen != today {
			first = l.seat.Seen == "" && s.joined(desk.ID)
			l.seat.Seen, news = today, true
		}
	})
	if news {
		b.tell()
	}
	if first {
		_ = b.change(func(*kept) error { return nil }) // the book has logged what it could not save
	}
	return desk, life, ok
}

// joined is whether a desk is a PC's by a roll-out key. That one has come is on the disk
// at once: until then another PC of its name is taken for it.
func (k *kept) joined(id call.DeskID) bool {
	return slices.ContainsFunc(k.Keys, func(r rollout) bool {
		return slices.ContainsFunc(r.Places, func(p place) bool { return p.Desk == id })
	})
}

const unended = " is signed out, but the station could not save this: once it starts again that is undone. Free some space there and sign out once more."

// EndSession ends what a desk is signed in with, at once. One that is not signed in
// is no error. The last manager may go too: who is at the station's own computer can
// make a code.
func (b *Book) EndSession(id call.DeskID) error {
	return b.end("The desk"+unended, func(k *kept) error {
		at := k.find(id)
		if at == nil {
			return errNoDesk
		}
		at.signOut()
		return nil
	})
}

// SignOut ends what a secret lets in, at once. One that lets nobody in is no error.
func (b *Book) SignOut(secret string) error {
	if _, _, ok := b.Admit(secret); !ok && !b.unsaved() {
		return nil // a stranger costs no writing
	}
	known := b.known(secret)
	return b.end("This desk"+unended, func(k *kept) error {
		if i := slices.IndexFunc(k.Desks, func(at seat) bool { return at.Known == known }); i >= 0 {
			k.Desks[i].signOut()
		}
		return nil
	})
}
