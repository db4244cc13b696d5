//go:build desktop

package window

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

func sizeOf(view) (int, int) { return width, height }

// putBack leaves it to macOS, which centres the window.
func putBack(view) {}

func placeNow(context.Context) *place { return nil }

// showBar does nothing: the menu is the system's.
func showBar(bool) {}

// updateMenu shows a menu as it is now.
func updateMenu(ctx context.Context, _ *menu.Menu) { runtime.MenuUpdateApplicationMenu(ctx) }
