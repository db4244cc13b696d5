package certificate_test

import (
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"callin/app/certificate"
)

// authority is the one that this computer trusts in these tests. Go reads the
// variable on Linux, once.
var authority signer

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var t testing.T
		authority.key = newKey(&t)
		authority.certificate = new(signer).sign(&t, authority.key, x509.Certificate{})
		dir, err := os.MkdirTemp("", "callin")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		roots := filepath.Join(dir, "roots.pem")
		if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.certificate.Raw}), 0o600); err != nil {
			panic(err)
		}
		os.Setenv("SSL_CERT_FILE", roots)
		os.Setenv("SSL_CERT_DIR", dir)
		return m.Run()
	}())
}

// A door with a certificate that this computer trusts needs no pin: but for that
// name, at that time and from that authority alone.
func TestATrustedDoorNeedsNoPin(t *testing.T) {
	between := signer{key: newKey(t)}
	between.certificate = authority.sign(t, between.key, x509.Certificate{})
	stranger := signer{key: newKey(t)}
	stranger.certificate = new(signer).sign(t, stranger.key, x509.Certificate{})
	localhost := x509.Certificate{DNSNames: []string{"localhost"}}
	key := newKey(t)
	past := localhost
	past.NotBefore, past.NotAfter = time.Unix(1, 0), time.Unix(2, 0)

	for _, c := range []struct {
		what    string
		by      *signer
		names   x509.Certificate
		host    string
		above   []*x509.Certificate
		trusted bool
	}{
		{"by name", &authority, localhost, "localhost", nil, true},
		{"by address", &authority, x509.Certificate{IPAddresses: []net.IP{{127, 0, 0, 1}}}, "127.0.0.1", nil, true},
		{"by another one between", &between, localhost, "localhost", []*x509.Certificate{between.certificate}, true},
		{"by one between that is not shown", &between, localhost, "localhost", nil, false},
		{"for another name", &authority, x509.Certificate{DNSNames: []string{"localhost.example"}}, "localhost", nil, false},
		{"for a name, at an address", &authority, localhost, "127.0.0.1", nil, false},
		{"that has expired", &authority, past, "localhost", nil, false},
		{"from a stranger", &stranger, localhost, "localhost", []*x509.Certificate{stranger.certificate}, false},
	} {
		leaf := c.by.sign(t, key, c.names)
		_, port, _ := net.SplitHostPort(serve(t, showing(chain(key, append([]*x509.Certificate{leaf}, c.above...)...))))
		at := net.JoinHostPort(c.host, port)
		if shown := look(t, at); shown.Trusted != c.trusted || shown.Pin != certificate.PinOf(leaf) {
			t.Errorf("a certificate %s is seen as %+v", c.what, shown)
		}
		if _, err := ask(at, certificate.Client(certificate.Pin{})); (err == nil) != c.trusted {
			t.Errorf("a certificate %s: a desk without a pin has %v", c.what, err)
		}
	}
}
