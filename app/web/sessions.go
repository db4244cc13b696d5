package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
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
// can be used once, and brings the public half of a key that never leaves it.
// With that key it signs the challenge of every start of Callin: who has the port
// while Callin is down learns nothing that a later start lets in, and neither
// does who reads what is kept.
type Sessions struct {
	host, dir string
	keep      func(known []string) error
	// challenge is what this start's browsers sign.
	challenge string

	mu    sync.Mutex
	codes map[string]time.Time // until when; zero until it is used
	known []string             // of keys, the oldest first
	// life ends when all browsers are signed out.
	life context.Context
	end  context.CancelFunc
}

// NewSessions are those of the desk at host, with what was kept of an earlier
// start. Another Callin that is started with the folder dir leaves its codes there.
func NewSessions(host, dir string, known []string, keep func(known []string) error) *Sessions {
	s := &Sessions{host: host, dir: dir, keep: keep, known: slices.Clone(known), challenge: rand.Text()}
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

// knownBy is what a code or a key is known by: it is of no use at another
// address, where something else may listen.
func knownBy(host, shown string) string {
	sum := sha256.Sum256([]byte(host + "\n" + shown))
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

// enter lets the browser that has a key in by a code.
func (s *Sessions) enter(code, key string) (ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := knownBy(s.host, code)
	until, ok := s.codes[id]
	delete(s.codes, id)
	if ok && !until.IsZero() && !time.Now().Before(until) || !ok && !takeLeft(s.dir, id) {
		return false
	}
	s.known = append(s.known, knownBy(s.host, key))
	if more := len(s.known) - mostSessions; more > 0 {
		s.known = slices.Delete(s.known, 0, more)
	}
	_ = s.keep(s.known) // it holds until Callin ends; who keeps says so
	return true
}

// admit reports whether a browser with this key was let in and has signed this
// start's challenge with it, and until when.
func (s *Sessions) admit(key, signature string) (life context.Context, ok bool) {
	s.mu.Lock()
	life, ok = s.life, slices.Contains(s.known, knownBy(s.host, key)) // nothing of it is secret
	s.mu.Unlock()
	return life, ok && signed(key, signature, s.challenge+"\n"+s.host)
}

// admitLeft is admit for who shows a code that was left, once.
func (s *Sessions) admitLeft(code string) (life context.Context, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.life, takeLeft(s.dir, knownBy(s.host, code))
}

// publicKey reads a browser's public key: an uncompressed point of P-256, in hex.
func publicKey(key string) (*ecdsa.PublicKey, error) {
	point, err := hex.DecodeString(key)
	if err != nil {
		return nil, err
	}
	return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
}

// signed reports whether a signature (its two numbers in hex, 32 bytes each, as
// browsers make it) is the key's of a text.
func signed(key, signature, text string) bool {
	public, err := publicKey(key)
	if err != nil {
		return false
	}
	numbers, err := hex.DecodeString(signature)
	if err != nil || len(numbers) != 64 {
		return false
	}
	sum := sha256.Sum256([]byte(text))
	return ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(numbers[:32]), new(big.Int).SetBytes(numbers[32:]))
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

// CodeScheme is the Authorization of a program that shows a code which it has left: it
// lets one request through.
const CodeScheme = "Callin-Code"

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
