package pairing

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"

	"callin/app/call"
)

// Key is a roll-out key: it makes so many PCs desks until a date, each one named after the PC.
type Key struct {
	ID string `json:"id"`
	// Roles and Studios are what each of these desks gets.
	Roles   call.Roles    `json:"roles"`
	Studios []call.Studio `json:"studios"`
	PCs     int           `json:"pcs"`
	Until   time.Time     `json:"until"`
	// Revoked is when it was; zero for not.
	Revoked time.Time `json:"revoked,omitzero"`
	// Used is how many PCs have used it.
	Used int `json:"-"`
}

const (
	// mostKeys is how many there are at once, with those that have ended of late.
	mostKeys = 50
	// longestKey is how far ahead a key's date may be.
	longestKey = 366 * 24 * time.Hour
	// keysShown is how long a key that has ended is kept, so that who still uses it is
	// told why that does nothing.
	keysShown = 30 * 24 * time.Hour
)

// rollout is a key as it is kept: by its hash, with the PCs that have used it.
type rollout struct {
	Key
	Known  string  `json:"known"`
	Places []place `json:"places"`
}

// place is one of a key's, which a PC has.
type place struct {
	// Machine is what the PC's own random id is known by, and Computer its name.
	Machine  string      `json:"machine"`
	Computer string      `json:"computer"`
	Desk     call.DeskID `json:"desk"`
}

// over says why a key lets nobody in any more; nil when it does.
func (r *rollout) over() error {
	switch {
	case !r.Revoked.IsZero():
		return keyEnded("This roll-out key was revoked.")
	case !time.Now().Before(r.Until):
		return keyEnded("This roll-out key was good until " + r.Until.Local().Format("2 January 2006, 15:04") + ".")
	}
	return nil
}

// ended says why a key lets in no PC that has not used it; nil when it does.
func (r *rollout) ended() error {
	switch {
	case r.over() != nil || len(r.Places) < r.PCs:
		return r.over()
	case r.PCs == 1:
		return keyEnded("This roll-out key was for one PC, and another one has used it.")
	}
	return keyEnded(fmt.Sprintf("This roll-out key was for %d PCs, and so many have used it.", r.PCs))
}

func keyEnded(said string) error {
	return &call.Error{Code: call.CodeKeyEnded, Message: said + " Ask a manager of the station for a new one.", Field: "key"}
}

var (
	errNoKey    = &call.Error{Code: call.CodeNoSuchKey, Message: "There is no such roll-out key."}
	errManyKeys = &call.Error{Code: call.CodeTooManyDesks, Message: "The station has 50 roll-out keys, with those that ended in the last 30 days, and no more fit. Use one of them."}
	errWrongKey = &call.Error{Code: call.CodeWrongCode, Message: "This is no roll-out key of the station's. See that it was copied whole, or ask a manager of the station for a new one.", Field: "key"}
	errGone     = &call.Error{Code: call.CodeKeyEnded, Message: "A manager of the station has revoked the desk of this PC, so the roll-out key makes it none again. Ask for a code, or for a new key.", Field: "key"}
)

// AddKey makes a roll-out key. Its text is told here and nowhere again.
func (b *Book) AddKey(roles call.Roles, studios []call.Studio, pcs int, until time.Time) (key Key, text string, err error) {
	text = rand.Text() // 130 bits
	err = b.change(func(k *kept) error {
		if err := checkRights(roles, studios); err != nil {
			return err
		}
		now := now()
		switch {
		case pcs < 1 || pcs > mostDesks:
			return &call.Error{Code: call.CodeBadField, Message: "A roll-out key is for 1 to 200 PCs.", Field: "pcs"}
		case !now.Before(until) || until.Sub(now) > longestKey:
			return &call.Error{Code: call.CodeBadField, Message: "A roll-out key is good until a date that is to come, within a year.", Field: "until"}
		}
		k.Keys = slices.DeleteFunc(k.Keys, func(r rollout) bool {
			gone := now.Add(-keysShown)
			return r.Until.Before(gone) || !r.Revoked.IsZero() && r.Revoked.Before(gone)
		})
		if len(k.Keys) >= mostKeys {
			return errManyKeys
		}
		key = Key{ID: k.newKeyID(), Roles: roles, Studios: copied(studios), PCs: pcs, Until: until.UTC().Round(0)}
		k.Keys = append(k.Keys, rollout{Key: key, Known: b.known(text), Places: []place{}})
		return nil
	})
	if err != nil {
		return Key{}, "", err
	}
	return key, text, nil
}

func (k *kept) newKeyID() string {
	for {
		id := strings.ToLower(rand.Text()[:idLength])
		if k.findKey(id) == nil {
			return id
		}
	}
}

func (k *kept) findKey(id string) *rollout {
	if at := slices.IndexFunc(k.Keys, func(r rollout) bool { return r.ID == id }); at >= 0 {
		return &k.Keys[at]
	}
	return nil
}

// Keys are the roll-out keys, in the order in which they were made, with those that have
// ended of late.
func (b *Book) Keys() (keys []Key) {
	for _, r := range b.next().Keys {
		r.Used = len(r.Places)
		r.Studios = slices.Clone(r.Studios)
		keys = append(keys, r.Key)
	}
	return keys
}

// RevokeKey ends a roll-out key, at once. The desks that it has made stay.
func (b *Book) RevokeKey(id string) error {
	return b.end("The key is off, but the station could not save this: once it starts again the key is good again. Free some space and revoke it once more.", func(k *kept) error {
		r := k.findKey(id)
		if r == nil {
			return errNoKey
		}
		if r.Revoked.IsZero() {
			r.Revoked = now()
		}
		return nil
	})
}

// opensKey is the roll-out key that is known so, or nil. How long that takes tells
// nothing of how near a wrong one is.
func (k *kept) opensKey(known string) (r *rollout) {
	for i := range k.Keys {
		if subtle.ConstantTimeCompare([]byte(k.Keys[i].Known), []byte(known)) == 1 {
			r = &k.Keys[i]
		}
	}
	return r
}

// wrongKey counts a wrong key as a wrong code is counted. Managers are told of five; the
// keys stay good, as nobody guesses 130 bits, and else anybody could end a roll-out.
func (b *Book) wrongKey() {
	tell := false
	b.state.With(func(s *state) {
		open := slices.ContainsFunc(s.Keys, func(r rollout) bool { return r.ended() == nil })
		if !open {
			s.wrongKeys = 0
			return
		}
		s.wrongKeys++
		if tell = s.wrongKeys == mostWrong; tell {
			s.wrongKeys = 0
		}
	})
	if tell {
		b.Log.Warn("wrong roll-out keys were tried", "times", mostWrong)
		b.Guessed(&call.Error{Code: call.CodeWrongKeys, Message: "Five wrong roll-out keys were tried: PCs may have an old one, or somebody may be guessing. The keys that there are stay good."})
	}
}
