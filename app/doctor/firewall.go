package doctor

import (
	"fmt"
	"strings"

	"callin/app/edge"
)

// products are those of REST that the station asks.
var products = []string{"api", "monitor", "pricing", "trusthub", "voice", "accounts"}

// Firewall says what a network must let through, for a wall and for whoever runs the
// network (Twilio docs: Voice SDKs, network connectivity requirements).
func Firewall(public string, port int, place edge.Place) []string {
	var rest []string
	for _, product := range products {
		rest = append(rest, place.Host(product))
	}
	return []string{
		fmt.Sprintf("In: from the internet to %s, which leads to 127.0.0.1:%d on the station's computer. Twilio comes from many addresses.", public, port),
		fmt.Sprintf("Out, the station's computer: TCP 443 to %s.", list(rest)),
		fmt.Sprintf("Out, each PC with a desk: TCP 443 to %s (WebSocket), %s.", place.Signalling(), strings.Join(place.Events(), " and ")),
		"Out, each PC with a desk: UDP to 168.86.128.0/18, ports 10000 to 60000. Without it calls connect and there is no sound.",
	}
}
