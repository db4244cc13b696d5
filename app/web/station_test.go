package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/pairing"
	"callin/app/web"
)

// aStation is a station's door, over TLS, and what is behind it.
type aStation struct {
	*testing.T
	address string
	room    desk.Seat
	book    *pairing.Book
	client  *http.Client // of nobody
	guessed chan *call.Error
}

// long is how long a test waits for what must happen.
const long = 15 * time.Second

func openStation(t *testing.T, change func(*web.StationOptions)) *aStation {
	t.Helper()
	s := &aStation{T: t, guessed: make(chan *call.Error, 1)}
	s.room, _ = contract.Room(t)
	s.room.TakeOver = func(context.Context) error { return nil }
	var err error
	s.book, err = pairing.Open(t.TempDir(), pairing.Options{
		Station: "k7rq2m4x", OwnManager: true, Log: slog.New(slog.DiscardHandler), Guessed: func(e *call.Error) { s.room.Station.Notice(e); s.guessed <- e },
	})
	if err != nil {
		t.Fatal(err)
	}
	o := web.StationOptions{
		Room: s.room.Room, Book: s.book, Name: "Radio Example", Page: fstest.MapFS{"index.html": {Data: []byte("<title>The desk</title>")}},
		Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	door := web.NewStation(o)
	server := httptest.NewTLSServer(door)
	t.Cleanup(server.Close)
	s.address, s.client = server.URL, server.Client()
	ended, stop := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-s.book.Changed():
				door.Changed()
			case <-stop:
				return
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-ended })
	return s
}

// aDesk asks at a station with what it shows.
type aDesk struct {
	*aStation
	id     call.DeskID
	secret string
	shows  func(*http.Request)
}

// add gives a desk out.
func (s *aStation) add(name string, roles call.Roles, studios ...call.Studio) (id call.DeskID, code string) {
	s.Helper()
	d, code, err := s.book.Add(name, roles, studios)
	if err != nil {
		s.Fatal(err)
	}
	return d.ID, code
}

// paired is a desk on a PC.
func (s *aStation) paired(name string, roles call.Roles, studios ...call.Studio) *aDesk {
	s.Helper()
	id, code := s.add(name, roles, studios...)
	told := struct {
		Desk    call.Desk
		Station string
		Secret  string
	}{}
	s.pairs(code, "pc", &told)
	if told.Desk.ID != id || told.Station != "Radio Example" || told.Secret == "" {
		s.Fatalf("pairing told %+v", told)
	}
	return &aDesk{s, id, told.Secret, shows("Authorization", "Bearer "+told.Secret)}
}

// pairs types a code and returns what the answer sets.
func (s *aStation) pairs(code, kind string, told any) []*http.Cookie {
	s.Helper()
	answer := s.asks("POST /api/pair", `{"code":"`+code+`","kind":"`+kind+`"}`)
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if err := json.Unmarshal(body, told); err != nil || answer.StatusCode != http.StatusOK {
		s.Fatalf("pairing: %s %s", answer.Status, body)
	}
	return answer.Cookies()
}

// browser is a desk in a browser.
func (s *aStation) browser(name string, roles call.Roles, studios ...call.Studio) (*aDesk, *http.Cookie) {
	s.Helper()
	id, code := s.add(name, roles, studios...)
	told := map[string]any{}
	cookies := s.pairs(code[:3]+" "+code[3:], "browser", &told)
	if len(cookies) != 1 || told["secret"] != nil {
		s.Fatalf("a browser was told %v and has %v", told, cookies)
	}
	cookie := cookies[0]
	return &aDesk{s, id, cookie.Value, func(r *http.Request) { r.AddCookie(cookie) }}, cookie
}

// asks sends a request, such as "POST /api/leave", that changes may make another one.
func (s *aStation) asks(what, body string, changes ...func(*http.Request)) *http.Response {
	s.Helper()
	method, path, _ := strings.Cut(what, " ")
	r, err := http.NewRequestWithContext(s.Context(), method, s.address+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, change := range changes {
		change(r)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	return answer
}

// told is the status of a request, and the code of its refusal.
func (s *aStation) told(what, body string, changes ...func(*http.Request)) (status int, code call.Code) {
	s.Helper()
	answer := s.asks(what, body, changes...)
	defer answer.Body.Close()
	var refused call.Error
	if answer.StatusCode != http.StatusOK {
		if err := json.NewDecoder(answer.Body).Decode(&refused); err != nil || !strings.HasSuffix(refused.Message, ".") {
			s.Errorf("%s: refused by %s without words: %v", what, answer.Status, err)
		}
	}
	return answer.StatusCode, refused.Code
}

func (d *aDesk) op(name, body string) call.Code {
	d.Helper()
	_, code := d.told("POST /api/op/"+name, body, d.shows)
	return code
}

// follow is a desk's feed. Its events are closed when it ends.
func (d *aDesk) follow(changes ...func(*http.Request)) (events chan event, hang func()) {
	d.Helper()
	answer := d.asks("GET /api/feed", "", append(changes, d.shows)...)
	if answer.StatusCode != http.StatusOK {
		d.Fatal(answer.Status)
	}
	events = make(chan event, 1000)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(events)
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 1<<20)
		var e event
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data = []byte(value)
			case "":
				if e.name != "" && e.name != "stage" {
					events <- e
				}
				e = event{}
			}
		}
	}()
	hang = func() { answer.Body.Close(); <-ended }
	d.Cleanup(hang)
	return events, hang
}

type event struct {
	id, name string
	data     []byte
}

// next is the next event of a feed; the zero one when it has ended.
func (s *aStation) next(events chan event) event {
	s.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(long):
		s.Fatal("the feed brings nothing")
		return event{}
	}
}

// ends waits until a feed ends, and says what it still brought.
func (s *aStation) ends(what string, events chan event) (left []byte) {
	s.Helper()
	late := time.After(time.Second)
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return left
			}
			left = append(left, e.data...)
		case <-late:
			s.Fatalf("%s: the feed goes on a second later", what)
		}
	}
}

// What the page does not offer is refused by the station.
func TestEveryOperationIsForSomeRolesOnlyAtTheStationsDoor(t *testing.T) {
	s := openStation(t, nil)
	for letter, roles := range contract.Roles {
		at := s.paired("of "+letter, roles, "")
		for name, who := range contract.May {
			if refused := at.op(name, "{}") == call.CodeNotAllowed; refused == contract.Allows(who, letter, false) {
				t.Errorf("%s at a desk of %v: refused is %t", name, roles.Names(), refused)
			}
		}
	}
	elsewhere := s.paired("of another studio", call.Host|call.Producer|call.Manager, "b")
	for name := range contract.May {
		if code := elsewhere.op(name, "{}"); code != call.CodeNotAllowed {
			t.Errorf("%s in a studio that is not the desk's: %v", name, code)
		}
	}
}

// The station's own desk may be a manager's alone, or one of any roles.
func TestEveryOperationIsForSomeRolesOnlyAtTheStationsOwnDesk(t *testing.T) {
	for letter, roles := range contract.Roles {
		room, _ := contract.Room(t)
		room.TakeOver = func(context.Context) error { return nil }
		room.By.Roles = roles
		address, in := serve(t, room)
		for name, who := range contract.May {
			answer, err := in.Post(address+"/api/op/"+name, "application/json", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			var refused call.Error
			_ = json.NewDecoder(answer.Body).Decode(&refused)
			answer.Body.Close()
			if (refused.Code == call.CodeNotAllowed) == contract.Allows(who, letter, false) {
				t.Errorf("%s at a desk of %v: %v", name, roles.Names(), refused.Code)
			}
		}
	}
}

func TestTheAirIsAHostsAtBothDoorsUnlessTheShowLetsProducersAir(t *testing.T) {
	contract.CheckAir(t, func(room desk.Seat) func(call.Roles, string, string) call.Code {
		s := openStation(t, func(o *web.StationOptions) { o.Room = room.Room })
		return func(roles call.Roles, op, body string) call.Code {
			return s.paired("of "+roles.Names()[0], roles, "").op(op, body)
		}
	})
	contract.CheckAir(t, func(room desk.Seat) func(call.Roles, string, string) call.Code {
		return func(roles call.Roles, op, body string) call.Code {
			room.By.Roles = roles
			address, in := serve(t, room)
			answer, err := in.Post(address+"/api/op/"+op, "application/json", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			var refused call.Error
			_ = json.NewDecoder(answer.Body).Decode(&refused)
			return refused.Code
		}
	})
}

func TestOnlyWhatComesToTheStationItselfIsAnswered(t *testing.T) {
	s := openStation(t, nil)
	pc := s.paired("Ana", call.Host, "")
	web, _ := s.browser("Ben", call.Host, "")
	port := s.address[strings.LastIndexByte(s.address, ':'):]
	for _, c := range []struct {
		name   string
		desk   *aDesk
		change func(*http.Request)
		code   call.Code
	}{
		{"a PC", pc, func(*http.Request) {}, call.Code{}},
		{"a browser's page", web, shows("Origin", s.address), call.Code{}},
		{"a page that says where it is from", web, shows("Sec-Fetch-Site", "same-origin"), call.Code{}},
		{"an address that somebody typed", web, shows("Sec-Fetch-Site", "none"), call.Code{}},
		{"another page", web, shows("Origin", "https://evil.example"), call.CodeWrongOrigin},
		{"a page of another port", web, shows("Origin", "https://127.0.0.1:1"), call.CodeWrongOrigin},
		{"a page by another protocol", web, shows("Origin", "http"+strings.TrimPrefix(s.address, "https")), call.CodeWrongOrigin},
		{"a page of a file", web, shows("Origin", "null"), call.CodeWrongOrigin},
		{"a page that hides its origin", web, shows("Sec-Fetch-Site", "cross-site"), call.CodeWrongOrigin},
		{"a page of a neighbour", web, shows("Sec-Fetch-Site", "same-site"), call.CodeWrongOrigin},
		{"a name that is led here", web, func(r *http.Request) { r.Host = "evil.example" + port }, call.CodeWrongHost},
		{"another address", web, func(r *http.Request) { r.Host = "127.0.0.2" + port }, call.CodeWrongHost},
		{"a form", web, shows("Content-Type", "text/plain"), call.CodeWrongType},
		{"a secret as a cookie", pc, func(r *http.Request) {
			r.Header.Del("Authorization")
			r.AddCookie(&http.Cookie{Name: "__Host-callin", Value: pc.secret})
		}, call.CodeNoSession},
		{"a cookie as a secret", web, func(r *http.Request) {
			r.Header.Del("Cookie")
			r.Header.Set("Authorization", "Bearer "+web.secret)
		}, call.CodeNoSession},
		{"a cookie of a lesser name", web, func(r *http.Request) {
			r.Header.Del("Cookie")
			r.AddCookie(&http.Cookie{Name: "callin", Value: web.secret})
		}, call.CodeNoSession},
		{"no secret", pc, func(r *http.Request) { r.Header.Del("Authorization") }, call.CodeNoSession},
		{"half a secret", pc, shows("Authorization", "Bearer "+pc.secret[:20]), call.CodeNoSession},
	} {
		if _, code := s.told("POST /api/op/token", "{}", c.desk.shows, c.change); code != c.code {
			t.Errorf("%s: %v, want %v", c.name, code, c.code)
		}
	}
	for _, path := range []string{"POST /api/op/token", "GET /api/feed", "GET /api/record/1.csv", "GET /api/voicemail/" + contract.Message, "GET /api/x"} {
		if status, code := s.told(path, "{}"); status != http.StatusUnauthorized || code != call.CodeNoSession {
			t.Errorf("%s by nobody: %d %v", path, status, code)
		}
	}
	for _, what := range []string{"GET /", "GET /api/station"} {
		answer := s.asks(what, "")
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s, which anybody may see: %s", what, answer.Status)
		}
		contract.Bound(t, what, answer.Header)
		if answer.Header.Get("Strict-Transport-Security") != "" {
			t.Error("a browser would never again let in a certificate of the station's own")
		}
	}
}

// A browser would send its cookie to whatever has the station's name by then.
func TestACookieIsOfUseAtItsHostOnly(t *testing.T) {
	s := openStation(t, func(o *web.StationOptions) { o.Hosts, o.Trusted = []string{"127.0.0.1", "desk.example.org"}, true })
	at, cookie := s.browser("Ana", call.Host, "")
	if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Domain != "" ||
		cookie.Name != "__Host-callin" || time.Duration(cookie.MaxAge)*time.Second != pairing.BrowserLife {
		t.Errorf("the cookie is %v", cookie)
	}
	for host, want := range map[string]call.Code{
		strings.TrimPrefix(s.address, "https://"): {},
		"desk.example.org":                        call.CodeNoSession,
		"evil.example.org":                        call.CodeWrongHost,
	} {
		if _, code := s.told("POST /api/op/token", "{}", at.shows, func(r *http.Request) { r.Host = host }); code != want {
			t.Errorf("at %s: %v, want %v", host, code, want)
		}
	}
	answer := s.asks("GET /", "")
	answer.Body.Close()
	if answer.Header.Get("Strict-Transport-Security") == "" {
		t.Error("a browser may ask by plain HTTP the next time")
	}
	answer = s.asks("POST /api/leave", "{}", at.shows)
	answer.Body.Close()
	if left := answer.Cookies(); len(left) != 1 || left[0].MaxAge >= 0 {
		t.Errorf("who left has %v", left)
	}
	if code := at.op("token", "{}"); code != call.CodeNoSession {
		t.Errorf("who left: %v", code)
	}
}

// A browser that is paired as another desk is no longer the one before.
func TestABrowserIsOneDesk(t *testing.T) {
	s := openStation(t, nil)
	ana, _ := s.browser("Ana", call.Host, "")
	_, code := s.add("Ben", call.Host, "")
	answer := s.asks("POST /api/pair", `{"code":"`+code+`","kind":"browser"}`, ana.shows)
	answer.Body.Close()
	if code := ana.op("token", "{}"); answer.StatusCode != http.StatusOK || code != call.CodeNoSession {
		t.Errorf("%s, and then Ana's cookie: %v", answer.Status, code)
	}
}
