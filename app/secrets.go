package app

import (
	"cmp"
	"errors"
	"path/filepath"

	"callin/app/secret"
	"callin/app/settings"
)

// secretsOf are where the secrets of a kind of start are, whose folder is dir. A
// rehearsal's are nobody's for long and have no place in a person's keyring, and a
// service has none.
func (s *process) secretsOf(set settings.Settings, dir string) *secret.Store {
	switch {
	case set.AccountSid == "" || set.Rehearsal != "":
		return secret.InFiles(dir)
	case s.service:
		return secret.InFiles(s.data)
	}
	return secret.Open(s.data, s.log)
}

// openSecrets opens where this start's secrets are, and takes from there what neither
// settings nor environment give.
func (s *process) openSecrets() error {
	set := &s.settings
	s.secrets = s.secretsOf(*set, s.dir)
	if set.AccountSid == "" {
		return nil
	}
	s.tokenGiven = set.AuthToken != ""
	if !s.tokenGiven {
		var err error
		set.AuthToken, err = s.secrets.Get(secret.AuthToken(set.AccountSid, placeOf(*set).Abroad()))
		switch {
		case errors.Is(err, secret.ErrNone):
			return &settings.Error{Where: s.options.settings, Message: "auth_token is missing, and is not in " + s.secrets.Where() + ". It stands beside the Account SID in Twilio's console."}
		case err != nil:
			return err
		}
	}
	if set.Pin == "" {
		var err error
		if set.Pin, err = s.secrets.Get(secret.Pin(set.AccountSid)); err != nil && !errors.Is(err, secret.ErrNone) {
			s.log.Error("the PIN", "error", err)
			s.warn("The PIN for the dial-in number cannot be read from " + s.secrets.Where() + ": nobody can take callers on a telephone. The log says why.")
		}
	}
	if set.Tunnel != "" && set.TunnelToken == "" {
		var err error
		if set.TunnelToken, err = s.secrets.Get(secret.Tunnel); err != nil && !errors.Is(err, secret.ErrNone) {
			return err
		}
	}
	s.stderr.hide(set.AuthToken, set.Pin, set.TunnelToken)
	s.findKeySecret()
	return nil
}

// findKeySecret finds the secret of the account's API key, which Twilio tells once. What
// is in kept.json is newer than what is anywhere else.
func (s *process) findKeySecret() {
	s.keySecret = s.kept.KeySecret
	if s.keySecret != "" || s.kept.KeySid == "" || s.kept.KeyAccount != s.settings.AccountSid {
		return
	}
	var err error
	if s.keySecret, err = s.secrets.Get(secret.KeySecret(s.kept.KeyAccount)); err != nil {
		s.log.Warn("the API key's secret is not found; a new key is made", "error", err)
	}
	s.stderr.hide(s.keySecret)
}

// keepKey keeps the API key, and what else is kept. Its secret is in kept.json until it
// is kept where the other secrets are, and stays there where it cannot be: a start that
// ends in between has the key whole. before is the account of the key that was kept.
func (s *process) keepKey(fresh, before string) {
	s.keySecret = cmp.Or(fresh, s.keySecret)
	s.stderr.hide(s.keySecret)
	moves := s.kept.KeySecret != "" || fresh != ""
	if moves {
		s.kept.KeySecret = s.keySecret
	}
	if err := s.kept.Save(s.dir); err != nil { // a key that is not kept is made again at every start
		s.log.Warn("the API key is not kept", "error", err)
		return
	}
	if !moves {
		return
	}
	if err := s.secrets.Set(secret.KeySecret(s.kept.KeyAccount), s.keySecret); err != nil {
		s.log.Error("the API key's secret", "error", err)
		s.warn("The API key's secret cannot be kept in " + s.secrets.Where() + ", and stays in " + filepath.Join(s.dir, "kept.json") + ", which only you can read.")
		return
	}
	s.kept.KeySecret = ""
	err := s.kept.Save(s.dir)
	if before != "" && before != s.kept.KeyAccount {
		err = errors.Join(err, s.secrets.Delete(secret.KeySecret(before)))
	}
	if err != nil {
		s.log.Warn("the API key's secret is kept twice", "error", err)
	}
}
