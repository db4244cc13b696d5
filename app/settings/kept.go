package settings

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Kept is what Callin remembers between two starts: an open page with a live
// call finds its desk again at the same address, with the same key. Only the
// owner can read its file, as it has secrets.
type Kept struct {
	DeskKey       string `json:"desk_key"`
	DeskPort      int    `json:"desk_port"`
	VoicePort     int    `json:"voice_port"`
	RehearsalPort int    `json:"rehearsal_port"`
	// KeySid and KeySecret are the API key made for KeyAccount.
	KeyAccount string `json:"key_account"`
	KeySid     string `json:"key_sid"`
	KeySecret  string `json:"key_secret"`
}

// LoadKept reads what is kept in dir, or begins it with a new desk key.
func LoadKept(dir string) (Kept, error) {
	var k Kept
	b, err := os.ReadFile(filepath.Join(dir, "kept.json"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return k, fmt.Errorf("settings: %w", err)
	default:
		if err := json.Unmarshal(b, &k); err != nil {
			return k, &Error{filepath.Join(dir, "kept.json"), "This file is damaged. Delete it; open pages must then be opened again at the new address."}
		}
	}
	if k.DeskKey == "" {
		k.DeskKey = rand.Text()
	}
	return k, nil
}

// Save writes k to dir, whole or not at all.
func (k Kept) Save(dir string) error {
	b, err := json.MarshalIndent(k, "", "\t")
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	f, err := os.CreateTemp(dir, "kept-*") // mode 0600
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	defer os.Remove(f.Name()) // not there any more once it is renamed
	_, err = f.Write(append(b, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, "kept.json"))
	}
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}
