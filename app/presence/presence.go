// Package presence tells other programs of this computer, whoever runs them, that a desk
// of Callin's runs, and that somebody is on air there, and hears from them that it is to
// end: an installer must not replace what speaks with a caller.
//
// On Windows these are named objects, which an installer can look for by itself. On other
// systems there is nothing to hold: a desk is found by its folder and asked at its door.
package presence

import "log/slog"

// Options are what is told of a Callin.
type Options struct {
	// Desk is whether it is one that somebody sits at, and not a station for others: it
	// then ends when it is told to.
	Desk bool
	// OnAir is how many callers lose their DJ with it.
	OnAir func() int
	// End ends it in order.
	End func()
	Log *slog.Logger
}
