package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"callin/app/call"
)

const (
	// CodeLife is how long the code of an address that a browser is opened with
	// can be used: it stands in the list of processes.
	CodeLife = 5 * time.Minute
	// mostSessions is how many browsers stay let in; the oldest one goes first.
	mostSessions = 64
)

// Sessions are the browsers that have been let in. One comes in by a code that
// can be used once and gets a proof, which it shows from then on. Neither is
// kept, only what they are known by.
type Sessions struct {
	host, dir string
	keep      func(known []string) error

	mu    sync.Mutex
	codes map[string]time.Time // until when; zero until it is used
	known []string             // of proofs, the oldest first
	// life ends when all browsers are signed out.
	life context.Context
	end  context.CancelFunc
}

// NewSessions are those of the desk at host, with what was kept of an earlier
// start. Another Callin that is started with the folder dir leaves its codes there.
func NewSessions(host, dir string, known []string, keep func(known []string) error) *Sessions {
	s := &Sessions{host: host, dir: dir, keep: keep, known: slices.Clone(known)}
	s.begin()
	return s
}

// begin forgets the codes; mu is held, or nobody else has s.
func (s *Sessions) begin() {
	s.codes = map[string]time.Time{}
	s.life, s.end = context.WithCancel(context.Background())
	left, _ := filepath.Glob(leftCode(s.dir, "*")) // the error is of a wrong pattern
	for _, path := range left {
		_ = os.Remove(path)
	}
}

// knownBy is what a code or a proof is known by: it is of no use at another
// address, where something else may listen.
func knownBy(host, secret string) string {
	sum := sha256.Sum256([]byte(host + "\n" + secret))
	return hex.EncodeToString(sum[:])
}

// Code is a new code that can be used once, within life if that is not 0.
func (s *Sessions) Code(life time.Duration) string {
	code := rand.Text()
	var until time.Time
	if life > 0 {
		until = time.Now().Add(life)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[knownBy(s.host, code)] = until
	return code
}

// enter takes a code for a proof.
func (s *Sessions) enter(code string) (proof string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := knownBy(s.host, code)
	until, ok := s.codes[id]
	delete(s.codes, id)
	if ok && !until.IsZero() && !time.Now().Before(until) || !ok && !takeLeft(s.dir, id) {
		return "", false
	}
	proof = rand.Text()
	s.known = append(s.known, knownBy(s.host, proof))
	if more := len(s.known) - mostSessions; more > 0 {
		s.known = slices.Delete(s.known, 0, more)
	}
	_ = s.keep(s.known) // it holds until Callin ends; who keeps says so
	return proof, true
}

// admit reports whether a proof is one, and until when.
func (s *Sessions) admit(proof string) (life context.Context, ok bool) {
	given := []byte(knownBy(s.host, proof))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, known := range s.known {
		if subtle.ConstantTimeCompare(given, []byte(known)) == 1 {
			ok = true
		}
	}
	return s.life, ok
}

// End signs all browsers out, and makes the codes that were not used useless.
func (s *Sessions) End() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = nil
	s.end()
	s.begin()
	if err := s.keep(nil); err != nil {
		return &call.Error{Code: call.CodeNotSaved, Message: "All browsers are signed out, but this cannot be kept: once Callin starts again they are back. Free some space and sign out once more."}
	}
	return nil
}

// leftCode is the file of a code that another start has left.
func leftCode(dir, id string) string { return filepath.Join(dir, "code-"+id) }

// LeaveCode leaves a new code in dir for the desk at host, which another process
// has: who can write there may come in, and no secret goes over a port.
func LeaveCode(dir, host string) (code string, err error) {
	code = rand.Text()
	return code, os.WriteFile(leftCode(dir, knownBy(host, code)), nil, 0o600)
}

// takeLeft takes a code that was left not long ago.
func takeLeft(dir, id string) bool {
	path := leftCode(dir, id)
	info, err := os.Stat(path)
	return err == nil && time.Since(info.ModTime()).Abs() < CodeLife && os.Remove(path) == nil
}
