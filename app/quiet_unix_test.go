//go:build unix

package app_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/folder"
	"callin/app/picture"
	"callin/app/settings"
	"callin/app/web"
)

// quiet is what callin quiet says of the computer on which a user has the site's folder.
func (s *site) quiet(words ...string) (said string, code int) {
	s.t.Helper()
	c := s.process(nil, append([]string{"quiet"}, words...)...)
	out, _ := c.CombinedOutput()
	return string(out), c.ProcessState.ExitCode()
}

// asksQuiet asks a desk to end, by what is shown as an Authorization.
func (s *site) asksQuiet(shows string) (status int, said string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.at+"/api/quiet", strings.NewReader(`{"end":true}`))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", shows)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, strings.TrimSpace(string(text))
}

// What updates Callin asks first whether somebody is on air, and has desks end in order.
func TestADeskWithSomebodyOnAirIsNotEnded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if said, code := s.quiet("--data", s.data, "--end"); code != 0 {
		t.Fatalf("without a desk it says %d %s", code, said)
	}
	s.start()
	s.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	s.desk()
	sid := s.ring()
	at := func(kind call.Kind) func(picture.Picture) bool {
		return func(p picture.Picture) bool {
			c := card(p, sid)
			return c != nil && c.Move == nil && c.Place.Kind == kind
		}
	}
	s.until("the caller waits", at(call.Queue))
	if said, code := s.quiet("--data", s.data); code != 0 {
		t.Errorf("while somebody waits it says %d %s", code, said)
	}
	s.do("take", map[string]any{"call": sid})
	s.until("the caller is on air", at(call.Line))
	if said, code := s.quiet("--data", s.data, "--end", "--wait", "100ms"); code != 3 || !strings.Contains(said, "somebody is on air") {
		t.Errorf("with somebody on air it says %d %s", code, said)
	}
	// Nor is it by who has looked a moment before.
	host := strings.TrimPrefix(s.at, "http://")
	code, err := web.LeaveCode(filepath.Join(s.data, "rehearsal"), host)
	if err != nil {
		t.Fatal(err)
	}
	if status, said := s.asksQuiet(web.CodeScheme + " " + code); status != http.StatusOK || said != `{"end":false,"onAir":1}` {
		t.Errorf("asked to end it says %d %s", status, said)
	}
	s.picture() // it runs

	waits := s.process(nil, "quiet", "--data", s.data, "--end", "--wait", "1m")
	if err := waits.Start(); err != nil {
		t.Fatal(err)
	}
	s.do("drop", map[string]any{"call": sid})
	if err := waits.Wait(); err != nil {
		t.Errorf("once the caller was dropped it says %v", err)
	}
	if err := s.station.Wait(); err != nil {
		t.Errorf("the desk ended with %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.data, "rehearsal", "journal.db-wal")); len(left) > 0 {
		t.Error("the journal was not closed")
	}
}

// A desk that does not answer may have somebody on air: only one whose door is closed, as it
// starts or ends, has nobody, and that one is waited for.
func TestADeskThatDoesNotAnswerIsNotQuiet(t *testing.T) {
	t.Parallel()
	s := &site{t: t, data: t.TempDir()}
	stuck, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	go func() {
		for {
			c, err := stuck.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	dir := filepath.Join(s.data, "station")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	has, err := folder.Take(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer has.Close()
	at := func(port int) {
		if err := (settings.Kept{DeskPort: port}).Save(dir); err != nil {
			t.Fatal(err)
		}
	}
	at(stuck.Addr().(*net.TCPAddr).Port)
	for _, words := range [][]string{{"--data", s.data}, {"--data", s.data, "--end"}} {
		if said, code := s.quiet(words...); code != 1 || !strings.Contains(said, "does not say whether somebody is on air") {
			t.Errorf("%v: it says %d %s", words, code, said)
		}
	}
	closed, _ := strconv.Atoi(freePort(t))
	at(closed)
	if said, code := s.quiet("--data", s.data); code != 0 {
		t.Errorf("of one that starts or ends it says %d %s", code, said)
	}
	var over atomic.Bool
	time.AfterFunc(time.Second, func() {
		over.Store(true)
		has.Close()
	})
	if said, code := s.quiet("--data", s.data, "--end"); code != 0 || !over.Load() {
		t.Errorf("before it had ended, or for it, it says %d %s", code, said)
	}
}

// The page of a PC that waits for its station is ended as a desk is.
func TestAPCThatWaitsForItsStationIsEnded(t *testing.T) {
	t.Parallel()
	s := &site{t: t, data: t.TempDir()}
	asked := settings.NewRequest("https://127.0.0.1:" + freePort(t))
	asked.Code = "0000-0000"
	dir := filepath.Join(s.data, "remote")
	if err := errors.Join(os.Mkdir(dir, 0o700), settings.KeepComputerID(dir), asked.Save(dir)); err != nil {
		t.Fatal(err)
	}
	waits := s.process(nil, "--no-browser", "--data", s.data, "--settings", os.DevNull)
	s.run(waits)
	if said, code := s.quiet("--data", s.data, "--end"); code != 0 {
		t.Fatalf("it says %d %s", code, said)
	}
	waits.Wait()
	if !waits.ProcessState.Exited() {
		t.Errorf("it ended with %v", waits.ProcessState)
	}
}

// Nobody but who may write in a desk's folder ends it.
func TestAStrangerDoesNotEndADesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.start()
	for _, shows := range []string{"", "Callin-Code " + strings.Repeat("A", 26)} {
		if status, _ := s.asksQuiet(shows); status != http.StatusUnauthorized {
			t.Errorf("with %q it is told %d", shows, status)
		}
	}
	if answer, err := s.browser.Post(s.at+"/api/quiet", "application/json", strings.NewReader(`{"end":true}`)); err != nil || answer.StatusCode != 401 {
		t.Errorf("a page is told %v, %v", answer, err)
	} else {
		answer.Body.Close()
	}
	s.picture()
}
