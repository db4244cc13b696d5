package contract

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
)

// Browser signs every request, as a page does, for the start of Callin that
// answers at the request's address.
type Browser struct{ key *ecdsa.PrivateKey }

// NewBrowser is a browser that nobody has let in yet.
func NewBrowser(t testing.TB) Browser {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return Browser{key}
}

// Enter comes in by an address that Callin printed, as a page does, and returns
// the browser that was let in.
func Enter(t testing.TB, address string) *http.Client {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	b := NewBrowser(t)
	answer, err := http.Post("http://"+u.Host+"/api/session", "application/json", bytes.NewReader(b.Asks(u.Query().Get("code"))))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s does not let in: %s", address, answer.Status)
	}
	return &http.Client{Transport: b}
}

// Asks is the body that asks to be let in by a code.
func (b Browser) Asks(code string) []byte {
	body, _ := json.Marshal(map[string]string{"code": code, "key": b.Key()})
	return body
}

// Key is the public half of the browser's key.
func (b Browser) Key() string {
	point, _ := b.key.PublicKey.Bytes() // fails for keys of other curves
	return hex.EncodeToString(point)
}

// Authorization is the header of a request to the desk at host, for the start
// of Callin that has this challenge.
func (b Browser) Authorization(challenge, host string) string {
	sum := sha256.Sum256([]byte(challenge + "\n" + host))
	r, s, err := ecdsa.Sign(rand.Reader, b.key, sum[:])
	if err != nil {
		panic(err)
	}
	var signature [64]byte
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return "Callin " + b.Key() + " " + hex.EncodeToString(signature[:])
}

// RoundTrip asks for the challenge and sends the request with the answer to it.
func (b Browser) RoundTrip(r *http.Request) (*http.Response, error) {
	challenge, err := Challenge(r)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", b.Authorization(challenge, r.URL.Host))
	return http.DefaultTransport.RoundTrip(r)
}

// Challenge is that of the Callin that a request goes to.
func Challenge(r *http.Request) (string, error) {
	ask, err := http.NewRequestWithContext(r.Context(), http.MethodHead, "http://"+r.URL.Host+"/", nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultTransport.RoundTrip(ask)
	if err != nil {
		return "", err
	}
	return answer.Header.Get("Callin-Challenge"), answer.Body.Close()
}
