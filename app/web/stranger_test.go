package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"callin/app/call"
	"callin/app/clients"
	"callin/app/desk"
	"callin/app/pairing"
	"callin/app/web"
)

// behind is a station behind a proxy on this computer, which says who has asked.
func behind(o *web.StationOptions) {
	o.Proxies, _ = clients.ParseProxies([]string{"127.0.0.1"})
}

// Somebody who guesses has five tries in all, from however many addresses and over
// however many connections.
func TestCodesAreNotGuessedFromManyAddresses(t *testing.T) {
	s := openStation(t, behind)
	boss, host := s.paired("Boss", call.Manager, ""), s.paired("Host", call.Host, "")
	bosses, _ := boss.follow()
	hosts, _ := host.follow()
	_, code := s.add("Ana", call.Host, "")
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			wrong := fmt.Sprintf("%06d", i)
			if wrong == code {
				return
			}
			client := &http.Client{Transport: s.client.Transport.(*http.Transport).Clone()}
			defer client.CloseIdleConnections()
			r, err := http.NewRequest(http.MethodPost, s.address+"/api/pair", strings.NewReader(`{"code":"`+wrong+`","kind":"pc"}`))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
			answer, err := client.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusForbidden {
				t.Errorf("a guess is answered %s", answer.Status)
			}
		})
	}
	all.Wait()
	if _, refused := s.told("POST /api/pair", `{"code":"`+code+`","kind":"pc"}`, shows("X-Forwarded-For", "198.51.100.1")); refused != call.CodeWrongCode {
		t.Errorf("the right code after fifty guesses: %v", refused)
	}
	if e := <-s.guessed; e.Code != call.CodeCodesVoid || !strings.Contains(e.Message, "Ana") {
		t.Errorf("managers are told %v", e)
	}
	if code := host.op("say", `{"text":"the last words"}`); code != (call.Code{}) {
		t.Fatal(code)
	}
	for who, events := range map[string]chan event{"manager": bosses, "host": hosts} {
		var seen []byte
		for !bytes.Contains(seen, []byte("the last words")) {
			seen = append(seen, s.next(events).data...)
		}
		if told := bytes.Contains(seen, []byte(`"notice":{"code":"codes_void"`)); told != (who == "manager") {
			t.Errorf("a %s is told of it: %t", who, told)
		}
	}
}

// Before there is any code, and after, one address does not keep the station busy.
func TestOneAddressTriesFewCodes(t *testing.T) {
	s := openStation(t, nil)
	codes := map[call.Code]int{}
	for range 30 {
		// The claim of another address is nobody's: there is no proxy.
		_, code := s.told("POST /api/pair", `{"code":"000000","kind":"pc"}`, shows("X-Forwarded-For", fmt.Sprint("203.0.113.", codes)))
		codes[code]++
	}
	if codes[call.CodeWrongCode] > clients.Pairing.Burst+1 || codes[call.CodeTooOften] < 15 {
		t.Errorf("thirty codes of one address: %v", codes)
	}
}

// A session ends by itself, however often it is used.
func TestABrowsersSessionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		book, err := pairing.Open(t.TempDir(), pairing.Options{Station: "k7rq2m4x", OwnManager: true, Log: log})
		if err != nil {
			t.Fatal(err)
		}
		door := web.NewStation(web.StationOptions{Room: &desk.Room{Log: log}, Book: book, Hosts: []string{"desk.example.org"}, Page: fstest.MapFS{}, Log: log})
		ask := func(path, body string, cookies ...*http.Cookie) *http.Response {
			r, w := httptest.NewRequest(http.MethodPost, "https://desk.example.org"+path, strings.NewReader(body)), httptest.NewRecorder()
			r.Header.Set("Content-Type", "application/json")
			for _, c := range cookies {
				r.AddCookie(c)
			}
			door.ServeHTTP(w, r)
			return w.Result()
		}
		_, code, err := book.Add("Ana", call.Host, []call.Studio{""})
		if err != nil {
			t.Fatal(err)
		}
		in := ask("/api/pair", `{"code":"`+code+`","kind":"browser"}`).Cookies()
		for _, c := range []struct {
			after time.Duration
			want  int // an operation that there is not is for who is let in only
		}{{0, 404}, {pairing.BrowserLife - time.Minute, 404}, {2 * time.Minute, 401}} {
			time.Sleep(c.after)
			if got := ask("/api/op/none", "{}", in...).StatusCode; got != c.want {
				t.Errorf("%v later: %d, want %d", c.after, got, c.want)
			}
		}
	})
}

// By plain HTTP only this computer is answered, and what its proxy says came by https.
func TestNoSecretGoesOverAWireInTheOpen(t *testing.T) {
	s := openStation(t, nil)
	for _, c := range []struct {
		name    string
		host    string
		change  func(*http.Request)
		refused call.Code
	}{
		{"a proxy that has it by https", "desk.example.org", shows("X-Forwarded-Proto", "https"), call.CodeNoSession},
		{"a proxy that has it by http", "desk.example.org", shows("X-Forwarded-Proto", "http"), call.CodeInsecure},
		{"a proxy that does not say", "desk.example.org", func(*http.Request) {}, call.CodeInsecure},
		{"somebody who says so of themselves", "desk.example.org", func(r *http.Request) {
			r.RemoteAddr = "203.0.113.9:1"
			r.Header.Set("X-Forwarded-Proto", "https")
		}, call.CodeInsecure},
		{"this computer", "127.0.0.1:8443", func(*http.Request) {}, call.CodeNoSession},
		{"a page of the proxy's name", "desk.example.org", func(r *http.Request) {
			r.Header.Set("X-Forwarded-Proto", "https")
			r.Header.Set("Origin", "https://desk.example.org")
		}, call.CodeNoSession},
		{"a page of it by http", "desk.example.org", func(r *http.Request) {
			r.Header.Set("X-Forwarded-Proto", "https")
			r.Header.Set("Origin", "http://desk.example.org")
		}, call.CodeWrongOrigin},
	} {
		o := web.StationOptions{Room: s.room.Room, Book: s.book, Hosts: []string{"desk.example.org", "127.0.0.1"}, Page: fstest.MapFS{}, Log: slog.New(slog.DiscardHandler)}
		behind(&o)
		r, w := httptest.NewRequest(http.MethodGet, "http://"+c.host+"/api/op/x", nil), httptest.NewRecorder()
		r.RemoteAddr = "127.0.0.1:5"
		c.change(r)
		web.NewStation(o).ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), `"`+c.refused.String()+`"`) {
			t.Errorf("%s: %s, want %v", c.name, w.Body, c.refused)
		}
	}
}

// A rehearsal's signalling goes through the door for who is let in, for as long as they
// are, and nothing that lets them in goes further.
func TestSignallingGoesThroughTheDoor(t *testing.T) {
	asked := make(chan *http.Request, 1)
	rehearsal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.CloseNow()
		for {
			kind, frame, err := conn.Read(r.Context())
			if err != nil || conn.Write(r.Context(), kind, append([]byte("heard "), frame...)) != nil {
				return
			}
		}
	}))
	defer rehearsal.Close()
	s := openStation(t, func(o *web.StationOptions) { o.Signal = "ws" + strings.TrimPrefix(rehearsal.URL, "http") + "/signal" })
	ana, cookie := s.browser("Ana", call.Producer, "")
	signal := "wss" + strings.TrimPrefix(s.address, "https") + "/signal"

	s.room.Softphone = func(call.Desk, call.Studio) (desk.Softphone, error) {
		return desk.Softphone{Signal: "ws://127.0.0.1:1/signal"}, nil
	}
	answer := s.asks("POST /api/op/token", "{}", ana.shows)
	defer answer.Body.Close()
	var pass desk.Softphone
	if err := json.NewDecoder(answer.Body).Decode(&pass); err != nil || pass.Signal != signal {
		t.Errorf("a phone is led to %q, %v", pass.Signal, err)
	}
	if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' "+signal+";") {
		t.Errorf("the page may connect by %q", policy)
	}
	dial := func(header http.Header) (*websocket.Conn, *http.Response) {
		conn, answer, err := websocket.Dial(t.Context(), signal+"?host=edge", &websocket.DialOptions{HTTPClient: s.client, HTTPHeader: header})
		if err != nil && answer == nil {
			t.Fatal(err)
		}
		return conn, answer
	}
	if _, answer := dial(nil); answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("nobody: %s", answer.Status)
	}
	if _, answer := dial(http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}, "Origin": {"https://evil.example"}}); answer.StatusCode != http.StatusForbidden {
		t.Errorf("another page: %s", answer.Status)
	}
	conn, answer := dial(http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}, "Origin": {s.address}})
	if conn == nil {
		t.Fatal(answer.Status)
	}
	defer conn.CloseNow()
	if r := <-asked; r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" || r.URL.Path != "/signal" || r.URL.Query().Get("host") != "edge" {
		t.Errorf("the rehearsal is asked for %s with %v", r.URL, r.Header)
	}
	if err := conn.Write(t.Context(), websocket.MessageText, []byte("ring")); err != nil {
		t.Fatal(err)
	}
	if _, frame, err := conn.Read(t.Context()); err != nil || string(frame) != "heard ring" {
		t.Fatalf("%q, %v", frame, err)
	}
	if err := s.book.EndSession(ana.id); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, _, err := conn.Read(t.Context())
		ended <- err
	}()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it goes on after the session")
		}
	case <-time.After(time.Second):
		t.Error("it goes on a second after the session")
	}
}
