package web_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/web"
)

// What a station offers of newer versions is for its desks alone, and of all files that
// it has nothing else is offered.
func TestUpdatesAreForPairedDesks(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "updates")
	large := strings.Repeat("x", 3<<20)
	for _, err := range []error{
		os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(above, "kept.json"), []byte("secret"), 0o600),
		os.WriteFile(filepath.Join(dir, "callin_0.3.0_setup.exe"), []byte(large), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	s := openStation(t, func(o *web.StationOptions) { o.Updates = dir })
	kate := s.paired("Kate's PC", call.Watcher, "")
	get := func(d *aDesk, path string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.address+"/api/updates/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d != nil {
			d.shows(r)
		}
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text)
	}
	if status, said := get(nil, "callin_0.3.0_setup.exe"); status != http.StatusUnauthorized || strings.Contains(said, "xxx") {
		t.Errorf("a stranger is answered %d", status)
	}
	if status, said := get(kate, "callin_0.3.0_setup.exe"); status != http.StatusOK || said != large {
		t.Errorf("a desk is answered %d with %d bytes", status, len(said))
	}
	for _, path := range []string{"kept.json", "..%2fkept.json", "%2e%2e%2fkept.json", "..%5ckept.json", "none", "%2fetc%2fpasswd"} {
		if status, said := get(kate, path); status == http.StatusOK || strings.Contains(said, "secret") {
			t.Errorf("%s is answered %d %q", path, status, said)
		}
	}
	if err := s.book.Revoke(kate.id); err != nil {
		t.Fatal(err)
	}
	if status, _ := get(kate, "callin_0.3.0_setup.exe"); status != http.StatusUnauthorized {
		t.Errorf("a revoked desk is answered %d", status)
	}
}

// A desk of a neighbouring version works; one that is too far is told which side to
// update, and can have what brings it nearer.
func TestADeskOfAnotherVersionIsToldWhichSideToUpdate(t *testing.T) {
	s := openStation(t, func(o *web.StationOptions) { o.Updates = t.TempDir() })
	kate := s.paired("Kate's PC", call.Host, "")
	feed := s.room.Station.Attach(-1)
	defer feed.Close()
	for _, c := range []struct {
		says, here, there string
	}{
		{"", "", ""},
		{"1 1", "", ""},
		{"2 1", "", ""},
		{"rubbish", "", ""},
		{"0 0", "Update it on this PC.", "Update it on that PC."},
		{"3 2", "Have the station updated.", ""}, // the second is said once a desk
	} {
		ask := func(method, path string) (int, string) {
			r, err := http.NewRequestWithContext(t.Context(), method, s.address+path, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			kate.shows(r)
			r.Header.Set("Content-Type", "application/json")
			if c.says != "" {
				r.Header.Set("Callin-Protocol", c.says)
			}
			answer, err := s.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if answer.Header.Get("Callin-Protocol") != "1 1" {
				t.Errorf("the station says %q of itself", answer.Header.Get("Callin-Protocol"))
			}
			text, _ := io.ReadAll(answer.Body)
			return answer.StatusCode, string(text)
		}
		status, said := ask(http.MethodPost, "/api/op/shows")
		if works := c.here == ""; works != (status == http.StatusOK) || !strings.Contains(said, c.here) {
			t.Errorf("a desk that says %q is answered %d %s", c.says, status, said)
		}
		if status, _ := ask(http.MethodGet, "/api/updates/updates.json"); status != http.StatusNotFound { // nothing is there, and it was let in
			t.Errorf("a desk that says %q is answered %d of updates", c.says, status)
		}
		if c.there == "" {
			continue
		}
		for told := ""; !strings.Contains(told, c.there); {
			select {
			case change := <-feed.Changes:
				if change.Notice != nil {
					told = change.Notice.Message
				}
			case <-time.After(long):
				t.Fatal("managers are not told")
			}
		}
	}
}
