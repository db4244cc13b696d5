//go:build unix

package app_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"callin/app/picture"
)

// manager is the service manager's socket, as the station finds it.
type manager struct {
	t      *testing.T
	socket *net.UnixConn
	path   string
}

func newManager(t *testing.T) *manager {
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
	return &manager{t, socket, path}
}

// hears waits for a word of the station's.
func (m *manager) hears(word string) {
	m.t.Helper()
	if err := m.socket.SetReadDeadline(time.Now().Add(2 * long)); err != nil {
		m.t.Fatal(err)
	}
	for said := make([]byte, 100); ; {
		n, err := m.socket.Read(said)
		if err != nil {
			m.t.Fatalf("%s: %v", word, err)
		}
		if string(said[:n]) == word {
			return
		}
	}
}

// A service manager starts what depends on the station once it says that it is
// ready: Twilio must be answered by then. No address that lets somebody in is
// printed, as what a service prints is kept for others to read.
func TestAServiceSaysThatItIsReadyWhenTwilioIsAnswered(t *testing.T) {
	t.Parallel()
	s, systemd := newSite(t), newManager(t)
	s.station = s.command("--service")
	s.station.Env = append(s.station.Env, "NOTIFY_SOCKET="+systemd.path, "WATCHDOG_USEC=300000")
	var printed strings.Builder
	s.station.Stdout, s.station.Stderr = &printed, &printed
	if err := s.station.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.station.Process.Kill(); s.station.Wait() })

	systemd.hears("READY=1")
	asked, err := http.Post("http://"+s.voice+"/voice/inbound", "", nil)
	if err != nil {
		t.Fatalf("it said that it is ready: %v", err)
	}
	asked.Body.Close()
	if asked.StatusCode != http.StatusForbidden { // it is not signed
		t.Error(asked.Status)
	}
	systemd.hears("WATCHDOG=1")
	systemd.hears("WATCHDOG=1")

	again := s.command()
	s.enter(s.run(again)) // which leads to the desk of the service
	s.until("a browser sees the desk", func(p picture.Picture) bool { return p.Station.Rehearsal })

	if err := s.station.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	systemd.hears("STOPPING=1")
	if err := s.station.Wait(); err != nil {
		t.Errorf("it was told to end: %v", err)
	}
	if strings.Contains(printed.String(), "code=") {
		t.Errorf("it printed who may come in: %s", &printed)
	}
}
