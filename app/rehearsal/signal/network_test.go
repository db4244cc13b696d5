package signal

import (
	"net"
	"slices"
	"strings"
	"testing"
)

func TestSoundStaysWithinTheStationsNetwork(t *testing.T) {
	for address, stays := range map[string]bool{
		"127.0.0.1": true, "10.1.2.3": true, "172.31.0.1": true, "192.168.1.20": true, "169.254.7.7": true, "100.101.102.103": true,
		"172.32.0.1": false, "192.0.2.2": false, "8.8.8.8": false, "100.128.0.1": false, "::ffff:8.8.8.8": false, "2001:db8::1": false, "0.0.0.0": false,
	} {
		if got := isPrivate(net.ParseIP(address)); got != stays {
			t.Errorf("%s: %t", address, got)
		}
	}
}

// Desks elsewhere reach the exchange's sound at this computer's addresses, and at none
// that is public.
func TestADescriptionForDesksElsewhereNamesPrivateAddresses(t *testing.T) {
	api, err := newAPI(true)
	if err != nil {
		t.Fatal(err)
	}
	a, err := newAudio(api, func() bool { return false }, func(string) {}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	offer, err := a.offer()
	if err != nil {
		t.Fatal(err)
	}
	var named, want []string
	for line := range strings.Lines(offer) {
		if fields := strings.Fields(line); strings.HasPrefix(line, "a=candidate:") {
			named = append(named, fields[4])
		}
	}
	interfaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range interfaces {
		own, err := i.Addrs()
		if err != nil || i.Flags&net.FlagUp == 0 {
			continue
		}
		for _, at := range own {
			if ip := at.(*net.IPNet).IP; ip.To4() != nil && isPrivate(ip) {
				want = append(want, ip.String())
			}
		}
	}
	slices.Sort(named)
	slices.Sort(want)
	if named = slices.Compact(named); !slices.Equal(named, want) {
		t.Errorf("it names %v, want %v", named, want)
	}
}
