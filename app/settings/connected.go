package settings

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/pelletier/go-toml/v2"
)

// Connected is what the set-up of an account has settled. It has no secret in it. A
// person's file and the environment go before it.
type Connected struct {
	AccountSid string `toml:"account_sid"`
	Number     string `toml:"number"`
	DialIn     string `toml:"dial_in,omitempty"`
	// PublicURL is empty where there is a tunnel.
	PublicURL    string `toml:"public_url,omitempty"`
	Tunnel       string `toml:"tunnel,omitempty"`
	TunnelDomain string `toml:"tunnel_domain,omitempty"`
	VoicePort    int    `toml:"voice_port"`
	// Edge and Region are empty where nobody has chosen them.
	Edge   string `toml:"edge,omitempty"`
	Region string `toml:"region,omitempty"`
	// Rehearsal is the stand-in that the account is of; empty for Twilio.
	Rehearsal string `toml:"rehearsal,omitempty"`
}

const connectedFile = "account.toml"

// LoadConnected reads what a set-up has settled; the zero Connected for nothing.
func LoadConnected(data string) (c Connected, err error) {
	if data == "" {
		return c, nil
	}
	path := filepath.Join(data, connectedFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return c, nil
	}
	if err == nil {
		err = toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&c)
	}
	if err != nil {
		return c, &Error{path, "This file, which the set-up of the account wrote, cannot be read. See that you may read it, or remove it and set the account up again."}
	}
	return c, nil
}

// Save keeps what a set-up has settled, whole or not at all.
func (c Connected) Save(data string) error {
	text, err := toml.Marshal(c)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return save(data, connectedFile, append([]byte("# Written by the set-up of the account. What callin.toml sets goes before this.\n"), text...))
}

// Disconnect forgets what a set-up has settled.
func Disconnect(data string) error {
	if err := os.Remove(filepath.Join(data, connectedFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}

// under fills in what a person's file and the environment leave out, unless they are
// about another account.
func (s *Settings) under(c Connected) {
	if c.AccountSid == "" || s.AccountSid != "" && s.AccountSid != c.AccountSid || s.Rehearsal != c.Rehearsal {
		return
	}
	s.Connected = true
	s.AccountSid = c.AccountSid
	s.Number, s.DialIn = cmp.Or(s.Number, c.Number), cmp.Or(s.DialIn, c.DialIn)
	s.VoicePort = cmp.Or(s.VoicePort, c.VoicePort)
	if s.PublicURL+s.Tunnel == "" {
		s.PublicURL, s.Tunnel, s.TunnelDomain = c.PublicURL, c.Tunnel, c.TunnelDomain
	}
	if s.Edge+s.Region == "" {
		s.Edge, s.Region = c.Edge, c.Region
	}
}

// fixed are the names of the account's settings that a person's file or the environment
// has.
func (s *Settings) fixed() (names []string) {
	for _, f := range []struct{ name, value string }{
		{"account_sid", s.AccountSid},
		{"auth_token", s.AuthToken},
		{"number", s.Number},
		{"dial_in", s.DialIn},
		{"pin", s.Pin},
		{"public_url", s.PublicURL},
		{"tunnel", s.Tunnel},
		{"tunnel_domain", s.TunnelDomain},
		{"tunnel_token", s.TunnelToken},
		{"edge", s.Edge},
		{"region", s.Region},
	} {
		if f.value != "" {
			names = append(names, f.name)
		}
	}
	return names
}
