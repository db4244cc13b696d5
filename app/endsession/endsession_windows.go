package endsession

import (
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32               = windows.NewLazySystemDLL("user32.dll")
	registerClass        = user32.NewProc("RegisterClassExW")
	createWindow         = user32.NewProc("CreateWindowExW")
	destroyWindow        = user32.NewProc("DestroyWindow")
	defWindowProc        = user32.NewProc("DefWindowProcW")
	getMessage           = user32.NewProc("GetMessageW")
	dispatchMessage      = user32.NewProc("DispatchMessageW")
	postMessage          = user32.NewProc("PostMessageW")
	postQuitMessage      = user32.NewProc("PostQuitMessage")
	createShutdownReason = user32.NewProc("ShutdownBlockReasonCreate")
	removeShutdownReason = user32.NewProc("ShutdownBlockReasonDestroy")
)

const (
	wmDestroy         = 0x0002
	wmClose           = 0x0010
	wmQueryEndSession = 0x0011
	wmEndSession      = 0x0016

	// critical is the flag of an end that nobody can hold up.
	critical = 0x40000000
	no, yes  = 0, 1
)

// endsWithin is how long the program may take. Windows itself waits five seconds, and then
// asks the person.
const endsWithin = 20 * time.Second

type classEx struct {
	size, style        uint32
	proc               uintptr
	extra, windowExtra int32
	instance, icon     uintptr
	cursor, background uintptr
	menu, name         *uint16
	smallIcon          uintptr
}

type message struct {
	window         uintptr
	what           uint32
	wParam, lParam uintptr
	time           uint32
	x, y, private  int32
}

// follow has a window that is never shown: Windows asks each program's windows, and would
// end one without in the midst of things.
func (p Program) follow() (stop func(), err error) {
	made := make(chan error)
	var window uintptr
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		runtime.LockOSThread() // a window is its thread's
		var err error
		window, err = p.window()
		made <- err
		if err != nil {
			return
		}
		var m message
		for {
			if more, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0); int32(more) <= 0 {
				return
			}
			_, _, _ = dispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
		}
	}()
	if err := <-made; err != nil {
		return func() {}, err
	}
	return func() {
		_, _, _ = postMessage.Call(window, wmClose, 0, 0)
		<-gone
	}, nil
}

func (p Program) window() (uintptr, error) {
	name, _ := windows.UTF16PtrFromString("CallinSession") // there is no zero in it
	class := classEx{proc: windows.NewCallback(p.proc), name: name}
	class.size = uint32(unsafe.Sizeof(class))
	if atom, _, err := registerClass.Call(uintptr(unsafe.Pointer(&class))); atom == 0 && !errors.Is(err, windows.ERROR_CLASS_ALREADY_EXISTS) {
		return 0, fmt.Errorf("RegisterClassEx: %w", err)
	}
	window, _, err := createWindow.Call(0, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if window == 0 {
		return 0, fmt.Errorf("CreateWindowEx: %w", err)
	}
	return window, nil
}

// proc is what Windows calls for the window.
func (p Program) proc(window uintptr, what uint32, wParam, lParam uintptr) uintptr {
	switch what {
	case wmQueryEndSession:
		why := p.Blocks()
		if why == "" || lParam&critical != 0 {
			return yes
		}
		words, _ := windows.UTF16PtrFromString(why)
		_, _, _ = createShutdownReason.Call(window, uintptr(unsafe.Pointer(words)))
		return no
	case wmEndSession:
		_, _, _ = removeShutdownReason.Call(window)
		if wParam == no { // the session goes on
			return 0
		}
		p.End()
		select { // Windows ends the program once this returns
		case <-p.Ended:
		case <-time.After(endsWithin):
		}
		return 0
	case wmClose:
		_, _, _ = destroyWindow.Call(window)
		return 0
	case wmDestroy:
		_, _, _ = postQuitMessage.Call(0)
		return 0
	}
	is, _, _ := defWindowProc.Call(window, uintptr(what), wParam, lParam)
	return is
}
