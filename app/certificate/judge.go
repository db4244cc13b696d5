package certificate

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Why a stranger, as Twilio is, does not accept a certificate.
var (
	// ErrUntrusted: no authority that computers trust has signed it.
	ErrUntrusted = errors.New("the certificate is signed by nobody whom computers trust")
	// ErrIncomplete: an authority between is not shown. Browsers often find it
	// elsewhere.
	ErrIncomplete = errors.New("the certificate comes without those between it and a trusted authority")
	// ErrOtherName: it is for another name than the address has.
	ErrOtherName = errors.New("the certificate is for another name")
	// ErrExpired: it is not good at this time.
	ErrExpired = errors.New("the certificate is not good at this time")
)

// errSeen ends a connection once the certificate is seen: nothing is sent.
var errSeen = errors.New("seen")

// Judge says until when the certificate at a web address is good, and why a stranger
// does not accept it, one of the errors above. err is that none was seen.
func Judge(ctx context.Context, address string) (until time.Time, wrong, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return until, nil, err
	}
	seen := false
	visitor := http.Client{Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			InsecureSkipVerify: true, // for VerifyConnection, which judges and trusts nobody
			VerifyConnection: func(s tls.ConnectionState) error {
				seen, until, wrong = true, s.PeerCertificates[0].NotAfter, judge(s.PeerCertificates, u.Hostname())
				return errSeen
			},
		},
	}}
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return until, nil, err
	}
	answer, err := visitor.Do(r)
	if err == nil { // of an address without TLS
		answer.Body.Close()
		return until, nil, errors.New("there is no certificate")
	}
	if !seen {
		return until, nil, err
	}
	return until, wrong, nil
}

func judge(shown []*x509.Certificate, host string) error {
	leaf, between := shown[0], x509.NewCertPool()
	for _, c := range shown[1:] {
		between.AddCert(c)
	}
	chains, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Intermediates: between})
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil && !wholeIn(chains, shown):
		return ErrIncomplete
	case err == nil:
		return nil
	case errors.As(err, &name):
		return ErrOtherName
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ErrExpired
	case len(shown) == 1 && leaf.Subject.String() != leaf.Issuer.String():
		return ErrIncomplete
	}
	return ErrUntrusted
}

// wholeIn reports whether all of a chain but its root is among what was shown: Windows
// and macOS fetch what is missing, and Twilio does not.
func wholeIn(chains [][]*x509.Certificate, shown []*x509.Certificate) bool {
	return slices.ContainsFunc(chains, func(chain []*x509.Certificate) bool {
		return !slices.ContainsFunc(chain[:len(chain)-1], func(c *x509.Certificate) bool {
			return !slices.ContainsFunc(shown, c.Equal)
		})
	})
}
