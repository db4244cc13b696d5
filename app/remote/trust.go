package remote

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/url"

	"callin/app/call"
	"callin/app/certificate"
)

// isUntrusted says what is wrong with a certificate that ordinary verification has
// refused; nothing for another error.
func isUntrusted(err error) string {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &authority):
		return "is signed by nobody whom this PC trusts."
	case errors.As(err, &name):
		return "is for another name."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "is not valid at this time: it has expired, or this PC's clock is wrong."
	case errors.As(err, &invalid):
		return "cannot be used."
	}
	return ""
}

// Look is what the door at a station's address shows of itself, before anything is
// sent there.
func Look(ctx context.Context, station string) (certificate.Shown, *call.Error) {
	u, err := url.Parse(station)
	if err != nil || u.Scheme != "https" {
		return certificate.Shown{Trusted: true}, nil // on this computer, without a certificate
	}
	port := u.Port()
	if port == "" {
		port = "443"
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	shown, err := certificate.Look(ctx, net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return shown, nobodyAt(station)
	}
	return shown, nil
}

func nobodyAt(station string) *call.Error {
	return &call.Error{Code: call.CodeNotReached, Message: "Nobody answers at " + station + ". See that the address is right, that the station runs and listens for desks, and that this PC has a network."}
}
