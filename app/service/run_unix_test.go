//go:build unix

package service_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"callin/app/service"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listens is the service manager's end of its socket.
func listens(t *testing.T) *net.UnixConn {
	t.Helper()
	dir, err := os.MkdirTemp("", "callin") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	return socket
}

// heard is what has been said until now.
func heard(t *testing.T, socket *net.UnixConn) (words []string) {
	t.Helper()
	if err := socket.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for said := make([]byte, 100); ; {
		n, err := socket.Read(said)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return words
		} else if err != nil {
			t.Fatal(err)
		}
		words = append(words, string(said[:n]))
	}
}

// The manager hears of a station's life only from one that was asked: one that
// hangs is started again.
func TestAStationThatHangsDoesNotSayThatItIsAlive(t *testing.T) {
	socket := listens(t)
	t.Setenv("WATCHDOG_USEC", "30000")
	asked := make(chan struct{})
	_, err := service.Run(
		func() (context.Context, context.CancelFunc) { return context.WithCancel(t.Context()) },
		func(_ context.Context, ready func(func(context.Context) bool) error) int {
			if err := ready(func(ctx context.Context) bool {
				asked <- struct{}{}
				<-ctx.Done()
				return false
			}); err != nil {
				t.Error(err)
			}
			for range 5 {
				<-asked
			}
			return 0
		})
	if err != nil {
		t.Error(err)
	}
	if words := heard(t, socket); len(words) == 0 || words[0] != "READY=1" || len(words) > 2 || words[len(words)-1] == "WATCHDOG=1" {
		t.Errorf("the manager heard %q", words)
	}
}

// What another process is to be watched by is not this one's to answer.
func TestAnotherProcesssWatchdogIsLeftToIt(t *testing.T) {
	listens(t)
	t.Setenv("WATCHDOG_USEC", "30000")
	t.Setenv("WATCHDOG_PID", "1")
	_, err := service.Run(
		func() (context.Context, context.CancelFunc) { return context.WithCancel(t.Context()) },
		func(_ context.Context, ready func(func(context.Context) bool) error) int {
			if err := ready(func(context.Context) bool { t.Error("it was asked"); return true }); err != nil {
				t.Error(err)
			}
			return 0
		})
	if err != nil {
		t.Error(err)
	}
}
