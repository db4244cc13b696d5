package web_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/web"
)

// door serves a room and returns its address and a browser that has been let in.
func door(t *testing.T) (address string, in *http.Client, rows []contract.Row) {
	t.Helper()
	room, rows := contract.Room(t)
	address, in = serve(t, room)
	return address, in, rows
}

// doorOf is door with its room, which may be changed before it is asked.
func doorOf(t *testing.T) (address string, in *http.Client, room desk.Seat) {
	t.Helper()
	room, _ = contract.Room(t)
	address, in = serve(t, room)
	return address, in, room
}

// connect is what the page may connect to besides its door.
const connect = "ws://127.0.0.1:9"

func serve(t *testing.T, room desk.Seat) (address string, in *http.Client) {
	t.Helper()
	address, sessions := open(t, room, t.TempDir(), nil, func([]string) error { return nil })
	return address, contract.Enter(t, address+"/?code="+sessions.Code(0))
}

// open serves a room to browsers that are known, and knows a folder for codes.
func open(t *testing.T, room desk.Seat, dir string, known []string, keep func([]string) error) (address string, sessions *web.Sessions) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	host := server.Listener.Addr().String()
	sessions = web.NewSessions(host, dir, known, keep)
	server.Config.Handler = web.New(web.Options{
		At: room, Sessions: sessions, Desk: "this one", Host: host, Connect: []string{connect},
		Page: fstest.MapFS{"index.html": {Data: []byte("<title>The desk</title>")}},
	})
	server.Start()
	t.Cleanup(server.Close)
	return server.URL, sessions
}

// challengeOf is what the browsers of a desk sign.
func challengeOf(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := contract.Challenge(r)
	if err != nil || len(challenge) < 26 {
		t.Fatalf("the challenge is %q, %v", challenge, err)
	}
	return challenge
}

func TestEveryOperationIsAnsweredAsTheContractSays(t *testing.T) {
	address, in, rows := door(t)
	for _, row := range rows {
		r, err := in.Post(address+"/api/op/"+row.Op, "application/json", strings.NewReader(row.Body))
		if err != nil {
			t.Fatal(err)
		}
		var refused *call.Error
		var ok map[string]any
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		into := any(&ok)
		if r.StatusCode != http.StatusOK {
			into = &refused
		}
		if err := json.Unmarshal(body, into); err != nil {
			t.Errorf("%s: %d %q: %v", row.Name, r.StatusCode, body, err)
			continue
		}
		row.Check(t, ok, refused)
		want := row.Want.Status
		if want == 0 {
			want = http.StatusOK
		}
		if r.StatusCode != want {
			t.Errorf("%s: status %d, want %d", row.Name, r.StatusCode, want)
		}
	}
}

// shows gives a request another header of this name.
func shows(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestOnlyTheRightHostOriginAndKeyAreLetIn(t *testing.T) {
	address, in, _ := door(t)
	host := strings.TrimPrefix(address, "http://")
	browser, stranger := in.Transport.(contract.Browser), contract.NewBrowser(t)
	challenge := challengeOf(t, address)
	right := browser.Authorization(challenge, host)
	unsigned := right[:strings.LastIndexByte(right, ' ')]
	foreign := stranger.Authorization(challenge, host)
	for _, c := range []struct {
		name   string
		client *http.Client
		path   string
		change func(*http.Request)
		status int
		code   string
	}{
		{"the desk's own page", in, "/api/op/token", func(r *http.Request) { r.Header.Set("Origin", address) }, 200, ""},
		{"no key", http.DefaultClient, "/api/op/token", nil, 401, "no_key"},
		{"no key for the feed", http.DefaultClient, "/api/feed", nil, 401, "no_key"},
		{"no key for a message", http.DefaultClient, "/api/voicemail/" + contract.Message, nil, 401, "no_key"},
		{"no key for a record", http.DefaultClient, "/api/record/1.csv", nil, 401, "no_key"},
		{"no key for what there is not", http.DefaultClient, "/api/x", nil, 401, "no_key"},
		{"the page, which anybody may see", http.DefaultClient, "/", nil, 200, ""},
		{"an empty header", http.DefaultClient, "/api/op/token", shows("Authorization", "Callin "), 401, "no_key"},
		{"its key, and nothing signed", http.DefaultClient, "/api/op/token", shows("Authorization", unsigned), 401, "no_key"},
		{"its key, and less than what it signed", http.DefaultClient, "/api/op/token", shows("Authorization", right[:len(right)-2]), 401, "no_key"},
		{"its key, and more than what it signed", http.DefaultClient, "/api/op/token", shows("Authorization", right+"00"), 401, "no_key"},
		{"its key, and what another one signed", http.DefaultClient, "/api/op/token", shows("Authorization", unsigned+foreign[strings.LastIndexByte(foreign, ' '):]), 401, "no_key"},
		{"a key that was not let in", http.DefaultClient, "/api/op/token", shows("Authorization", foreign), 401, "no_key"},
		{"signed for another start", http.DefaultClient, "/api/op/token", shows("Authorization", browser.Authorization("another", host)), 401, "no_key"},
		{"signed for another host", http.DefaultClient, "/api/op/token", shows("Authorization", browser.Authorization(challenge, "127.0.0.1:1")), 401, "no_key"},
		{"as it should be", http.DefaultClient, "/api/op/token", shows("Authorization", right), 200, ""},
		{"as a cookie, which goes to every port", http.DefaultClient, "/api/op/token", shows("Cookie", "callin="+strings.ReplaceAll(right, " ", "+")), 401, "no_key"},
		{"in the address", http.DefaultClient, "/api/feed?authorization=" + url.QueryEscape(right), nil, 401, "no_key"},
		{"another name for this machine", in, "/api/op/token", func(r *http.Request) { r.Host = "evil.example:80" }, 403, "wrong_host"},
		{"localhost, which another page may be", in, "/api/op/token", func(r *http.Request) { r.Host = strings.Replace(r.Host, "127.0.0.1", "localhost", 1) }, 403, "wrong_host"},
		{"another page", in, "/api/op/token", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403, "wrong_origin"},
		{"another page of this machine", in, "/api/op/token", func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:1") }, 403, "wrong_origin"},
		{"a page by another protocol", in, "/api/op/token", func(r *http.Request) { r.Header.Set("Origin", strings.Replace(address, "http:", "https:", 1)) }, 403, "wrong_origin"},
		{"a page of a file", in, "/api/op/token", func(r *http.Request) { r.Header.Set("Origin", "null") }, 403, "wrong_origin"},
		{"a plain form", in, "/api/op/token", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415, "wrong_type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			method := http.MethodGet
			if strings.HasPrefix(c.path, "/api/op/") {
				method = http.MethodPost
			}
			r, err := http.NewRequest(method, address+c.path, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			if c.change != nil {
				c.change(r)
			}
			answer, err := c.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			var refused call.Error
			json.NewDecoder(answer.Body).Decode(&refused)
			if answer.StatusCode != c.status || refused.Code.String() != c.code {
				t.Errorf("%d %q, want %d %q", answer.StatusCode, refused.Code, c.status, c.code)
			}
			contract.Bound(t, c.name, answer.Header, connect)
		})
	}
}

func TestABrokenFeedGoesOnFromItsLastFact(t *testing.T) {
	address, in, _ := door(t)
	events := func(last string) (*bufio.Reader, func() error) {
		r, _ := http.NewRequest(http.MethodGet, address+"/api/feed", nil)
		if last != "" {
			r.Header.Set("Last-Event-ID", last)
		}
		answer, err := in.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return bufio.NewReader(answer.Body), answer.Body.Close
	}
	// next reads up to the end of an event and returns its fields. The stage comes
	// when it likes.
	next := func(r *bufio.Reader) map[string]string {
		fields := map[string]string{}
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			name, value, found := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			if found {
				fields[name] = value
			} else if fields["event"] == "stage" {
				clear(fields)
			} else if fields["event"] != "" {
				return fields
			}
		}
	}
	feed, cut := events("")
	first := next(feed)
	cut()
	if first["event"] != "picture" || first["id"] == "" {
		t.Fatalf("the first event is %v", first)
	}
	var picture struct{ Cards []struct{ Call string } }
	if err := json.Unmarshal([]byte(first["data"]), &picture); err != nil || len(picture.Cards) != 1 {
		t.Fatalf("the picture is %s, %v", first["data"], err)
	}
	body := `{"call":"` + picture.Cards[0].Call + `","name":"Zoë"}`
	if r, err := in.Post(address+"/api/op/note", "application/json", strings.NewReader(body)); err != nil {
		t.Fatal(err)
	} else if r.Body.Close(); r.StatusCode != http.StatusOK {
		t.Fatal(r.Status)
	}
	feed, cut = events(first["id"])
	if missed := next(feed); missed["event"] != "change" || !strings.Contains(missed["data"], "Zoë") {
		t.Errorf("after the break: %v", missed)
	}
	cut()
	feed, cut = events("another-3")
	if fresh := next(feed); fresh["event"] != "picture" {
		t.Errorf("to a page of another process: %v", fresh["event"])
	}
	cut()
}

// Only who can write in the desk's folder has its window come forward.
func TestAnotherStartBringsTheWindowForward(t *testing.T) {
	room, _ := contract.Room(t)
	dir, came := t.TempDir(), 0
	serve := func(front func()) (host string) {
		server := httptest.NewUnstartedServer(nil)
		host = server.Listener.Addr().String()
		server.Config.Handler = web.New(web.Options{
			At: room, Sessions: web.NewSessions(host, dir, nil, nil), Host: host, Page: fstest.MapFS{}, Front: front,
		})
		server.Start()
		t.Cleanup(server.Close)
		return host
	}
	ask := func(host, code string) int {
		t.Helper()
		r, err := http.NewRequest(http.MethodPost, "http://"+host+web.FrontPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", web.CodeScheme+" "+code)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	none, window := serve(nil), serve(func() { came++ })
	left := func(host string) string {
		t.Helper()
		code, err := web.LeaveCode(dir, host)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	if is := ask(window, "guessed"); is != call.CodeNoKey.Status() || came != 0 {
		t.Errorf("without a code it is answered %d and came forward %d times", is, came)
	}
	if is := ask(window, left(window)); is != http.StatusOK || came != 1 {
		t.Errorf("with a code it is answered %d and came forward %d times", is, came)
	}
	if is := ask(none, left(none)); is == http.StatusOK {
		t.Error("a desk without a window says that it came forward")
	}
}
