package clients_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"callin/app/clients"
)

func proxies(t *testing.T, texts ...string) clients.Proxies {
	t.Helper()
	p, err := clients.ParseProxies(texts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// from is a request over a connection from an address, with what proxies wrote into
// X-Forwarded-For.
func from(remote string, forwarded ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = remote
	r.Header["X-Forwarded-For"] = forwarded
	return r
}

// Who asks is the last one that a trusted proxy has seen: whatever else stands in
// the header, they can have written themselves.
func TestWhoAsksIsTheLastHopThatIsNoTrustedProxy(t *testing.T) {
	local := []string{"127.0.0.1", "::1", "10.1.2.3/8"}
	for _, c := range []struct {
		what      string
		trusted   []string
		remote    string
		forwarded []string
		want      string
	}{
		{"no proxy is named", nil, "127.0.0.1:5", []string{"198.51.100.1"}, "127.0.0.1"},
		{"not by a proxy", local, "203.0.113.9:5", []string{"198.51.100.1"}, "203.0.113.9"},
		{"by a proxy", local, "127.0.0.1:5", []string{"198.51.100.1"}, "198.51.100.1"},
		{"by a proxy of IPv6", local, "[::1]:5", []string{"2001:db8::7"}, "2001:db8::7"},
		{"with a lie before it", local, "127.0.0.1:5", []string{"192.0.2.1, 198.51.100.1"}, "198.51.100.1"},
		{"with a lie in a header of its own", local, "127.0.0.1:5", []string{"192.0.2.1", "198.51.100.1"}, "198.51.100.1"},
		{"with a lie that is a proxy's address", local, "127.0.0.1:5", []string{"127.0.0.1, 198.51.100.1"}, "198.51.100.1"},
		{"by two proxies", local, "127.0.0.1:5", []string{"192.0.2.1, 198.51.100.1,10.200.0.1"}, "198.51.100.1"},
		{"a proxy itself", local, "127.0.0.1:5", nil, "127.0.0.1"},
		{"all the way by proxies", local, "127.0.0.1:5", []string{"10.0.0.2, 10.0.0.1"}, "10.0.0.2"},
		{"of somebody it does not know", local, "127.0.0.1:5", []string{"192.0.2.1, unknown, 10.0.0.1"}, "10.0.0.1"},
		{"with a port", local, "127.0.0.1:5", []string{"198.51.100.1:443"}, "198.51.100.1"},
		{"with a port, of IPv6", local, "127.0.0.1:5", []string{"[2001:db8::7]:443"}, "2001:db8::7"},
		{"with brackets", local, "127.0.0.1:5", []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"by a socket that takes both", local, "[::ffff:127.0.0.1]:5", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"by a socket without addresses", local, "@", []string{"198.51.100.1"}, "invalid IP"},
	} {
		if got := proxies(t, c.trusted...).Address(from(c.remote, c.forwarded...)); got.String() != c.want {
			t.Errorf("%s: %v, want %s", c.what, got, c.want)
		}
	}
}

func TestOnlyATrustedProxySaysThatTLSWasSpoken(t *testing.T) {
	p := proxies(t, "127.0.0.1")
	for _, c := range []struct {
		remote string
		said   []string
		want   bool
	}{
		{"127.0.0.1:5", []string{"https"}, true},
		{"127.0.0.1:5", []string{"http"}, false},
		{"127.0.0.1:5", nil, false},
		{"127.0.0.1:5", []string{"https", "http"}, false},
		{"127.0.0.1:5", []string{"https,http"}, false},
		{"127.0.0.2:5", []string{"https"}, false},
	} {
		r := from(c.remote)
		r.Header["X-Forwarded-Proto"] = c.said
		if got := p.Secure(r); got != c.want {
			t.Errorf("%s with %q: %v", c.remote, c.said, got)
		}
	}
	r := from("203.0.113.9:5")
	r.TLS = new(tls.ConnectionState)
	if !p.Secure(r) {
		t.Error("TLS to this process is none")
	}
}

func TestWhatIsNoNetworkIsRefused(t *testing.T) {
	for _, text := range []string{"", "localhost", "127.0.0.1:80", "10.0.0.0/33", "fe80::1%eth0", "::ffff:127.0.0.1"} {
		if p, err := clients.ParseProxies([]string{text}); err == nil {
			t.Errorf("%q is read as %v", text, p)
		}
	}
}
