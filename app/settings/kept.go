package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Kept is what Callin remembers between two starts: an open page with a live
// call finds its desk again at the same address, and is still let in. Only the
// owner can read its file, as it has secrets.
type Kept struct {
	DeskPort      int `json:"desk_port"`
	VoicePort     int `json:"voice_port"`
	RehearsalPort int `json:"rehearsal_port"`
	// PublicURL is where Twilio reached this station last.
	PublicURL string `json:"public_url,omitempty"`
	// KeySid is the API key made for KeyAccount. KeySecret is the key's while it can be
	// kept nowhere better.
	KeyAccount string `json:"key_account"`
	KeySid     string `json:"key_sid"`
	KeySecret  string `json:"key_secret,omitempty"`
	// DeskAppSid is KeyAccount's app for desks.
	DeskAppSid string `json:"desk_app_sid,omitempty"`
	// Sessions are what the browsers that are let in are known by.
	Sessions []string `json:"sessions,omitempty"`
}

// ErrDamaged: what is kept cannot be read, such as a file that a crash of the
// machine left empty.
var ErrDamaged = errors.New("what is kept is damaged")

// LoadKept reads what is kept in dir; there may be nothing yet.
func LoadKept(dir string) (Kept, error) {
	path := filepath.Join(dir, "kept.json")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Kept{}, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return Kept{}, &Error{path, "This file cannot be read. See that you may read it."}
	}
	if err != nil {
		return Kept{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	var k *Kept
	if err := json.Unmarshal(b, &k); err != nil || k == nil {
		return Kept{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return *k, nil
}

// SetKeptAside moves what cannot be read out of the way, under a name with the
// time, which it returns.
func SetKeptAside(dir string, at time.Time) (aside string, err error) {
	path := filepath.Join(dir, "kept.json")
	aside = fmt.Sprintf("%s-damaged-%s", path, at.UTC().Format("20060102-150405.000"))
	return aside, os.Rename(path, aside)
}

// Save writes k to dir, whole or not at all.
func (k Kept) Save(dir string) error {
	b, err := json.MarshalIndent(k, "", "\t")
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return save(dir, "kept.json", append(b, '\n'))
}

// save writes a file that only its owner can read, whole or not at all.
func save(dir, name string, text []byte) error {
	f, err := os.CreateTemp(dir, "kept-*") // mode 0600
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	defer os.Remove(f.Name()) // not there any more once it is renamed
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}

// stationIDs are such that an id can be part of any name at Twilio.
var stationIDs = regexp.MustCompile(`^[a-z0-9]{8}$`)

// StationID is what tells the station in dir from all others; empty when there is
// none yet, or it cannot be read. It has a file of its own, to outlive what else is
// kept.
func StationID(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "station-id"))
	if id := strings.TrimSpace(string(b)); err == nil && stationIDs.MatchString(id) {
		return id
	}
	return ""
}

// KeepStationID keeps what StationID reads.
func KeepStationID(dir, id string) error { return save(dir, "station-id", []byte(id+"\n")) }

// CostLimit is the limit that a desk has set in dir; 0 for none. What cannot be read is
// none. It has a file of its own, as it is set while the station runs.
func CostLimit(dir string) float64 {
	b, err := os.ReadFile(filepath.Join(dir, "cost-limit"))
	if err != nil {
		return 0
	}
	limit, err := strconv.ParseFloat(strings.TrimSpace(string(b)), 64)
	if err != nil || !(limit > 0 && limit <= 1e6) {
		return 0
	}
	return limit
}

// KeepCostLimit keeps what CostLimit reads.
func KeepCostLimit(dir string, limit float64) error {
	return save(dir, "cost-limit", []byte(strconv.FormatFloat(limit, 'f', -1, 64)+"\n"))
}
