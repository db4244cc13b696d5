// Package service is Callin under a service manager, systemd or that of Windows:
// it says when the station answers, is told when it is to end, and on Windows is
// put among the services and taken out again.
package service

import "context"

// Serve runs a station until ctx ends and returns the process's exit code. It calls
// ready once, when Twilio's requests are answered; alive then says now and then
// whether they still are, within its context.
type Serve func(ctx context.Context, ready func(alive func(context.Context) bool) error) int

// Error says in sentences why something is not done, and what to do.
type Error string

func (e Error) Error() string { return string(e) }

// FirewallError is that all was done but for the firewall, and what to do.
type FirewallError struct {
	Why  error
	Says string
}

func (e FirewallError) Error() string { return e.Says + " (" + e.Why.Error() + ")" }
