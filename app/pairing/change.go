package pairing

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"callin/app/call"
)

// idLength leaves less than one chance in a billion that a desk gets an id that was
// lost with a damaged file.
const idLength = 8

var (
	errNoDesk      = &call.Error{Code: call.CodeNoSuchDesk, Message: "There is no such desk. It may have been revoked."}
	errTooMany     = &call.Error{Code: call.CodeTooManyDesks, Message: "The station has 200 desks, and no more fit. Revoke one that is not used."}
	errLastManager = &call.Error{Code: call.CodeLastManager, Message: "This is the last manager that is paired. Pair another one first, or nobody could give out desks."}
	errNotSaved    = &call.Error{Code: call.CodeNotSaved, Message: "The station could not save this, so nothing is changed. Free some space, see that Callin may write in its folder, and do it again."}
)

// Add makes a desk, and the code that pairs it.
func (b *Book) Add(name string, roles call.Roles, studios []call.Studio) (desk call.Desk, code string, err error) {
	err = b.change(func(k *kept) error {
		if err := k.checkName(name, ""); err != nil {
			return err
		}
		if err := checkRights(roles, studios); err != nil {
			return err
		}
		if len(k.Desks) >= mostDesks {
			return errTooMany
		}
		desk = call.Desk{ID: k.newID(), Name: name, Roles: roles, Studios: copied(studios)}
		k.Desks = append(k.Desks, seat{Desk: Desk{Desk: desk}})
		return nil
	})
	if err != nil {
		return call.Desk{}, "", err
	}
	desk.Studios = slices.Clone(desk.Studios)
	code, err = b.Code(desk.ID)
	return desk, code, err
}

// newID is an id that no desk has and none had.
func (k *kept) newID() call.DeskID {
	for {
		id := call.DeskID(strings.ToLower(rand.Text()[:idLength]))
		gone := slices.ContainsFunc(k.Revoked, func(r tombstone) bool { return r.ID == id })
		if !gone && k.find(id) == nil {
			return id
		}
	}
}

// Rename gives a desk another name.
func (b *Book) Rename(id call.DeskID, name string) error {
	return b.changeDesk(id, func(k *kept, at *seat) error {
		at.Name = name
		return k.checkName(name, id)
	})
}

// SetRoles gives a desk other roles.
func (b *Book) SetRoles(id call.DeskID, roles call.Roles) error {
	return b.changeDesk(id, func(k *kept, at *seat) error {
		if !roles.Any(call.Manager) && !b.leavesManager(k, at) {
			return errLastManager
		}
		at.Roles = roles
		return checkRights(roles, nil)
	})
}

// SetStudios says in which studios a desk may work. Whether there are such studios
// is the caller's to know.
func (b *Book) SetStudios(id call.DeskID, studios []call.Studio) error {
	return b.changeDesk(id, func(_ *kept, at *seat) error {
		at.Studios = copied(studios)
		return checkRights(at.Roles, studios)
	})
}

// Revoke ends a desk, at once. One that is revoked already is no error.
func (b *Book) Revoke(id call.DeskID) error {
	return b.end("The desk is off, but the station could not save this: once it starts again the desk is back. Free some space and revoke it once more.", func(k *kept) error {
		at := k.find(id)
		if at == nil {
			if slices.ContainsFunc(k.Revoked, func(r tombstone) bool { return r.ID == id }) {
				return nil
			}
			return errNoDesk
		}
		if !b.leavesManager(k, at) {
			return errLastManager
		}
		k.Revoked = append(k.Revoked, tombstone{id, at.Name, now()})
		k.Desks = slices.DeleteFunc(k.Desks, func(at seat) bool { return at.ID == id })
		return nil
	})
}

// leavesManager reports whether somebody can give out desks when one can no longer.
func (b *Book) leavesManager(k *kept, without *seat) bool {
	manages := func(at seat) bool { return at.Roles.Any(call.Manager) && at.Known != "" }
	return b.OwnManager || !manages(*without) ||
		slices.ContainsFunc(k.Desks, func(at seat) bool { return at.ID != without.ID && manages(at) })
}

// change has something decided, and lets it count when the disk has it.
func (b *Book) change(decide func(*kept) error) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	k := b.next()
	if err := decide(&k); err != nil {
		return err
	}
	if b.write(k) != nil {
		return errNotSaved
	}
	b.count(k)
	return nil
}

func (b *Book) changeDesk(id call.DeskID, decide func(*kept, *seat) error) error {
	return b.change(func(k *kept) error {
		at := k.find(id)
		if at == nil {
			return errNoDesk
		}
		return decide(k, at)
	})
}

// end has something ended, which counts at once; unkept says that the disk does not
// have it. Asked for again it is written again.
func (b *Book) end(unkept string, decide func(*kept) error) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	k := b.next()
	if err := decide(&k); err != nil {
		return err
	}
	b.count(k)
	if b.write(k) != nil {
		return &call.Error{Code: call.CodeNotSaved, Message: unkept}
	}
	return nil
}

func (b *Book) unsaved() (is bool) {
	b.state.With(func(s *state) { is = s.unsaved })
	return is
}

func (b *Book) write(k kept) error {
	err := k.save(b.dir)
	if err != nil {
		b.Log.Error("the desks cannot be saved", "error", err)
	}
	b.state.With(func(s *state) { s.unsaved = err != nil })
	return err
}

// now is the time as the file gives it back.
func now() time.Time { return time.Now().UTC().Round(0) }

// copied is never nil, so that JSON has a list.
func copied(studios []call.Studio) []call.Studio { return append([]call.Studio{}, studios...) }
