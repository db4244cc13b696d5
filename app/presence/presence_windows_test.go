package presence_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"callin/app/presence"
)

// What an installer looks for, by the names that setup.c has: all users' and this user's.
func TestAnInstallerOfOneUserSeesAndEndsTheDesksOfThatUserAlone(t *testing.T) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	own, other := "-"+user.User.Sid.String(), "-S-1-5-21-7-7-7-1001"
	name := func(what, whose string) *uint16 {
		name, err := windows.UTF16PtrFromString(`Global\Callin-` + what + whose)
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	there := func(what, whose string) bool {
		h, err := windows.OpenMutex(windows.SYNCHRONIZE, false, name(what, whose))
		_ = windows.CloseHandle(h)
		return err == nil
	}
	is := func(want bool, what, whose string) {
		t.Helper()
		for late := time.Now().Add(10 * time.Second); there(what, whose) != want; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(late) {
				t.Fatalf("%s%s is there: %v", what, whose, !want)
			}
		}
	}

	var air atomic.Int64
	air.Store(1)
	ctx, ended := context.WithCancel(t.Context())
	asked, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		presence.Hold(ctx, presence.Options{
			Desk: true, Log: slog.New(slog.DiscardHandler),
			OnAir: func() int { return int(air.Load()) },
			End:   func() { close(asked); ended() },
		})
	}()
	for _, whose := range []string{"", own} {
		is(true, "Desk", whose)
		is(true, "OnAir", whose)
	}
	if there("Desk", other) || there("OnAir", other) {
		t.Error("it is another user's, too")
	}
	air.Store(0)
	is(false, "OnAir", "")
	is(false, "OnAir", own)

	end, err := windows.OpenEvent(windows.EVENT_MODIFY_STATE, false, name("End", own))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = windows.CloseHandle(end) }()
	if err := windows.SetEvent(end); err != nil {
		t.Fatal(err)
	}
	select {
	case <-asked:
	case <-time.After(10 * time.Second):
		t.Fatal("it was not asked to end")
	}
	<-over
	is(false, "Desk", "")
	is(false, "Desk", own)
}
