package awake_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"go.uber.org/goleak"

	"callin/app/awake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// aBus is a message bus of the test's own, for the system and the session.
func aBus(t *testing.T) *dbus.Conn {
	t.Helper()
	c := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Skip("there is no dbus-daemon here: ", err)
	}
	t.Cleanup(func() { c.Process.Kill(); c.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address = strings.TrimSpace(address)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	bus, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	return bus
}

// login is a login manager that holds the reading end of each lock.
type login struct{ asked, freed chan string }

func (l login) Inhibit(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK); err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	l.asked <- strings.Join([]string{what, who, why, mode}, ", ")
	go func() {
		held := os.NewFile(uintptr(ends[0]), "lock")
		defer held.Close()
		_, _ = held.Read(make([]byte, 1)) // until all others have closed it
		l.freed <- what
	}()
	// The bus takes a copy; this end is closed once it has.
	time.AfterFunc(50*time.Millisecond, func() { syscall.Close(ends[1]) })
	return dbus.UnixFD(ends[1]), nil
}

// saver is a screen saver that is told who asks.
type saver struct{ asked chan dbus.Sender }

func (s saver) Inhibit(from dbus.Sender, who, why string) (uint32, *dbus.Error) {
	s.asked <- from
	return 7, nil
}

func TestTheComputerIsKeptAwakeUntilTheLastOneLetsGo(t *testing.T) {
	bus := aBus(t)
	manager, screen := login{make(chan string, 9), make(chan string, 9)}, saver{make(chan dbus.Sender, 9)}
	for _, has := range []struct {
		what       any
		path, name string
		as         string
	}{
		{manager, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "org.freedesktop.login1"},
		{screen, "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver"},
	} {
		if err := bus.Export(has.what, dbus.ObjectPath(has.path), has.name); err != nil {
			t.Fatal(err)
		}
		if _, err := bus.RequestName(has.as, dbus.NameFlagDoNotQueue); err != nil {
			t.Fatal(err)
		}
	}
	k := &awake.Keeper{Why: "A show is open", Failed: func(err error) { t.Error(err) }}
	for range 2 { // it can be held anew
		k.Hold()
		if asked := <-manager.asked; asked != "sleep:idle, Callin, A show is open, block" {
			t.Errorf("the login manager was asked for %s", asked)
		}
		from := <-screen.asked
		k.Hold()
		k.Drop()
		there := func() (is bool) {
			_ = bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, string(from)).Store(&is)
			return is
		}
		select {
		case <-manager.freed:
			t.Error("the computer may sleep while one still holds it")
		case <-time.After(100 * time.Millisecond):
		}
		if !there() {
			t.Error("the screen may go dark while one still holds it")
		}
		k.Drop()
		select {
		case <-manager.freed:
		case <-time.After(5 * time.Second):
			t.Fatal("the computer is kept awake for good")
		}
		for late := time.Now().Add(5 * time.Second); there(); time.Sleep(time.Millisecond) {
			if time.Now().After(late) {
				t.Fatal("the screen is kept lit for good")
			}
		}
	}
}

func TestAComputerThatCannotBeKeptAwakeSaysSo(t *testing.T) {
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	said := 0
	k := &awake.Keeper{Failed: func(error) { said++ }}
	k.Hold()
	k.Drop()
	if said != 1 {
		t.Errorf("it was said %d times", said)
	}
}
