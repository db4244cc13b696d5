package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// StationAddress is the address of a station elsewhere as it is compared; with an error
// where it is none.
func StationAddress(text string) (string, error) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	text = web(text)
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Path+u.RawQuery+u.Fragment != "" || u.User != nil ||
		u.Scheme != "https" && (u.Scheme != "http" || !here(text)) {
		return "", errors.New("a station has an address such as https://callin.example.org, or https://192.168.1.20:8443")
	}
	return text, nil
}

func (s Settings) checkStation(path string) error {
	if s.AccountSid+s.AuthToken+s.PublicURL+s.Number+s.DialIn+s.Rehearsal+s.Door.Address != "" {
		return &Error{path, "station makes this PC a desk of a station elsewhere, which has the account and the door. Remove station, or the settings of an account and a door."}
	}
	address, err := StationAddress(s.Station)
	if err != nil || address != s.Station {
		return &Error{path, "station must be an address such as https://callin.example.org, or https://192.168.1.20:8443."}
	}
	return nil
}

// Paired is what a PC has that is a desk of a station elsewhere.
type Paired struct {
	Station string `json:"station"`
	// Pin is what the station's key is known by; empty where its certificate is trusted
	// anyway.
	Pin string `json:"pin,omitempty"`
	// Secret lets this PC in.
	Secret string `json:"secret"`
	// Name is what the station is called, and Desk what this one was when it was paired.
	Name string `json:"name"`
	Desk string `json:"desk"`
	// Rehearsal is whether it is a desk of the station's rehearsals. It is then none of
	// its real shows.
	Rehearsal bool `json:"rehearsal"`
	// Edge and Region are where the station uses Twilio.
	Edge   string `json:"edge,omitempty"`
	Region string `json:"region,omitempty"`
}

const pairedFile = "station.json"

// LoadPaired reads what is kept in dir of a pairing; nil when there is none.
func LoadPaired(dir string) (*Paired, error) {
	path := filepath.Join(dir, pairedFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var p *Paired
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil || p == nil || p.Station == "" || p.Secret == "" {
		return nil, &Error{path, "What this PC keeps of its station cannot be read. See that you may read it; if it is damaged, pair the PC again: ask a manager's desk for a code, and start callin --station ADDRESS --code CODE."}
	}
	return p, nil
}

// Save writes p to dir, whole or not at all.
func (p Paired) Save(dir string) error {
	b, err := json.MarshalIndent(p, "", "\t")
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return save(dir, pairedFile, append(b, '\n'))
}
