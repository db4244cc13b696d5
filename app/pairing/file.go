package pairing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"time"

	"callin/app/call"
)

const (
	file    = "desks.json"
	version = 1
)

// ErrNewer: a later Callin wrote the desks.
var ErrNewer = errors.New("the desks are newer than this Callin")

var errDamaged = errors.New("the desks are damaged")

// kept is what the file holds.
type kept struct {
	Version int            `json:"version"`
	Station call.StationID `json:"station"`
	Desks   []seat         `json:"desks"`
	Revoked []tombstone    `json:"revoked"`
	Keys    []rollout      `json:"keys,omitempty"`
}

// seat is a desk, and what the secret that lets it in is known by.
type seat struct {
	Desk
	Known string `json:"known,omitempty"`
}

func (at *seat) signOut() { at.Known, at.With, at.Until = "", "", time.Time{} }

// tombstone is a desk that was revoked.
type tombstone struct {
	ID   call.DeskID `json:"id"`
	Name string      `json:"name"`
	At   time.Time   `json:"at"`
}

// find is the desk with an id, or nil.
func (k *kept) find(id call.DeskID) *seat {
	if at := slices.IndexFunc(k.Desks, func(at seat) bool { return at.ID == id }); at >= 0 {
		return &k.Desks[at]
	}
	return nil
}

// signOut ends what all desks are signed in with.
func (k *kept) signOut() {
	for i := range k.Desks {
		k.Desks[i].signOut()
	}
}

// read reads the file in dir; there may be none.
func read(dir string) (k kept, err error) {
	text, err := os.ReadFile(filepath.Join(dir, file))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return kept{}, nil
	case errors.Is(err, fs.ErrPermission):
		return kept{}, fmt.Errorf("pairing: %w", err)
	case err != nil:
		return kept{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	var of struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &of); err == nil && of.Version > version {
		return kept{}, ErrNewer
	}
	if err := json.Unmarshal(text, &k); err != nil {
		return kept{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return k, k.check()
}

var (
	ids    = regexp.MustCompile(`^[a-z0-9]{1,32}$`)
	knowns = regexp.MustCompile(`^[a-f0-9]{64}$`)
)

// check finds what cannot have been written here.
func (k *kept) check() error {
	damaged := func(what string) error { return fmt.Errorf("%w: %s", errDamaged, what) }
	if k.Version != version || len(k.Desks) > mostDesks {
		return damaged("no such version, or too many")
	}
	given, knows := map[call.DeskID]bool{}, map[string]bool{}
	for _, r := range k.Revoked {
		if !ids.MatchString(string(r.ID)) || given[r.ID] {
			return damaged("the id of one that was revoked")
		}
		given[r.ID] = true
	}
	for i, at := range k.Desks {
		before := kept{Desks: k.Desks[:i]}
		switch {
		case !ids.MatchString(string(at.ID)) || given[at.ID]:
			return damaged("an id")
		case before.checkName(at.Name, "") != nil || checkRights(at.Roles, at.Studios) != nil:
			return damaged("a name or what it may do")
		case at.With != "" && at.With != PC && at.With != Browser, at.With == Browser == at.Until.IsZero():
			return damaged("what it is signed in with")
		case (at.With == "") != (at.Known == ""), at.Known != "" && (!knowns.MatchString(at.Known) || knows[at.Known]):
			return damaged("what it is known by")
		}
		given[at.ID], knows[at.Known] = true, true
	}
	return k.checkKeys(damaged)
}

// checkKeys finds a roll-out key that cannot have been written here.
func (k *kept) checkKeys(damaged func(string) error) error {
	for i, r := range k.Keys {
		before := kept{Keys: k.Keys[:i]}
		switch {
		case !ids.MatchString(r.ID) || before.findKey(r.ID) != nil:
			return damaged("the id of a key")
		case !knowns.MatchString(r.Known) || before.opensKey(r.Known) != nil:
			return damaged("what a key is known by")
		case checkRights(r.Roles, r.Studios) != nil || r.PCs < 1 || len(r.Places) > r.PCs:
			return damaged("what a key is for")
		}
		for _, p := range r.Places {
			if !ids.MatchString(string(p.Desk)) || !knowns.MatchString(p.Machine) {
				return damaged("a PC that has used a key")
			}
		}
	}
	return nil
}

// setAside moves a file that cannot be read out of the way.
func setAside(dir string, at time.Time) (aside string, err error) {
	path := filepath.Join(dir, file)
	aside = fmt.Sprintf("%s-damaged-%s", path, at.UTC().Format("20060102-150405.000"))
	if err := os.Rename(path, aside); err != nil {
		return "", fmt.Errorf("pairing: %w", err)
	}
	return aside, nil
}

// save writes the file, whole or not at all, so that a power cut leaves it.
func (k kept) save(dir string) error {
	text, err := json.MarshalIndent(k, "", "\t")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "desks-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // not there any more once it is renamed
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, file))
	}
	if err != nil || runtime.GOOS == "windows" { // which cannot flush a folder
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
