package call

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Desk is a place of work at a station. The zero Desk has the zero DeskID, no role
// and no studio: it may do nothing.
type Desk struct {
	ID    DeskID `json:"id"`
	Name  string `json:"name"`
	Roles Roles  `json:"roles"`
	// Studios are those that it may work in.
	Studios []Studio `json:"studios"`
}

// DeskID tells a station's desks apart: small letters and digits. That of the desk
// on the station's own computer is empty.
type DeskID string

// Studio names a studio of a station: small letters and digits. That of the first
// one is empty.
type Studio string

// Roles are what a desk is for; one without any is a watcher, who sees all that is
// shown of its studios and does nothing.
type Roles uint8

// What a desk can be for.
const (
	Host     Roles = 1 << iota // has the callers on air
	Producer                   // screens callers, off air
	Manager                    // gives out desks and sets the station up
)

// Watcher is a desk without a role.
const Watcher Roles = 0

type roleName struct {
	role Roles
	name string
}

// roleNames are the roles' in the order in which they are written.
var roleNames = []roleName{{Host, "host"}, {Producer, "producer"}, {Manager, "manager"}}

// RolesOf are the roles that names name; "watcher" alone names none. false when one
// is no role's, or watcher stands beside others.
func RolesOf(names ...string) (r Roles, ok bool) {
	if slices.Equal(names, []string{"watcher"}) {
		return Watcher, true
	}
	for _, name := range names {
		at := slices.IndexFunc(roleNames, func(known roleName) bool { return known.name == name })
		if at < 0 {
			return Watcher, false
		}
		r |= roleNames[at].role
	}
	return r, r != Watcher
}

// Names are the roles' names, or "watcher" alone.
func (r Roles) Names() []string {
	var names []string
	for _, known := range roleNames {
		if r&known.role != 0 {
			names = append(names, known.name)
		}
	}
	if names == nil {
		return []string{"watcher"}
	}
	return names
}

// Any reports whether one of some roles is among r.
func (r Roles) Any(of Roles) bool { return r&of != 0 }

// MarshalJSON writes the roles as their names.
func (r Roles) MarshalJSON() ([]byte, error) { return json.Marshal(r.Names()) }

// UnmarshalJSON reads the roles by their names.
func (r *Roles) UnmarshalJSON(text []byte) error {
	var names []string
	if err := json.Unmarshal(text, &names); err != nil {
		return err
	}
	of, ok := RolesOf(names...)
	if !ok {
		return fmt.Errorf("%q are no roles", names)
	}
	*r = of
	return nil
}
