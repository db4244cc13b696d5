// Package clients tells by their addresses who asks at a door, through a named
// proxy too, and bounds how often each of them may and what it keeps open.
package clients

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks whose X-Forwarded headers are believed. None are when
// there are none.
type Proxies []netip.Prefix

// ParseProxies reads addresses and networks, such as 127.0.0.1 and 10.0.0.0/8.
func ParseProxies(texts []string) (Proxies, error) {
	var p Proxies
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if address, not := netip.ParseAddr(text); not == nil && address.Zone() == "" {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil || network.Addr().Is4In6() {
			return nil, fmt.Errorf("%q is neither an address, such as 127.0.0.1, nor a network, such as 10.0.0.0/8", text)
		}
		p = append(p, network)
	}
	return p, nil
}

func (p Proxies) trusted(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(a) })
}

// Address is who made a request: the last hop that is no trusted proxy. What stands
// before that in X-Forwarded-For anybody can have written. It is the last trusted
// proxy where that names nobody, and the zero Addr where not even the connection has
// an address.
func (p Proxies) Address(r *http.Request) netip.Addr {
	at := parse(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !p.trusted(at) {
			break
		}
		before := parse(strings.TrimSpace(hop))
		if !before.IsValid() {
			break
		}
		at = before
	}
	return at
}

// parse reads an address with or without a port, and takes one of IPv4 that is
// written as one of IPv6 for what it is.
func parse(text string) netip.Addr {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone("")
	}
	a, _ := netip.ParseAddr(strings.Trim(text, "[]")) // not valid after an error
	return a.Unmap().WithZone("")
}

// Secure reports whether a request was made over TLS: to this process, or to the
// trusted proxy that passed it on.
func (p Proxies) Secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	said := r.Header.Values("X-Forwarded-Proto")
	return p.trusted(parse(r.RemoteAddr)) && len(said) == 1 && strings.EqualFold(said[0], "https")
}

// network is what counts as one client: an address of IPv4, or a network of IPv6 of
// 64 bits, of which one computer has all addresses. It is the zero one for all who
// have no address.
func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	n, _ := a.Prefix(bits) // zero after an error
	return n
}
