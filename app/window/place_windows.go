//go:build desktop

package window

import (
	"context"
	"sync/atomic"
	"unsafe"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/runtime"
	"golang.org/x/sys/windows"
)

var (
	user32             = windows.NewLazySystemDLL("user32.dll")
	findWindowEx       = user32.NewProc("FindWindowExW")
	getWindowPlacement = user32.NewProc("GetWindowPlacement")
	setWindowPlacement = user32.NewProc("SetWindowPlacement")
	monitorFromRect    = user32.NewProc("MonitorFromRect")
	getMenu            = user32.NewProc("GetMenu")
	setMenu            = user32.NewProc("SetMenu")
)

// rect is RECT, and placement WINDOWPLACEMENT.
type (
	rect      struct{ left, top, right, bottom int32 }
	placement struct {
		length, flags, show  uint32
		minimised, maximised [2]int32
		normal               rect
	}
)

// own is the handle of this process's window; 0 where there is none.
func own() (window uintptr) {
	class, _ := windows.UTF16PtrFromString(className) // there is no zero in it
	for {
		window, _, _ = findWindowEx.Call(0, window, uintptr(unsafe.Pointer(class)), 0)
		var pid uint32
		if window == 0 {
			return 0
		}
		if _, err := windows.GetWindowThreadProcessId(windows.HWND(window), &pid); err == nil && pid == windows.GetCurrentProcessId() {
			return window
		}
	}
}

// sizeOf is how large the window is opened, in Wails' units: those of a place are the
// screen's own, and putBack knows them.
func sizeOf(view) (int, int) { return width, height }

// putBack opens the window where it was left, unless that is on no screen any more. It
// stays hidden: Wails shows it once its page is there.
func putBack(v view) {
	window, p := own(), v.Place
	if window == 0 || p == nil {
		return
	}
	is := placement{normal: rect{int32(p.X), int32(p.Y), int32(p.X + p.Width), int32(p.Y + p.Height)}}
	is.length = uint32(unsafe.Sizeof(is))
	const title, noScreen = 32, 0 // MONITOR_DEFAULTTONULL
	bar := is.normal
	bar.bottom = bar.top + title
	if screen, _, _ := monitorFromRect.Call(uintptr(unsafe.Pointer(&bar)), noScreen); screen != 0 {
		_, _, _ = setWindowPlacement.Call(window, uintptr(unsafe.Pointer(&is))) // else it stays in the middle
	}
}

// placeNow is where the window is, or was before it was maximised; nil while it is on the
// full screen.
func placeNow(ctx context.Context) *place {
	window := own()
	is := placement{}
	is.length = uint32(unsafe.Sizeof(is))
	if window == 0 || runtime.WindowIsFullscreen(ctx) {
		return nil
	}
	if ok, _, _ := getWindowPlacement.Call(window, uintptr(unsafe.Pointer(&is))); ok == 0 {
		return nil
	}
	n := is.normal
	return &place{int(n.left), int(n.top), int(n.right - n.left), int(n.bottom - n.top)}
}

// menuOf is the window's menu while it is not shown.
var menuOf atomic.Uintptr

// showBar shows the menu, or on the full screen the desk and nothing else.
func showBar(shown bool) {
	window := own()
	if is, _, _ := getMenu.Call(window); !shown && is != 0 {
		menuOf.Store(is)
		_, _, _ = setMenu.Call(window, 0)
	} else if was := menuOf.Swap(0); shown && was != 0 {
		_, _, _ = setMenu.Call(window, was)
	}
}

// updateMenu shows a menu as it is now.
func updateMenu(ctx context.Context, _ *menu.Menu) { runtime.MenuUpdateApplicationMenu(ctx) }
