package app

import (
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"callin/app/secret"
)

// tokens are an account's AuthTokens while it is changed for another. Twilio makes a
// second one, which Callin is given beforehand (secret.NextAuthToken), and ends the first
// at the moment at which the second is promoted; from then on it signs with that.
type tokens struct {
	accountSid string
	region     string // empty for us1
	secrets    *secret.Store
	hide       func(...string)
	log        *slog.Logger

	// looking is held while a next token is looked for, and looks bounds how often that is.
	looking sync.Mutex
	looks   *rate.Limiter

	mu sync.Mutex
	// current is what requests are made with, and next what they will be.
	current, next string
	// old was current until a moment ago.
	old      string
	oldUntil time.Time
}

const (
	// lookAgain is how often a next token is looked for at most, but for some times at once:
	// any badly signed request has it looked for.
	lookAgain   = time.Second
	looksAtOnce = 10
	// oldSigns is how long what was signed with the token of before may be under way.
	// Whoever else has it gets no further than that.
	oldSigns = time.Minute
)

func (s *process) newTokens() *tokens {
	t := &tokens{
		accountSid: s.settings.AccountSid, region: placeOf(s.settings).Abroad(), secrets: s.secrets, hide: s.stderr.hide, log: s.log,
		current: s.settings.AuthToken, looks: rate.NewLimiter(rate.Every(lookAgain), looksAtOnce),
	}
	t.look()
	return t
}

// now is what requests are made with.
func (t *tokens) now() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.current
}

// signing are those that Twilio may sign with now.
func (t *tokens) signing(anew bool) []string {
	if anew {
		t.look()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	all := []string{t.current}
	if t.next != "" {
		all = append(all, t.next)
	}
	if t.old != "" && time.Now().Before(t.oldUntil) {
		all = append(all, t.old)
	}
	return all
}

// look looks for the next token: set-up may have put it there meanwhile. Whoever has it
// looked for while somebody looks waits for what is found, and nobody else does.
func (t *tokens) look() {
	t.looking.Lock()
	defer t.looking.Unlock()
	if !t.looks.Allow() {
		return
	}
	next, err := t.secrets.Get(secret.NextAuthToken(t.accountSid, t.region))
	if err != nil { // mostly as there is none
		return
	}
	t.hide(next)
	t.mu.Lock()
	defer t.mu.Unlock()
	if next != t.current && next != t.old {
		t.next = next
	}
}

// spare are those that are tried when the current one is refused: the next one, and
// what is kept of an earlier change where a person's settings still have the token of
// before.
func (t *tokens) spare() (all []string) {
	for _, name := range []string{secret.NextAuthToken(t.accountSid, t.region), secret.AuthToken(t.accountSid, t.region)} {
		if token, err := t.secrets.Get(name); err == nil {
			t.hide(token)
			all = append(all, token)
		}
	}
	return all
}

// changed goes on with a token that Twilio has accepted. It is kept as the account's
// before it is used for anything.
func (t *tokens) changed(token string) {
	err := t.secrets.Set(secret.AuthToken(t.accountSid, t.region), token)
	if err == nil {
		err = t.secrets.Delete(secret.NextAuthToken(t.accountSid, t.region))
	}
	if err != nil { // it is found again as the next one
		t.log.Warn("the AuthToken was changed at Twilio, and the new one cannot be kept as the account's", "error", err)
	}
	t.log.Info("the AuthToken was changed at Twilio; Callin goes on with the new one")
	t.mu.Lock()
	defer t.mu.Unlock()
	t.old, t.oldUntil = t.current, time.Now().Add(oldSigns)
	t.current, t.next = token, ""
}
