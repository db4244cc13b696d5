package clients_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/clients"
)

// limited is a door with a limit, for the clients behind a proxy at 127.0.0.1.
type limited struct {
	*testing.T
	door http.Handler
}

func newLimited(t *testing.T, r clients.Rate) limited {
	return limited{t, clients.NewLimit(r, proxies(t, "127.0.0.1")).
		Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))}
}

func (l limited) ask(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	l.door.ServeHTTP(w, r)
	return w
}

// passes is how many of so many requests are answered.
func (l limited) passes(n int, r *http.Request) (passed int) {
	for range n {
		if l.ask(r).Code == http.StatusNoContent {
			passed++
		}
	}
	return passed
}

var slow = clients.Rate{Burst: 5, Every: 4 * time.Second, Sentence: "Too many."}

// Who asks too often is told for how long to wait, and is then answered; asking on
// meanwhile does not make it longer.
func TestWhoAsksTooOftenIsToldWhenToAskAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, r := newLimited(t, slow), from("203.0.113.9:5")
		if n := l.passes(20, r); n != 5 {
			t.Errorf("%d are answered at once", n)
		}
		time.Sleep(2500 * time.Millisecond)
		w := l.ask(r)
		var said call.Error
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || w.Code != http.StatusTooManyRequests || said.Code != call.CodeTooOften ||
			said.Message != "Too many. Wait 2 seconds, then try again." || w.Header().Get("Retry-After") != "2" {
			t.Errorf("it is answered %d, %v, %v %v", w.Code, w.Header(), said, err)
		}
		wait, _ := strconv.Atoi(w.Header().Get("Retry-After"))
		time.Sleep(time.Duration(wait) * time.Second)
		if n := l.passes(20, r); n != 1 {
			t.Errorf("%d are answered then", n)
		}
		time.Sleep(time.Hour)
		if n := l.passes(20, r); n != 5 {
			t.Errorf("%d are answered after an hour", n)
		}
	})
}

// A limit is one client's: whoever it is behind a proxy, with any of the addresses
// that one computer has, and whatever it writes into a header.
func TestALimitIsOneClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimited(t, slow)
		for _, c := range []struct {
			what string
			r    *http.Request
			want int
		}{
			{"one", from("203.0.113.9:5"), 5},
			{"another connection", from("203.0.113.9:6"), 0},
			{"the same as a socket for both writes it", from("[::ffff:203.0.113.9]:6"), 0},
			{"with a header of its own", from("203.0.113.9:6", "198.51.100.77"), 0},
			{"another one", from("203.0.113.10:5"), 5},
			{"one behind the proxy", from("127.0.0.1:5", "198.51.100.1"), 5},
			{"the same one with a lie", from("127.0.0.1:5", "198.51.100.2, 198.51.100.1"), 0},
			{"another one behind the proxy", from("127.0.0.1:5", "198.51.100.2"), 5},
			{"one of IPv6", from("[2001:db8:0:1::1]:5"), 5},
			{"another address of its network", from("[2001:db8:0:1:ffff::2]:5"), 0},
			{"one of the next network", from("[2001:db8:0:2::1]:5"), 5},
			{"without an address", from("@"), 5},
			{"another one without", from(""), 0},
		} {
			if n := l.passes(7, c.r); n != c.want {
				t.Errorf("%s: %d are answered, want %d", c.what, n, c.want)
			}
		}
	})
}

// However many clients come, so many are remembered: who asks on stays so.
func TestWhoHasNotAskedForLongestIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, on, off := newLimited(t, slow), from("203.0.113.9:5"), from("203.0.113.10:5")
		l.passes(5, on)
		l.passes(5, off)
		for i := range 4095 {
			if i == 2000 && l.passes(1, on) != 0 {
				t.Error("it is forgotten already")
			}
			if l.passes(1, from(fmt.Sprintf("10.0.%d.%d:5", i/256, i%256))) != 1 {
				t.Fatalf("new client %d is refused", i)
			}
		}
		if n := l.passes(7, on); n != 0 {
			t.Errorf("who asks on is forgotten: %d are answered", n)
		}
		if n := l.passes(7, off); n != 5 {
			t.Errorf("more are remembered than can be: %d are answered", n)
		}
	})
}

// Ten browsers behind one address may load the page at once; codes are tried slowly.
func TestTheLimitsOfTheDoor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if n := newLimited(t, clients.Requests).passes(300, from("203.0.113.9:5")); n != 300 {
			t.Errorf("%d requests are answered", n)
		}
		l, r := newLimited(t, clients.Pairing), from("203.0.113.9:5")
		tried := 0
		for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			tried += l.passes(1, r)
		}
		if tried < 20 || tried > 100 {
			t.Errorf("%d codes can be tried in the ten minutes of one", tried)
		}
		l.passes(1, r)
		if said := l.ask(r).Body.String(); !strings.Contains(said, "Too many codes were tried") {
			t.Errorf("it says %s", said)
		}
	})
}
