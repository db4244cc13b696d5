//go:build desktop

package window

import "context"

func sizeOf(view) (int, int) { return width, height }

// putBack leaves it to macOS, which centres the window.
func putBack(view) {}

func placeNow(context.Context) *place { return nil }

// showBar does nothing: the menu is the system's.
func showBar(bool) {}
