package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/picture"
)

// follow hands on what the PC's page is told of its station, and the pictures of it,
// until the test ends.
func (p *pc) follow() (browser *http.Client, host string, stations <-chan desk.StationNow, pictures <-chan picture.Picture) {
	p.t.Helper()
	browser = contract.Enter(p.t, p.at)
	host, _, _ = strings.Cut(p.at, "/?")
	ctx, cancel := context.WithCancel(context.Background())
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, host+"/api/feed", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := browser.Do(ask)
	if err != nil {
		p.t.Fatal(err)
	}
	said, seen := make(chan desk.StationNow, 100), make(chan picture.Picture, 100)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lines := bufio.NewReader(answer.Body)
		event := ""
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			switch name, value, _ := strings.Cut(strings.TrimSpace(line), ": "); {
			case name == "event":
				event = value
			case name == "data" && event == "station":
				var now desk.StationNow
				json.Unmarshal([]byte(value), &now)
				said <- now
			case name == "data" && event == "picture":
				var now picture.Picture
				json.Unmarshal([]byte(value), &now)
				seen <- now
			}
		}
	}()
	p.t.Cleanup(func() { cancel(); answer.Body.Close(); <-ended })
	return browser, host, said, seen
}

// soon is the next of a channel.
func soon[T any](t *testing.T, of <-chan T, within time.Duration) (next T) {
	t.Helper()
	select {
	case next = <-of:
	case <-time.After(within):
		t.Fatalf("nothing within %v", within)
	}
	return next
}

// A station, and a producer's PC at it, as processes over TLS: paired by code and words,
// back by itself after the station was killed, and off when it is revoked.
func TestAProducersPCAtAStation(t *testing.T) {
	t.Parallel()
	h := newHeadless(t)
	h.start()
	said, _ := h.desks("add", "--role", "producer", "Kate's PC")
	digits := regexp.MustCompile(`(?m)^code: (\d{3} \d{3})$`).FindStringSubmatch(said)
	if digits == nil {
		t.Fatal(said)
	}
	p := &pc{t: t, data: t.TempDir()}
	printed, _ := p.callin("yes\n", nil, "--station", h.door, "--code", digits[1])
	if !strings.Contains(printed, h.words) {
		t.Fatalf("it shows %q, and the station %q", printed, h.words)
	}
	browser, host, stations, pictures := p.follow()
	if now := soon(t, stations, long); !now.Reached || now.Name == "" {
		t.Fatalf("the page is told %+v", now)
	}
	first := soon(t, pictures, long)
	if first.You == "" || len(first.Desks) != 2 || first.Desks[1].Name != "Kate's PC" {
		t.Fatalf("the page sees %q %+v", first.You, first.Desks)
	}

	// The phone of its page signals through the PC, and so does its test call.
	var pass struct{ Token, Signal string }
	for _, op := range []string{"phoneCheck", "token"} {
		answer, err := browser.Post(host+"/api/op/"+op, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if err := json.NewDecoder(answer.Body).Decode(&pass); err != nil || !strings.HasPrefix(pass.Signal, "ws"+strings.TrimPrefix(host, "http")+"/signal?pass=") {
			t.Fatalf("%s: it is told %+v, %v", op, pass, err)
		}
	}
	at, _ := url.Parse(host)
	phone, _, err := websocket.Dial(t.Context(), pass.Signal, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {at.String()}}})
	if err != nil {
		t.Fatal(err)
	}
	defer phone.CloseNow()
	listen, _ := json.Marshal(map[string]any{"type": "listen", "version": "1.6", "payload": map[string]any{"token": pass.Token}})
	if err := phone.Write(t.Context(), websocket.MessageText, listen); err != nil {
		t.Fatal(err)
	}
	if _, frame, err := phone.Read(t.Context()); err != nil || !strings.Contains(string(frame), `"connected"`) {
		t.Fatalf("the rehearsal says %s, %v", frame, err)
	}

	h.kill()
	if now := soon(t, stations, long); now.Reached || now.Ended {
		t.Fatalf("without its station the page is told %+v", now)
	}
	h.start()
	again := time.Now()
	if now := soon(t, stations, long); !now.Reached {
		t.Fatalf("with its station again the page is told %+v", now)
	}
	if took := time.Since(again); took > 5*time.Second {
		t.Errorf("the desk was back %v after its station", took)
	}
	if now := soon(t, pictures, long); now.You != first.You {
		t.Errorf("then it is %q", now.You)
	}

	if said, code := h.desks("revoke", "Kate's PC"); code != 0 {
		t.Fatal(said)
	}
	if now := soon(t, stations, time.Second); !now.Ended {
		t.Fatalf("once it is revoked the page is told %+v", now)
	}
	refused, err := browser.Post(host+"/api/op/token", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer refused.Body.Close()
	if text, _ := io.ReadAll(refused.Body); refused.StatusCode != http.StatusUnauthorized || !strings.Contains(string(text), "no_session") {
		t.Errorf("then an operation is answered %s %s", refused.Status, text)
	}
}
