package presence

import (
	"context"
	"errors"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// What others look for. The names are every session's: who installs is logged in beside
// who is on air. Who installs for all users asks for these, who does so for themselves for
// those that end with their SID: they look at no other user's desks and end none.
const (
	deskName  = `Global\Callin-Desk`
	onAirName = `Global\Callin-OnAir`
	endName   = `Global\Callin-End`
)

// Who may do what with them: SYSTEM, administrators and who has made them anything,
// everybody else see that they are there. Everybody who is logged in may ask all desks to
// end, by callin quiet: one with somebody on air does not. A user's own are asked by that
// user.
const (
	seen  = "D:(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;OW)(A;;0x100000;;;WD)"
	asked = "D:(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;OW)(A;;0x100002;;;AU)"
)

// object is one of them, and who may do what with it.
type object struct{ name, may string }

// both are the one for all users, and this user's.
func both(name, may string) []object {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return []object{{name, may}}
	}
	sid := user.User.Sid.String()
	return []object{{name, may}, {name + "-" + sid, seen + "(A;;GA;;;" + sid + ")"}}
}

// every is how often it is looked whether somebody is on air.
const every = 2 * time.Second

// Hold shows that this Callin runs, and whether somebody is on air, until ctx ends.
func Hold(ctx context.Context, o Options) {
	var air []windows.Handle
	defer func() { closeHandles(air) }()
	stop, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		o.Log.Warn("an installer does not see that this desk runs", "error", err)
		return
	}
	defer closeHandle(stop)
	defer context.AfterFunc(ctx, func() { _ = windows.SetEvent(stop) })()
	waits := []windows.Handle{stop}
	if o.Desk {
		desk, err := hold(both(deskName, seen), holdMutex)
		ends, endErr := hold(both(endName, asked), holdEvent)
		if err := errors.Join(err, endErr); err != nil {
			o.Log.Warn("an installer does not see that this desk runs", "error", err)
		}
		defer closeHandles(desk)
		defer closeHandles(ends)
		waits = append(waits, ends...)
	}
	for {
		n := o.OnAir()
		switch {
		case n > 0 && air == nil:
			if air, err = hold(both(onAirName, seen), holdMutex); err != nil {
				o.Log.Warn("an installer does not see that somebody is on air", "error", err)
			}
		case n == 0:
			closeHandles(air)
			air = nil
		}
		which, err := windows.WaitForMultipleObjects(waits, false, uint32(every.Milliseconds()))
		if ctx.Err() != nil {
			return
		}
		if err == nil && which > windows.WAIT_OBJECT_0 && which < windows.WAIT_OBJECT_0+uint32(len(waits)) {
			if o.OnAir() == 0 {
				o.Log.Info("another program has asked this desk to end")
				o.End()
				<-ctx.Done()
				return
			}
			waitFor(stop, every) // whoever asks takes it back
		}
	}
}

// hold holds what can be held of some objects.
func hold(objects []object, one func(object) (windows.Handle, error)) (held []windows.Handle, err error) {
	for _, o := range objects {
		h, oneErr := one(o)
		err = errors.Join(err, oneErr)
		if h != 0 {
			held = append(held, h)
		}
	}
	return held, err
}

// OnAir is whether somebody is on air at a Callin of this computer.
func OnAir() bool { return there(onAirName) }

// Desks is whether a desk of this computer runs.
func Desks() bool { return there(deskName) }

// End asks the desks of this computer to end until ctx ends or they have.
func End(ctx context.Context) error {
	end, err := holdEvent(object{endName, asked})
	if err != nil {
		return err
	}
	defer closeHandle(end)
	if err := windows.SetEvent(end); err != nil {
		return err
	}
	defer windows.ResetEvent(end)
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for Desks() {
		select {
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func closeHandles(all []windows.Handle) {
	for _, h := range all {
		closeHandle(h)
	}
}

func closeHandle(h windows.Handle) {
	if h != 0 {
		_ = windows.CloseHandle(h)
	}
}

func waitFor(h windows.Handle, most time.Duration) {
	_, _ = windows.WaitForSingleObject(h, uint32(most.Milliseconds()))
}

func attributes(of string) (*windows.SecurityAttributes, error) {
	descriptor, err := windows.SecurityDescriptorFromString(of)
	if err != nil {
		return nil, err
	}
	a := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	a.Length = uint32(unsafe.Sizeof(*a))
	return a, nil
}

// holdMutex makes a mutex that nobody owns, or holds the one that is there: it is there as
// long as somebody holds it.
func holdMutex(o object) (windows.Handle, error) {
	called, err := windows.UTF16PtrFromString(o.name)
	if err != nil {
		return 0, err
	}
	who, err := attributes(o.may)
	if err != nil {
		return 0, err
	}
	h, err := windows.CreateMutex(who, false, called)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) { // another user's
		return windows.OpenMutex(windows.SYNCHRONIZE, false, called)
	}
	if h != 0 { // also ERROR_ALREADY_EXISTS
		err = nil
	}
	return h, err
}

// holdEvent does so with an event by which desks are asked to end.
func holdEvent(o object) (windows.Handle, error) {
	called, err := windows.UTF16PtrFromString(o.name)
	if err != nil {
		return 0, err
	}
	who, err := attributes(o.may)
	if err != nil {
		return 0, err
	}
	h, err := windows.CreateEvent(who, 1, 0, called)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return windows.OpenEvent(windows.SYNCHRONIZE|windows.EVENT_MODIFY_STATE, false, called)
	}
	if h != 0 {
		err = nil
	}
	return h, err
}

func there(name string) bool {
	called, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return false
	}
	h, err := windows.OpenMutex(windows.SYNCHRONIZE, false, called)
	closeHandle(h)
	return err == nil || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}
