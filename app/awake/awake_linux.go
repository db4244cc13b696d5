package awake

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/godbus/dbus/v5"
)

// answers is how long a bus, and who is on it, may take.
const answers = 2 * time.Second

// keep asks the login manager, which can suspend the computer, and the session's screen
// saver, which makes the screen dark. One of them is enough: a server has no screen. Both
// forget it when this process dies.
func keep(why string) (release func(), err error) {
	system, err1 := keepFromSuspend(why)
	session, err2 := keepLit(why)
	if err1 != nil && err2 != nil {
		err = errors.Join(err1, err2)
	}
	return func() { system(); session() }, err
}

func keepFromSuspend(why string) (release func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), answers)
	defer cancel()
	bus, err := dbus.ConnectSystemBus()
	if err != nil {
		return func() {}, err
	}
	defer bus.Close()
	// The lock holds for as long as this file is open.
	var lock dbus.UnixFD
	err = bus.Object("org.freedesktop.login1", "/org/freedesktop/login1").
		CallWithContext(ctx, "org.freedesktop.login1.Manager.Inhibit", 0, "sleep:idle", "Callin", why, "block").Store(&lock)
	if err != nil {
		return func() {}, err
	}
	file := os.NewFile(uintptr(lock), "inhibitor")
	return func() { file.Close() }, nil
}

func keepLit(why string) (release func(), err error) {
	ctx, cancel := context.WithTimeout(context.Background(), answers)
	defer cancel()
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	if address == "" { // the library would start a bus of its own
		address = "unix:path=" + filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus")
	}
	// It holds for as long as this connection is there.
	bus, err := dbus.Connect(address)
	if err != nil {
		return func() {}, err
	}
	err = bus.Object("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver").
		CallWithContext(ctx, "org.freedesktop.ScreenSaver.Inhibit", 0, "Callin", why).Err
	if err != nil {
		bus.Close()
		return func() {}, err
	}
	return func() { bus.Close() }, nil
}
