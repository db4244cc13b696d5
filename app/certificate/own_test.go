package certificate_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/certificate"
)

func own(t *testing.T, dir string) *certificate.Identity {
	t.Helper()
	identity, err := certificate.Own(dir)
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

// look is what a PC sees of a door before it is paired.
func look(t *testing.T, address string) certificate.Shown {
	t.Helper()
	shown, err := certificate.Look(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

// A PC sees at a door what the station says of it, and from then on trusts that
// station whatever it is called, also after it was started again.
func TestAPCKnowsItsStationAgain(t *testing.T) {
	dir := t.TempDir()
	station := own(t, dir)
	at := serve(t, station.TLS)
	shown := look(t, at)
	if shown.Pin != station.Pin || shown.Trusted || station.Pin == (certificate.Pin{}) {
		t.Fatalf("the door of %v shows %+v", station.Pin, shown)
	}
	_, port, _ := bytes.Cut([]byte(at), []byte(":"))
	for _, address := range []string{at, "localhost:" + string(port), serve(t, own(t, dir).TLS)} {
		if s, err := ask(address, certificate.Client(shown.Pin)); err != nil {
			t.Errorf("%s: %v", address, err)
		} else if s.NegotiatedProtocol != "h2" {
			t.Errorf("%s speaks %q", address, s.NegotiatedProtocol)
		}
	}
	var unknown *tls.CertificateVerificationError
	if _, err := ask(at, certificate.Client(certificate.Pin{})); !errors.As(err, &unknown) {
		t.Errorf("without a pin: %v", err)
	}
	old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11, InsecureSkipVerify: true}
	if conn, err := tls.Dial("tcp", at, old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
}

// What counts is the key, which the handshake proves: another one is refused, also
// beside a copy of the station's certificate, and the same one is taken with any
// certificate.
func TestAPCTrustsNoOtherKey(t *testing.T) {
	key := newKey(t)
	mine := new(signer).sign(t, key, x509.Certificate{})
	pin := certificate.PinOf(mine)

	other := own(t, t.TempDir())
	if _, err := ask(serve(t, other.TLS), certificate.Client(pin)); !errors.Is(err, certificate.OtherKey) {
		t.Errorf("another station: %v", err)
	}
	forger := newKey(t)
	between := chain(forger, new(signer).sign(t, forger, x509.Certificate{}), mine)
	if _, err := ask(serve(t, showing(between)), certificate.Client(pin)); !errors.Is(err, certificate.OtherKey) {
		t.Errorf("a forger who shows a copy too: %v", err)
	}
	if shown := look(t, serve(t, showing(between))); shown.Pin == pin {
		t.Error("a forger is seen as the station")
	}
	past := new(signer).sign(t, key, x509.Certificate{DNSNames: []string{"of-old.example"}, NotBefore: time.Unix(1, 0), NotAfter: time.Unix(2, 0)})
	if _, err := ask(serve(t, showing(chain(key, past))), certificate.Client(pin)); err != nil {
		t.Errorf("another certificate of the same key: %v", err)
	}

	// A session that is resumed is the same station's, or refused like another one.
	at, sessions := serve(t, showing(chain(key, mine))), tls.NewLRUClientSessionCache(1)
	client := certificate.Client(pin)
	client.ClientSessionCache = sessions
	for _, resumed := range []bool{false, true} {
		if s, err := ask(at, client); err != nil || s.DidResume != resumed {
			t.Fatalf("resumed %v: %+v, %v", resumed, s, err)
		}
	}
	client = certificate.Client(other.Pin)
	client.ClientSessionCache = sessions
	if _, err := ask(at, client); !errors.Is(err, certificate.OtherKey) {
		t.Errorf("a resumed session with another pin: %v", err)
	}
}

// The station's own certificate is made once, for years, and what is there is
// never written over.
func TestTheOwnCertificateStays(t *testing.T) {
	dir := t.TempDir()
	pin, path := own(t, dir).Pin, filepath.Join(dir, certificate.OwnFile)
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(first, first)
	if err != nil || pair.Leaf.NotAfter.Before(time.Now().AddDate(9, 11, 0)) {
		t.Errorf("it is valid until %v, %v", pair.Leaf.NotAfter, err)
	}
	if again := own(t, dir).Pin; again != pin {
		t.Errorf("it was %v and is %v", pin, again)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, first) {
		t.Errorf("its file has changed, %v", err)
	}
	for what, text := range map[string][]byte{"nothing": {}, "half of it": first[:len(first)/2], "a certificate without a key": first[:bytes.Index(first, []byte("-----BEGIN PRIVATE"))]} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		var refused *call.Error
		if _, err := certificate.Own(dir); !errors.As(err, &refused) || refused.Code != call.CodeCertificate {
			t.Errorf("%s: %v", what, err)
		}
		if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, text) {
			t.Errorf("%s was written over, %v", what, err)
		}
	}
	var refused *call.Error
	if _, err := certificate.Own(filepath.Join(dir, "none")); !errors.As(err, &refused) || refused.Code != call.CodeCertificate {
		t.Errorf("where nothing can be kept: %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("there are %v, %v", files, err)
	}
}
