package certificate_test

import (
	"crypto/x509"
	"errors"
	"net"
	"testing"
	"time"

	"callin/app/certificate"
)

// Twilio accepts at a public address what an authority has signed that all trust, with
// all between, for that name, at that time.
func TestWhatAStrangerMakesOfACertificate(t *testing.T) {
	key, between, stranger := newKey(t), signer{key: newKey(t)}, signer{key: newKey(t)}
	between.certificate = authority.sign(t, between.key, x509.Certificate{})
	stranger.certificate = new(signer).sign(t, stranger.key, x509.Certificate{})
	here := x509.Certificate{IPAddresses: []net.IP{{127, 0, 0, 1}}}
	soon, past := here, here
	soon.NotBefore, soon.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour).Truncate(time.Second)
	past.NotBefore, past.NotAfter = time.Unix(1, 0), time.Unix(2, 0)
	for _, c := range []struct {
		what  string
		by    *signer
		as    x509.Certificate
		above []*x509.Certificate
		wrong error
	}{
		{"good for a day", &authority, soon, nil, nil},
		{"by another one between", &between, here, []*x509.Certificate{between.certificate}, nil},
		{"by one between that is not shown", &between, here, nil, certificate.ErrIncomplete},
		{"for another name", &authority, x509.Certificate{DNSNames: []string{"localhost"}}, nil, certificate.ErrOtherName},
		{"that has expired", &authority, past, nil, certificate.ErrExpired},
		{"from a stranger", &stranger, here, []*x509.Certificate{stranger.certificate}, certificate.ErrUntrusted},
		{"of its own", new(signer), here, nil, certificate.ErrUntrusted},
	} {
		leaf := c.by.sign(t, key, c.as)
		at := "https://" + serve(t, showing(chain(key, append([]*x509.Certificate{leaf}, c.above...)...)))
		until, wrong, err := certificate.Judge(t.Context(), at)
		if !errors.Is(wrong, c.wrong) || (wrong == nil) != (c.wrong == nil) || err != nil || !until.Equal(leaf.NotAfter) {
			t.Errorf("one %s: %v until %v, %v", c.what, wrong, until, err)
		}
	}
	if _, wrong, err := certificate.Judge(t.Context(), "https://127.0.0.1:1"); wrong != nil || err == nil {
		t.Errorf("where nobody is: %v, %v", wrong, err)
	}
	root, leaf := authority.certificate, between.sign(t, key, here)
	whole := [][]*x509.Certificate{{leaf, between.certificate, root}}
	if certificate.WholeIn(whole, []*x509.Certificate{leaf}) || !certificate.WholeIn(whole, []*x509.Certificate{leaf, between.certificate}) {
		t.Error("what is missing of a chain is not seen")
	}
}
