package pairing

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"callin/app/call"
)

// Computer is a PC that joins by a roll-out key. It has made Machine and Secret itself,
// at random, and keeps them before it asks: an answer that is lost is asked for again,
// and changes nothing then.
type Computer struct {
	// Name is the PC's own.
	Name string
	// Machine tells this PC from others, also when it joins anew.
	Machine string
	// Secret is what lets its desk in.
	Secret string
}

// randoms are 256 bits in base64.
var randoms = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

var errUnclear = &call.Error{Code: call.CodeBadField, Message: "This PC did not say which one it is. Install the same Callin there as the station has.", Field: "machine"}

// Join makes a PC a desk by a roll-out key. The same PC gets the same desk, and uses no
// second place: it is known by its machine, or, where that was lost, by its name while
// nobody is at the desk of that name, or nobody has come with what was answered.
func (b *Book) Join(key string, c Computer) (desk call.Desk, err error) {
	if !randoms.MatchString(c.Machine) || !randoms.MatchString(c.Secret) {
		return desk, errUnclear
	}
	machine, known, name := b.known(c.Machine), b.known(c.Secret), deskName(c.Name)
	err = b.change(func(k *kept) error {
		r := k.opensKey(b.known(key))
		if r == nil {
			return errWrongKey
		}
		at, err := b.seatFor(k, r, machine, known, name)
		if err != nil {
			return err
		}
		if at.Known != known {
			if slices.ContainsFunc(k.Desks, func(other seat) bool { return other.Known == known }) {
				return errUnclear // another desk's secret
			}
			at.signOut()
			at.Paired, at.With, at.Known, at.Seen = now(), PC, known, ""
		}
		desk = at.Desk.Desk
		return nil
	})
	switch {
	case errors.Is(err, errWrongKey):
		b.wrongKey()
	case errors.Is(err, errNotSaved):
		err = &call.Error{Code: call.CodeNotSaved, Message: "The station could not save that this PC is a desk. Free some space there; the PC asks again."}
	}
	if err != nil {
		return call.Desk{}, err
	}
	desk.Studios = slices.Clone(desk.Studios)
	return desk, nil
}

// seatFor is the desk of a PC that joins by the key r: the one that it has already, or a
// new one.
func (b *Book) seatFor(k *kept, r *rollout, machine, known, name string) (*seat, error) {
	if i := slices.IndexFunc(r.Places, func(p place) bool { return p.Machine == machine }); i >= 0 {
		at := k.find(r.Places[i].Desk)
		switch {
		case at == nil:
			return nil, errGone
		case at.Known == known: // it is in already, whatever the key has come to
			return at, nil
		}
		return at, r.over()
	}
	if err := r.over(); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(r.Places, func(p place) bool { return strings.EqualFold(p.Computer, name) && k.left(p.Desk) }); i >= 0 {
		r.Places[i].Machine = machine
		return k.find(r.Places[i].Desk), nil
	}
	if err := r.ended(); err != nil {
		return nil, err
	}
	at := k.ofMachine(machine)
	switch {
	case at != nil && !r.Roles.Any(call.Manager) && !b.leavesManager(k, at):
		return nil, errLastManager
	case at == nil && len(k.Desks) >= mostDesks:
		return nil, errTooMany
	case at == nil:
		k.Desks = append(k.Desks, seat{Desk: Desk{Desk: call.Desk{ID: k.newID(), Name: k.freeName(name)}}})
		at = &k.Desks[len(k.Desks)-1]
	}
	at.Roles, at.Studios = r.Roles, copied(r.Studios)
	r.Places = append(r.Places, place{Machine: machine, Computer: name, Desk: at.ID})
	return at, nil
}

// left is whether nobody is at a desk, or who was paired last has never come: the PC has
// not got its answer.
func (k *kept) left(id call.DeskID) bool {
	at := k.find(id)
	return at != nil && (at.Known == "" || at.Seen == "")
}

// ofMachine is the desk that another key has made of a PC, or nil.
func (k *kept) ofMachine(machine string) (at *seat) {
	for _, r := range k.Keys {
		for _, p := range r.Places {
			if p.Machine == machine && k.find(p.Desk) != nil {
				at = k.find(p.Desk)
			}
		}
	}
	return at
}

// deskName is a PC's name as a desk can have it: it may be of any length and letters.
func deskName(of string) string {
	name := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsGraphic(r) || unicode.In(r, unseen...) {
			return -1
		}
		return r
	}, of)), " ")
	if name == "" {
		name = "PC"
	}
	return cut(name, longestName)
}

// cut is the beginning of a name, of so many characters at most.
func cut(name string, most int) string {
	letters := []rune(name)
	return strings.TrimSpace(string(letters[:min(len(letters), most)]))
}

// freeName is a desk's name with a number where another desk has it.
func (k *kept) freeName(name string) string {
	for n := 1; ; n++ {
		number := ""
		if n > 1 {
			number = fmt.Sprintf(" %d", n)
		}
		if tried := cut(name, longestName-len(number)) + number; k.checkName(tried, "") == nil {
			return tried
		}
	}
}
