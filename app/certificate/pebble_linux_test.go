package certificate_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// pebble is Let's Encrypt's ACME authority for tests, in a process of its own.
type pebble struct {
	directory string
	// roots are what it signs certificates with, at last.
	roots *x509.CertPool
	kill  func()
}

// pebbleProgram is built of the version that build/tools/go.mod pins, once.
var pebbleProgram = sync.OnceValues(func() (string, error) {
	path, err := exec.Command("go", "tool", "-modfile=../../build/tools/go.mod", "-n", "pebble").Output()
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		err = fmt.Errorf("%w: %s", err, failed.Stderr)
	}
	return strings.TrimSpace(string(path)), err
})

// startPebble starts an authority that asks at these ports whose a name is, and
// finds every name at 127.0.0.1.
func startPebble(t *testing.T, http01, tlsALPN01 int) *pebble {
	t.Helper()
	program, err := pebbleProgram()
	if err != nil {
		t.Fatalf("pebble cannot be built: %v", err)
	}
	dir, key, api, management := t.TempDir(), newKey(t), freePort(t), freePort(t)
	certificate, private := inPEM(t, authority.sign(t, key, x509.Certificate{DNSNames: []string{"localhost"}, IPAddresses: []net.IP{{127, 0, 0, 1}}}), key)
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": fmt.Sprintf("127.0.0.1:%d", api), "managementListenAddress": fmt.Sprintf("127.0.0.1:%d", management),
		"certificate": filepath.Join(dir, "api.pem"), "privateKey": filepath.Join(dir, "api-key.pem"),
		"httpPort": http01, "tlsPort": tlsALPN01, "retryAfter": map[string]int{"authz": 1, "order": 1},
		"profiles": map[string]any{"default": map[string]any{"description": "The only one.", "validityPeriod": 90 * 24 * 3600}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"api.pem": certificate, "api-key.pem": private, "pebble.json": config} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var said bytes.Buffer
	c := exec.Command(program, "-config", filepath.Join(dir, "pebble.json"), "-dnsserver", everyNameIsHere(t))
	c.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &pebble{directory: fmt.Sprintf("https://127.0.0.1:%d/dir", api), roots: x509.NewCertPool()}
	p.kill = sync.OnceFunc(func() { c.Process.Kill(); c.Wait() })
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("pebble said:\n%s", said.String())
		}
	})
	fetch(t, p.directory)
	p.roots.AppendCertsFromPEM(fetch(t, fmt.Sprintf("https://127.0.0.1:%d/roots/0", management)))
	return p
}

// fetch asks a server that is starting until it answers.
func fetch(t *testing.T, url string) []byte {
	t.Helper()
	for late := time.After(15 * time.Second); ; {
		if answer, err := http.Get(url); err == nil {
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			return body
		}
		select {
		case <-late:
			t.Fatalf("nobody answers at %s", url)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// freePort is one that nobody has, of those that neither a system gives to a connection nor
// Callin takes by itself.
func freePort(t *testing.T) int {
	t.Helper()
	for {
		port := 10000 + rand.IntN(10000)
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			l.Close()
			return port
		}
	}
}

// everyNameIsHere is a name server, over TCP, whose every name is at 127.0.0.1.
func everyNameIsHere(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.SetDeadline(time.Now().Add(5 * time.Second))
			answerName(conn)
			conn.Close()
		}
	}()
	return l.Addr().String()
}

// answerName answers one question: its length in two bytes, a header of 12, the name
// in parts with their lengths, 0, type and class.
func answerName(conn net.Conn) {
	length := make([]byte, 2)
	if _, err := io.ReadFull(conn, length); err != nil {
		return
	}
	question := make([]byte, binary.BigEndian.Uint16(length))
	if _, err := io.ReadFull(conn, question); err != nil {
		return
	}
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	end += 5
	answers, answer := byte(0), question[:end]
	if question[end-3] == 1 { // A: the name of byte 12, A, IN, for a minute, 4 bytes
		answers, answer = 1, append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1)
	}
	copy(answer[2:12], []byte{0x81, 0x80, 0, 1, 0, answers, 0, 0, 0, 0})
	conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
}

// through is a desk that finds a name at an address, and trusts an authority.
func through(address, name string, roots *x509.CertPool) (*tls.ConnectionState, error) {
	conn, err := tls.Dial("tcp", address, &tls.Config{ServerName: name, RootCAs: roots})
	if err != nil {
		return nil, err
	}
	s := conn.ConnectionState()
	return &s, conn.Close()
}
