//go:build !windows

package presence

import "context"

// Hold holds nothing.
func Hold(context.Context, Options) {}
