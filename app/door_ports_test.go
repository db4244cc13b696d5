package app

import (
	"slices"
	"testing"

	"callin/app/settings"
)

// The firewall is opened for a door to which desks of other computers come, and for
// nothing else.
func TestOnlyADoorForOthersNeedsTheFirewall(t *testing.T) {
	for door, want := range map[struct{ At, ACME string }][]int{
		{At: ""}:                                 nil,
		{At: "127.0.0.1:8443"}:                   nil,
		{At: "[::1]:8443"}:                       nil,
		{At: "0.0.0.0:8443"}:                     {8443},
		{At: ":8443"}:                            {8443},
		{At: "192.168.1.20:8443"}:                {8443},
		{At: "0.0.0.0:443", ACME: "letsencrypt"}: {443, 80},
	} {
		if ports := fromElsewhere(settings.Door{Address: door.At, ACME: door.ACME}); !slices.Equal(ports, want) {
			t.Errorf("%+v needs %v, want %v", door, ports, want)
		}
	}
}
