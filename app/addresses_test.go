package app

import (
	"slices"
	"strings"
	"testing"

	"callin/app/settings"
)

// Desks are told of addresses that they can type.
func TestTheAddressesOfTheDoor(t *testing.T) {
	proxied := []string{"127.0.0.1"}
	for _, c := range []struct {
		set  settings.Door
		want []string
	}{
		{settings.Door{Address: "192.168.1.20:8443"}, []string{"https://192.168.1.20:8443"}},
		{settings.Door{Address: "192.168.1.20:443"}, []string{"https://192.168.1.20"}},
		{settings.Door{Address: "[fd00::20]:443"}, []string{"https://[fd00::20]"}},
		{settings.Door{Address: "[fd00::20]:8443"}, []string{"https://[fd00::20]:8443"}},
		{settings.Door{Address: ":8443", Hosts: []string{"desk.example.org", "192.168.1.20"}}, []string{"https://desk.example.org:8443", "https://192.168.1.20:8443"}},
		{settings.Door{Address: "127.0.0.1:8443", Hosts: []string{"desk.example.org"}, Proxies: proxied}, []string{"https://desk.example.org"}},
	} {
		if got := addresses(c.set); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.set, got, c.want)
		}
	}
	for _, everywhere := range []string{":8443", "0.0.0.0:8443", "[::]:8443"} {
		all := addresses(settings.Door{Address: everywhere})
		if len(all) == 0 || slices.ContainsFunc(all, func(a string) bool { return !strings.HasSuffix(a, ":8443") || strings.Contains(a, "0.0.0.0") }) {
			t.Errorf("%s: %v", everywhere, all)
		}
	}
}
