package certificate_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"testing"
	"time"
)

// serve is a door on loopback; it returns its address with its port.
func serve(t *testing.T, config *tls.Config) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveAt(t, l, config)
	return l.Addr().String()
}

func serveAt(t *testing.T, l net.Listener, config *tls.Config) {
	server := &http.Server{
		TLSConfig: config, ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "the station") }),
	}
	done := make(chan struct{})
	go func() { defer close(done); server.ServeTLS(l, "", "") }()
	t.Cleanup(func() { server.Close(); <-done })
}

// ask asks a door for something over a new connection.
func ask(address string, config *tls.Config) (*tls.ConnectionState, error) {
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport}).Get("https://" + address + "/")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.TLS, err
}

// signer signs certificates: itself if it has none.
type signer struct {
	key         *ecdsa.PrivateKey
	certificate *x509.Certificate
}

// sign makes a certificate for key as a template says; it may sign others if it
// has no names.
func (s *signer) sign(t *testing.T, key *ecdsa.PrivateKey, template x509.Certificate) *x509.Certificate {
	t.Helper()
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	if template.DNSNames == nil && template.IPAddresses == nil {
		template.Subject, template.IsCA, template.BasicConstraintsValid, template.KeyUsage = pkix.Name{CommonName: rand.Text()}, true, true, x509.KeyUsageCertSign
	}
	by, with := s.certificate, s.key
	if by == nil {
		by, with = &template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, by, key.Public(), with)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// chain is a certificate with its key and those above it.
func chain(key *ecdsa.PrivateKey, certificates ...*x509.Certificate) tls.Certificate {
	c := tls.Certificate{PrivateKey: key}
	for _, one := range certificates {
		c.Certificate = append(c.Certificate, one.Raw)
	}
	return c
}

func showing(c tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{c}, NextProtos: []string{"h2", "http/1.1"}}
}

// inPEM is a certificate and a key as files have them.
func inPEM(t *testing.T, c *x509.Certificate, key *ecdsa.PrivateKey) (certificate, private []byte) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
