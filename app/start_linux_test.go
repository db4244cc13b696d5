package app_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// One command is a whole show to practise: it says where the desk is, leads there
// again, can be reached from this computer only, and takes everything with it
// when it ends.
func TestOneCommandRehearses(t *testing.T) {
	t.Parallel()
	s := &site{t: t}
	data := t.TempDir()
	args := []string{"station", "--no-callers", "--data", data, "--settings", os.DevNull}
	first := s.process(nil, args...)
	desk := strings.TrimSpace(strings.TrimPrefix(s.run(first), "desk: "))
	if answer, err := http.Get(desk); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(desk, answer, err)
	} else {
		answer.Body.Close()
	}
	if again := strings.TrimSpace(strings.TrimPrefix(s.run(s.process(nil, args...)), "desk: ")); again != desk {
		t.Errorf("started again it says %q, and the desk is at %q", again, desk)
	}

	kept, err := os.ReadFile(filepath.Join(data, "rehearsal", "kept.json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(data, "station")); err == nil {
		t.Error("a rehearsal has a real show's folder")
	}
	ports := map[string]int{}
	var all map[string]any
	if err := json.Unmarshal(kept, &all); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"desk_port", "voice_port", "rehearsal_port"} {
		port, _ := all[name].(float64)
		ports[name] = int(port)
	}
	for name, port := range ports {
		// 127.0.0.2 is this computer too, but not the address that is listened at.
		for host, want := range map[string]bool{"127.0.0.1": true, "127.0.0.2": false, "[::1]": false} {
			conn, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", host, port), long)
			if err == nil {
				conn.Close()
			}
			if (err == nil) != want {
				t.Errorf("%s at %s:%d: %v", name, host, port, err)
			}
		}
	}
	if err := first.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("told to end: %v", err)
	}
	if conn, err := net.DialTimeout("tcp", fmt.Sprint("127.0.0.1:", ports["rehearsal_port"]), time.Second); err == nil {
		conn.Close()
		t.Error("the rehearsal is still there")
	}
}
