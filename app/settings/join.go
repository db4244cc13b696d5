package settings

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Request is that this PC is to become a desk of a station. It is kept before the station
// is asked, so that an answer which is lost is asked for again, and for as long as the
// station is not reached.
type Request struct {
	Station string `json:"station"`
	// Key is a roll-out key, or Code one desk's code.
	Key  string `json:"key,omitempty"`
	Code string `json:"code,omitempty"`
	// Refused is why the station did not take this PC, in sentences. Key and code are not
	// kept then: the PC is no desk, and says so, until it joins once more or leaves.
	Refused string `json:"refused,omitempty"`
	// Secret is what lets this PC in from then on, when it has joined by a key.
	Secret string    `json:"secret"`
	Made   time.Time `json:"made"`
}

const (
	requestFile  = "join.json"
	computerFile = "computer-id"
)

// NewRequest is one with a secret of its own.
func NewRequest(station string) Request {
	return Request{Station: station, Secret: random(), Made: time.Now().UTC().Round(0)}
}

// random is 256 bits in base64.
func random() string {
	bits := make([]byte, 32)
	rand.Read(bits) // never fails
	return base64.RawURLEncoding.EncodeToString(bits)
}

// LoadRequest reads the one that is kept in dir; nil when there is none.
func LoadRequest(dir string) (*Request, error) {
	path := filepath.Join(dir, requestFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var r *Request
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil || r == nil || r.Station == "" || r.Key+r.Code+r.Refused == "" || r.Secret == "" {
		return nil, &Error{path, "What this PC keeps of a station that it is to join cannot be read. See that you may read it; if it is damaged, remove it and type callin join once more."}
	}
	return r, nil
}

// WasRefused is what is kept of r once it was refused, for these reasons.
func (r Request) WasRefused(why string) Request {
	r.Key, r.Code, r.Refused = "", "", why
	return r
}

// Save writes r to dir, whole or not at all.
func (r Request) Save(dir string) error {
	b, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return save(dir, requestFile, append(b, '\n'))
}

// ForgetRequest removes the request in dir; there may be none.
func ForgetRequest(dir string) error { return forget(dir, requestFile) }

// ForgetPaired removes the pairing in dir; there may be none.
func ForgetPaired(dir string) error { return forget(dir, pairedFile) }

func forget(dir, name string) error {
	if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}

// ComputerID is what tells this PC from others at a station that it joins; empty where
// none is kept in dir.
func ComputerID(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, computerFile))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// KeepComputerID makes what ComputerID reads, unless it is there.
func KeepComputerID(dir string) error {
	if ComputerID(dir) != "" {
		return nil
	}
	return save(dir, computerFile, []byte(random()+"\n"))
}

// ForgetComputerID removes it.
func ForgetComputerID(dir string) error { return forget(dir, computerFile) }
