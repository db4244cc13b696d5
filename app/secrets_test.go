package app_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/picture"
	"callin/app/secret"
	"callin/app/settings"
)

// secrets are where the site keeps its own.
func (s *site) secrets() *secret.Store { return secret.InFiles(filepath.Join(s.data, "rehearsal")) }

func (s *site) keeps(name, value string) {
	s.t.Helper()
	if err := s.secrets().Set(name, value); err != nil {
		s.t.Fatal(err)
	}
}

// token asks Twilio to do something with the account's tokens.
func (s *site) tokens(by, do string) (made struct {
	Secondary string `json:"secondary_auth_token"`
},
) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.stage.Address+"/v1/AuthTokens/"+do, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.SetBasicAuth(s.stage.AccountSid, by)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		s.t.Fatal(do, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil {
		s.t.Fatal(err)
	}
	return made
}

// notWritten fails if a secret stands anywhere in what the site has written but where
// secrets are kept.
func (s *site) notWritten(secrets ...string) {
	s.t.Helper()
	err := filepath.WalkDir(s.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(filepath.Dir(path)) == "secrets" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, one := range secrets {
			if strings.Contains(string(text), one) {
				s.t.Errorf("a secret is in %s", path)
			}
		}
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
}

// The account's AuthToken is changed as Twilio has it: who waits stays, who rings comes
// in, who is taken is taken, and so after a restart.
func TestTheAuthTokenIsChangedWithoutLosingACall(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.token = noToken
	first := s.stage.AuthToken
	s.keeps(secret.AuthToken(s.stage.AccountSid, ""), first)
	s.keeps(secret.Pin(s.stage.AccountSid), "24681357")
	s.start()
	s.desk()
	waits := func(sid call.Sid) {
		t.Helper()
		s.until("a caller waits", func(p picture.Picture) bool {
			c := card(p, sid)
			return c != nil && c.Place.Kind == call.Queue
		})
	}
	ana := s.ring()
	waits(ana)

	second := s.tokens(first, "Secondary").Secondary
	s.keeps(secret.NextAuthToken(s.stage.AccountSid, ""), second) // while the station runs
	s.tokens(first, "Promote")

	ben := s.ring()
	waits(ben)
	s.do("take", map[string]any{"call": ana})
	s.until("Ana is on air", func(p picture.Picture) bool {
		c := card(p, ana)
		return c != nil && c.Move == nil && c.Place.Kind == call.Line
	})
	if wrong := differs(s.picture(), s.legs(), s.leg, s.id); wrong != "" {
		t.Error(wrong)
	}
	if alerts, err := s.stage.Alerts(t.Context()); err != nil || len(alerts) > 0 {
		t.Errorf("Twilio has had %+v, %v", alerts, err)
	}
	kept, err := s.secrets().Get(secret.AuthToken(s.stage.AccountSid, ""))
	if _, next := s.secrets().Get(secret.NextAuthToken(s.stage.AccountSid, "")); err != nil || kept != second || !errors.Is(next, secret.ErrNone) {
		t.Errorf("the new token is not kept as the account's: %v, %v", err, next)
	}
	s.kill()
	s.start()
	waits(ben)
	if p := s.picture(); len(p.Station.Warnings) != 1 || !strings.Contains(p.Station.Warnings[0], "not ended in order") {
		t.Errorf("it warns of %q", p.Station.Warnings)
	}

	// A person's settings still have the token of before.
	s.kill()
	s.token = first
	s.start()
	waits(ben)
	if p := s.picture(); !slices.ContainsFunc(p.Station.Warnings, func(w string) bool { return strings.Contains(w, "remove it there") }) {
		t.Errorf("it warns of %q", p.Station.Warnings)
	}
	s.kill()
	s.notWritten(first, second, "24681357")
}

// The API key of an earlier Callin stays the key, wherever its secret is kept.
func TestTheKeysSecretMovesToTheOthersAndIsNeverLost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twilio, err := carrier.New(carrier.Account{
		AccountSid: s.stage.AccountSid, Username: s.stage.AccountSid, Password: s.stage.AuthToken, Rehearsal: s.stage.Address,
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(s.data, "rehearsal")
	kept := func() settings.Kept {
		t.Helper()
		k, err := settings.LoadKept(dir)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	name := secret.KeySecret(s.stage.AccountSid)
	s.start()
	s.kill()
	first := kept()
	value, err := s.secrets().Get(name)
	if err != nil || first.KeySecret != "" {
		t.Fatalf("the key's secret is not with the others: %v", err)
	}
	s.notWritten(value)

	earlier := first // an earlier Callin's
	earlier.KeySecret = value
	if err := errors.Join(s.secrets().Delete(name), earlier.Save(dir)); err != nil {
		t.Fatal(err)
	}
	s.start()
	s.kill()
	if moved, err := s.secrets().Get(name); err != nil || moved != value || kept().KeySecret != "" || kept().KeySid != first.KeySid {
		t.Errorf("what an earlier Callin kept is %q, %v, and the key is %s", moved, err, kept().KeySid)
	}

	// Nothing can be kept there.
	if err := errors.Join(earlier.Save(dir), os.RemoveAll(filepath.Join(dir, "secrets")), os.WriteFile(filepath.Join(dir, "secrets"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s.start()
		if p := s.picture(); !slices.ContainsFunc(p.Station.Warnings, func(w string) bool { return strings.Contains(w, "stays in") }) {
			t.Errorf("it warns of %q", p.Station.Warnings)
		}
		s.kill()
		if k := kept(); k.KeySecret != value || k.KeySid != first.KeySid {
			t.Errorf("where it can be kept nowhere else, the key is %s", k.KeySid)
		}
	}
	if keys := keysOf(t, twilio); len(keys) != 1 || keys[first.KeySid] == "" {
		t.Errorf("the account has the keys %v", keys)
	}
}

// Neither settings nor environment nor the store have it.
func TestAStationWithoutATokenSaysWhereItLooked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.token = noToken
	out, err := s.command().CombinedOutput()
	if err == nil || !strings.Contains(string(out), "auth_token is missing") || !strings.Contains(string(out), filepath.Join(s.data, "rehearsal", "secrets")) {
		t.Errorf("it said %s, %v", out, err)
	}
	s.keeps(secret.AuthToken(s.stage.AccountSid, ""), s.stage.AuthToken)
	if err := os.Chmod(filepath.Join(s.data, "rehearsal", "secrets"), 0o755); err != nil {
		t.Fatal(err)
	}
	out, err = s.command().CombinedOutput()
	if err == nil || !strings.Contains(string(out), "chmod go-rwx") || strings.Contains(string(out), s.stage.AuthToken) {
		t.Errorf("it said %s, %v", out, err)
	}
}
