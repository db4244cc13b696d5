package web_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/web"
)

// tries asks to be let in by a code.
func tries(t *testing.T, address, code string) (status int) {
	t.Helper()
	answer, err := http.Post(address+"/api/session", "application/json", bytes.NewReader(contract.NewBrowser(t).Asks(code)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || len(answer.Cookies()) > 0 || strings.Contains(string(body), code) && code != "" {
		t.Errorf("%q is answered %s with %v, %v", code, body, answer.Cookies(), err)
	}
	return answer.StatusCode
}

// status is how a browser is answered.
func status(t *testing.T, who *http.Client, address string) int {
	t.Helper()
	answer, err := who.Post(address+"/api/op/token", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func TestACodeLetsInOnce(t *testing.T) {
	room, _ := contract.Room(t)
	dir := t.TempDir()
	address, sessions := open(t, room, dir, nil, func([]string) error { return nil })
	elsewhere, _ := open(t, room, dir, nil, func([]string) error { return nil })
	host := strings.TrimPrefix(address, "http://")
	for name, code := range map[string]func() string{
		"of its own":  func() string { return sessions.Code(0) },
		"for a while": func() string { return sessions.Code(web.CodeLife) },
		"left by another start": func() string {
			code, err := web.LeaveCode(dir, host)
			if err != nil {
				t.Fatal(err)
			}
			return code
		},
	} {
		code := code()
		for what, given := range map[string]string{"nothing": "", "less": code[1:], "more": code + "A", "a path": "../code", "any": "*"} {
			if got := tries(t, address, given); got != http.StatusUnauthorized {
				t.Errorf("a code %s: %s lets in: %d", name, what, got)
			}
		}
		if got := tries(t, elsewhere, code); got != http.StatusUnauthorized {
			t.Errorf("a code %s lets in at another address: %d", name, got)
		}
		if got := tries(t, address, code); got != http.StatusOK {
			t.Errorf("a code %s: %d", name, got)
		}
		if got := tries(t, address, code); got != http.StatusUnauthorized {
			t.Errorf("a code %s once more: %d", name, got)
		}
	}
	old, err := web.LeaveCode(dir, host)
	if err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "code-*"))
	if err != nil || len(left) != 1 || strings.Contains(left[0], old) {
		t.Fatalf("there are %v, %v", left, err)
	}
	long := time.Now().Add(-web.CodeLife - time.Second)
	if err := os.Chtimes(left[0], long, long); err != nil {
		t.Fatal(err)
	}
	if got := tries(t, address, old); got != http.StatusUnauthorized {
		t.Errorf("one that was left too long ago: %d", got)
	}
}

func TestACodeForAWhileIsNoneLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := web.NewSessions("127.0.0.1:1", t.TempDir(), nil, func([]string) error { return nil })
		h := web.New(web.Options{Sessions: s, Host: "127.0.0.1:1", Page: fstest.MapFS{}})
		soon, late, printed := s.Code(web.CodeLife), s.Code(web.CodeLife), s.Code(0)
		time.Sleep(web.CodeLife - time.Second)
		lets := func(code string) bool { return letsIn(t, h, code) }
		if !lets(soon) {
			t.Error("it does not let in within its life")
		}
		time.Sleep(2 * time.Second)
		if lets(late) {
			t.Error("it lets in after its life")
		}
		time.Sleep(24 * time.Hour)
		if !lets(printed) {
			t.Error("a printed one does not let in a day later")
		}
	})
}

// A page with a live call is let in after a restart. Neither what is kept for
// that nor what the browser has shown so far lets anybody in.
func TestASessionOutlivesARestartAndWhatItHasShownDoesNot(t *testing.T) {
	room, _ := contract.Room(t)
	var kept []string
	keep := func(known []string) error { kept = append([]string{}, known...); return nil }
	server := newDoors(t, room)
	first := server.start(nil, keep)
	in := contract.Enter(t, server.URL+"/?code="+first.Code(0))
	browser, host := in.Transport.(contract.Browser), server.Listener.Addr().String()
	if len(kept) != 1 || strings.Contains(kept[0], browser.Key()) {
		t.Fatalf("kept is %q", kept)
	}
	earlier := browser.Authorization(challengeOf(t, server.URL), host)
	if got := status(t, &http.Client{Transport: replayed(earlier)}, server.URL); got != http.StatusOK {
		t.Errorf("what the browser shows: %d", got)
	}
	server.start(kept, keep)
	if got := status(t, in, server.URL); got != http.StatusOK {
		t.Errorf("after a restart: %d", got)
	}
	for name, shown := range map[string]string{
		"what it showed to an earlier start":   earlier,
		"what it showed, and what is kept":     "Callin " + kept[0] + earlier[strings.LastIndexByte(earlier, ' '):],
		"what is kept, as an earlier Callin's": "Bearer " + kept[0],
	} {
		if got := status(t, &http.Client{Transport: replayed(shown)}, server.URL); got != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, got)
		}
	}
	address, _ := open(t, room, t.TempDir(), kept, keep)
	if got := status(t, in, address); got != http.StatusUnauthorized {
		t.Errorf("at another port, where its key may be another program's page's to use: %d", got)
	}
}

// A page that sends no key that can be used has its code for another try.
func TestACodeIsNotUsedUpWithoutAKey(t *testing.T) {
	address, sessions := open(t, desk.Seat{}, t.TempDir(), nil, func([]string) error { return nil })
	code := sessions.Code(0)
	for _, key := range []string{"", "00", "04" + strings.Repeat("00", 64), contract.NewBrowser(t).Key() + "00"} {
		body, _ := json.Marshal(map[string]string{"code": code, "key": key})
		answer, err := http.Post(address+"/api/session", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("the key %q: %d", key, answer.StatusCode)
		}
	}
	if got := tries(t, address, code); got != http.StatusOK {
		t.Errorf("with a key: %d", got)
	}
}

// replayed shows what somebody has seen.
type replayed string

func (a replayed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", string(a))
	return http.DefaultTransport.RoundTrip(r)
}

func TestSignedOutIsEveryBrowserAtOnce(t *testing.T) {
	room, _ := contract.Room(t)
	dir, fails := t.TempDir(), false
	var kept []string
	address, sessions := open(t, room, dir, nil, func(known []string) error {
		if fails {
			return errors.New("the disk is full")
		}
		kept = known
		return nil
	})
	a := contract.Enter(t, address+"/?code="+sessions.Code(0))
	b := contract.Enter(t, address+"/?code="+sessions.Code(0))
	unused := sessions.Code(0)
	left, err := web.LeaveCode(dir, strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	feed, err := b.Get(address + "/api/feed")
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Body.Close()
	if err := sessions.End(); err != nil || len(kept) != 0 {
		t.Errorf("%v; kept is %q", err, kept)
	}
	if _, err := io.Copy(io.Discard, bufio.NewReader(feed.Body)); err != nil {
		t.Error("the feed:", err)
	}
	for name, who := range map[string]*http.Client{"one": a, "another": b} {
		if got := status(t, who, address); got != http.StatusUnauthorized {
			t.Errorf("%s is answered %d", name, got)
		}
	}
	for name, code := range map[string]string{"that was not used": unused, "that was left": left} {
		if got := tries(t, address, code); got != http.StatusUnauthorized {
			t.Errorf("a code %s: %d", name, got)
		}
	}
	in := contract.Enter(t, address+"/?code="+sessions.Code(0))
	if got := status(t, in, address); got != http.StatusOK {
		t.Errorf("who comes in afterwards: %d", got)
	}
	fails = true
	var refused *call.Error
	if err := sessions.End(); !errors.As(err, &refused) || refused.Code != call.CodeNotSaved {
		t.Errorf("when it cannot be kept: %v", err)
	}
}

// letsIn asks a door without a network.
func letsIn(t *testing.T, h http.Handler, code string) bool {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:1/api/session", bytes.NewReader(contract.NewBrowser(t).Asks(code)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code == http.StatusOK
}

// doors is an address at which one door after the other answers.
type doors struct {
	*httptest.Server
	t    *testing.T
	room desk.Seat
	now  atomic.Pointer[http.Handler]
}

func newDoors(t *testing.T, room desk.Seat) *doors {
	d := &doors{t: t, room: room}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*d.now.Load()).ServeHTTP(w, r) }))
	t.Cleanup(d.Close)
	return d
}

func (d *doors) start(known []string, keep func([]string) error) *web.Sessions {
	host := d.Listener.Addr().String()
	s := web.NewSessions(host, d.t.TempDir(), known, keep)
	h := web.New(web.Options{At: d.room, Sessions: s, Host: host, Page: fstest.MapFS{}})
	d.now.Store(&h)
	return s
}
