package doctor

import "fmt"

// Firewall says what a network must let through, for a wall and for whoever runs the
// network (Twilio docs: Voice SDKs, network connectivity requirements).
func Firewall(public string, port int) []string {
	return []string{
		fmt.Sprintf("In: from the internet to %s, which leads to 127.0.0.1:%d on the station's computer. Twilio comes from many addresses.", public, port),
		"Out, the station's computer: TCP 443 to api.twilio.com, monitor.twilio.com, pricing.twilio.com, trusthub.twilio.com, voice.twilio.com and accounts.twilio.com.",
		"Out, each PC with a desk: TCP 443 to voice-js.roaming.twilio.com (WebSocket) and eventgw.twilio.com.",
		"Out, each PC with a desk: UDP to 168.86.128.0/18, ports 10000 to 60000. Without it calls connect and there is no sound.",
	}
}
