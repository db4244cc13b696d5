// Package certificate is the TLS identity of a station's door for desks, and how
// a desk knows it: a certificate that is trusted anyway, from files or by ACME, or
// one of the station's own whose key a desk pins when it is paired.
package certificate

import (
	"crypto/tls"
	"net/http"
)

// Identity is what a door shows of itself.
type Identity struct {
	// TLS is the configuration of the door's listener.
	TLS *tls.Config
	// Pin is what a desk knows the door by. It is zero where the certificate is one
	// that is trusted anyway.
	Pin Pin

	port80 func() http.Handler
}

// Port80 answers at port 80 what an ACME authority asks there and sends everybody
// else to the door; nil where nothing is to be served. It is to be called only
// when that port could be had: from then on the authority is told to ask there too.
func (i *Identity) Port80() http.Handler {
	if i.port80 == nil {
		return nil
	}
	return i.port80()
}

// shows is a listener's configuration with a certificate.
func shows(certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error), protocols ...string) *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     append([]string{"h2", "http/1.1"}, protocols...),
		GetCertificate: certificate,
	}
}
