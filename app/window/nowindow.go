//go:build !desktop && !bridge

package window

import (
	"context"
	"errors"

	"callin/app/desk"
)

// Available reports whether this build has a window.
const Available = false

// Run says that there is no window: this build has only the browser's door.
func Run(context.Context, desk.Backend, Options) error {
	return errors.New("this build of Callin has no window: open the desk in a browser")
}
