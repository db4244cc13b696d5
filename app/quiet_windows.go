package app

import (
	"context"

	"callin/app/presence"
)

// desksQuiet is an error while somebody is on air.
func desksQuiet(context.Context, string) error {
	if presence.OnAir() {
		return errOnAir
	}
	return nil
}

// endDesks has the desks end.
func endDesks(ctx context.Context, _ string) error {
	if !presence.Desks() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, endsWithin)
	defer cancel()
	if presence.End(ctx) == nil {
		return nil
	}
	if presence.OnAir() { // since a moment ago
		return errOnAir
	}
	return errNotEnded
}
