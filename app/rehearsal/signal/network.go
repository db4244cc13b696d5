package signal

import (
	"net"
	"net/netip"
)

// shared is a carrier's own network (RFC 6598), which overlay networks between a
// station's computers use too.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// isPrivate reports whether sound that is sent from an address of this computer stays
// within it or the network that it is in.
func isPrivate(own net.IP) bool {
	a, ok := netip.AddrFromSlice(own)
	a = a.Unmap()
	return ok && (a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || shared.Contains(a))
}
