package desk

import (
	"slices"
	"time"

	"callin/app/call"
)

// Desks are those that the station has given out. What is decided of them is on the
// disk before it is answered.
type Desks interface {
	// All are those that are not revoked, in the order in which they were added, and
	// where they find the station.
	All() DeskList
	// Name is what a desk is called, or was when it was revoked.
	Name(id call.DeskID) string
	Add(name string, roles call.Roles, studios []call.Studio) (DeskCode, error)
	Code(id call.DeskID) (DeskCode, error)
	Rename(id call.DeskID, name string) error
	SetRoles(id call.DeskID, roles call.Roles) error
	SetStudios(id call.DeskID, studios []call.Studio) error
	Revoke(id call.DeskID) error
	SignOut(id call.DeskID) error
	AddKey(roles call.Roles, studios []call.Studio, pcs int, until time.Time) (NewKey, error)
	RevokeKey(id string) error
}

// DeskList is what a manager sees of the desks that the station has given out.
type DeskList struct {
	Desks []DeskEntry `json:"desks"`
	// Keys are the roll-out keys, with those that have ended of late.
	Keys []KeyEntry `json:"keys"`
	// Studios are those that the station has, the first one first.
	Studios []StudioName `json:"studios"`
	// Addresses are where they find the station; none when it has no door for them.
	Addresses []string `json:"addresses"`
	// Words are what a PC that is paired must show too; empty where the door's
	// certificate is one that is trusted anyway.
	Words string `json:"words,omitempty"`
}

// StudioName is what a studio is called.
type StudioName struct {
	ID   call.Studio `json:"id"`
	Name string      `json:"name"`
}

// DeskEntry is a desk and what it is signed in with. Times are milliseconds since 1970.
type DeskEntry struct {
	ID      call.DeskID   `json:"id"`
	Name    string        `json:"name"`
	Roles   call.Roles    `json:"roles"`
	Studios []call.Studio `json:"studios"`
	// Paired is when that was last done; 0 until it is for the first time.
	Paired int64        `json:"paired"`
	With   SignedInWith `json:"with"`
	// Until is when it ends by itself; 0 for never.
	Until int64 `json:"until"`
	// Seen is the station's day on which it last asked for something, such as
	// 2026-10-03; empty for never.
	Seen string `json:"seen"`
}

// KeyEntry is a roll-out key: what each PC gets that becomes a desk by it, how many may
// and how many have. Times are milliseconds since 1970.
type KeyEntry struct {
	ID      string        `json:"id"`
	Roles   call.Roles    `json:"roles"`
	Studios []call.Studio `json:"studios"`
	PCs     int           `json:"pcs"`
	Used    int           `json:"used"`
	Until   int64         `json:"until"`
	// Revoked is when it was; 0 for not.
	Revoked int64 `json:"revoked"`
}

// NewKey is a roll-out key that was made. Its text is told this once.
type NewKey struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// KeyAddBody is a new roll-out key; without studios its desks are for all of them.
type KeyAddBody struct {
	Roles   call.Roles     `json:"roles" need:"yes"`
	Studios *[]call.Studio `json:"studios"`
	PCs     int            `json:"pcs" need:"yes"`
	Until   int64          `json:"until" need:"yes"`
}

// KeyBody names a roll-out key.
type KeyBody struct {
	Key string `json:"key" need:"yes" max:"32"`
}

// SignedInWith is what a desk is signed in with; empty for nothing.
type SignedInWith string

// What a desk can be signed in with.
const (
	WithPC      SignedInWith = "pc"
	WithBrowser SignedInWith = "browser"
)

// DeskCode is what pairs a desk, once.
type DeskCode struct {
	Desk call.DeskID `json:"desk"`
	// Code is in groups, as it is read out.
	Code  string `json:"code"`
	Until int64  `json:"until"`
}

// DeskBody names a desk that was given out.
type DeskBody struct {
	Desk call.DeskID `json:"desk" need:"yes" max:"32"`
}

// DeskAddBody is a new desk; without studios it is for all of them.
type DeskAddBody struct {
	Name    string         `json:"name" need:"yes" max:"40"`
	Roles   call.Roles     `json:"roles" need:"yes"`
	Studios *[]call.Studio `json:"studios"`
}

// DeskChangeBody changes a desk; what is not there stays as it is.
type DeskChangeBody struct {
	Desk    call.DeskID    `json:"desk" need:"yes" max:"32"`
	Name    *string        `json:"name" max:"40"`
	Roles   *call.Roles    `json:"roles"`
	Studios *[]call.Studio `json:"studios"`
}

// allDesks are the desks that were given out, and the studios that they may be given.
func (r *Room) allDesks() DeskList {
	list := r.Desks.All()
	list.Studios = []StudioName{}
	for _, st := range r.Station.Picture().Studios {
		list.Studios = append(list.Studios, StudioName{st.ID, st.Name})
	}
	return list
}

func (r *Room) addDesk(b DeskAddBody) (DeskCode, error) {
	studios, err := r.chosen(b.Studios)
	if err != nil {
		return DeskCode{}, err
	}
	return r.Desks.Add(b.Name, b.Roles, studios)
}

func (r *Room) addKey(b KeyAddBody) (NewKey, error) {
	studios, err := r.chosen(b.Studios)
	if err != nil {
		return NewKey{}, err
	}
	return r.Desks.AddKey(b.Roles, studios, b.PCs, time.UnixMilli(b.Until))
}

// chosen are the studios that were chosen; all of them where none were.
func (r *Room) chosen(some *[]call.Studio) ([]call.Studio, error) {
	if some == nil {
		return r.studios(), nil
	}
	return *some, r.areStudios(*some)
}

// changeDesk changes one thing after the other, and ends with the first that is refused.
func (r *Room) changeDesk(b DeskChangeBody) error {
	if b.Studios != nil {
		if err := r.areStudios(*b.Studios); err != nil {
			return err
		}
		if err := r.Desks.SetStudios(b.Desk, *b.Studios); err != nil {
			return err
		}
	}
	if b.Roles != nil {
		if err := r.Desks.SetRoles(b.Desk, *b.Roles); err != nil {
			return err
		}
	}
	if b.Name != nil {
		return r.Desks.Rename(b.Desk, *b.Name)
	}
	return nil
}

// studios are all that the station has.
func (r *Room) studios() (ids []call.Studio) {
	for _, st := range r.Station.Picture().Studios {
		ids = append(ids, st.ID)
	}
	return ids
}

// areStudios refuses a studio that the station does not have.
func (r *Room) areStudios(ids []call.Studio) error {
	known := r.studios()
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return bad("studios", "The station has no such studio. Choose from its own.")
		}
	}
	return nil
}
