package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"

	"callin/app/call"
)

// OtherKey: a door has shown another key than the one that is pinned.
var OtherKey = &call.Error{Code: call.CodeOtherKey, Message: "The station's door shows another key than when this PC was paired. If its certificate was made anew, pair this PC again; if not, somebody else answers in its place."}

// Client is the configuration of a desk that connects to a station. With a pin it
// trusts the one key that the pin is of, whatever name, date or signature comes
// with it: the handshake proves that the key is there, nobody else has it, and all
// the rest in a certificate that signs itself is only what its maker says. Without
// a pin ordinary verification holds.
func Client(pin Pin) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if pin == (Pin{}) {
		return c
	}
	c.InsecureSkipVerify = true // for VerifyConnection, which a resumed session passes too
	c.VerifyConnection = func(s tls.ConnectionState) error {
		// The first certificate alone: of the others nobody proves to have the key.
		if PinOf(s.PeerCertificates[0]) != pin {
			return OtherKey
		}
		return nil
	}
	return c
}

// Shown is what a door shows to who does not know it yet.
type Shown struct {
	Pin Pin
	// Trusted is whether ordinary verification holds: then nothing is to be compared
	// or pinned.
	Trusted bool
}

// Look fetches what the door at an address, with its port, shows. Nothing is sent
// to it: who it is is known only once it is trusted, or two people have compared
// the pin's words.
func Look(ctx context.Context, address string) (Shown, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return Shown{}, err
	}
	var shown Shown
	dialer := tls.Dialer{Config: &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true,
		VerifyConnection: func(s tls.ConnectionState) error {
			leaf, others := s.PeerCertificates[0], x509.NewCertPool()
			for _, c := range s.PeerCertificates[1:] {
				others.AddCert(c)
			}
			// host and not s.ServerName, which is empty for an IP address: then any name would do.
			_, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Intermediates: others})
			shown = Shown{Pin: PinOf(leaf), Trusted: err == nil}
			return nil
		},
	}}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return Shown{}, err
	}
	return shown, conn.Close()
}
