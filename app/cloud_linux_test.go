package app_test

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// cloudAt names, to the program that stands in for cloudflared, its cloud.
const cloudAt = "FAKE_CLOUD"

// Under that name this test's program is what its cloud takes for cloudflared.
func init() {
	if filepath.Base(os.Args[0]) == "cloudflared" {
		os.Exit(cloudflared(os.Args[1:]))
	}
}

// cloudflared carries as long as its cloud says so.
func cloudflared(args []string) int {
	flags := flag.NewFlagSet("tunnel", flag.ContinueOnError)
	metrics, origin := flags.String("metrics", "", ""), flags.String("url", "", "")
	for _, of := range []string{"config", "grace-period"} {
		flags.String(of, "", "")
	}
	flags.Bool("no-autoupdate", false, "")
	if err := flags.Parse(args[1:]); err != nil {
		return 2
	}
	cloud := os.Getenv(cloudAt)
	ask := func(path string) (int, string) {
		answer, err := http.Get(cloud + path)
		if err != nil {
			return http.StatusBadGateway, ""
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text)
	}
	code, host := ask(fmt.Sprintf("/open?pid=%d&to=%s", os.Getpid(), url.QueryEscape(*origin)))
	if code != http.StatusOK {
		fmt.Fprintln(os.Stderr, "2026-01-01T00:00:00Z ERR failed to request quick Tunnel: 429 Too Many Requests")
		return 1
	}
	http.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		code, _ := ask("/ready")
		w.WriteHeader(code)
	})
	http.HandleFunc("GET /quicktunnel", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"hostname":%q}`, host)
	})
	if err := http.ListenAndServe(*metrics, nil); err != nil {
		return 1
	}
	return 0
}

// cloud is what lies between a station and the rehearsal as it does between a station and
// Twilio: Twilio's own hosts, and the addresses that tunnels without an account are given.
type cloud struct {
	t             *testing.T
	dir           string
	certificate   tls.Certificate
	twilio, proxy *httptest.Server
	control       *httptest.Server

	mu      sync.Mutex
	to      *url.URL
	current string // the address that leads there
	pid     int    // of who holds it
	cut     bool
	refuses bool
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{t: t, dir: t.TempDir()}
	c.trust()
	self, err := os.Executable()
	if err := cmp.Or(err, os.Symlink(self, filepath.Join(c.dir, "cloudflared"))); err != nil {
		t.Fatal(err)
	}
	c.proxy = c.serve(false, http.HandlerFunc(c.connect))
	c.control = c.serve(false, http.HandlerFunc(c.answer))
	return c
}

// twilioIs has Twilio's hosts be a rehearsal.
func (c *cloud) twilioIs(rehearsal string) {
	at, err := url.Parse(rehearsal)
	if err != nil {
		c.t.Fatal(err)
	}
	c.twilio = c.serve(true, &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(at)
		p.Out.Header.Set("X-Forwarded-Host", p.In.Host) // by which it knows the region
	}})
}

// trust makes the certificate of all that the cloud is, which the processes trust.
func (c *cloud) trust() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	is := x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, DNSNames: []string{"*.twilio.com"}, IPAddresses: []net.IP{{127, 0, 0, 1}},
	}
	der, err := x509.CreateCertificate(rand.Reader, &is, &is, key.Public(), key)
	if err != nil {
		c.t.Fatal(err)
	}
	c.certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	if err := os.WriteFile(c.roots(), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cloud) roots() string { return filepath.Join(c.dir, "roots.pem") }

func (c *cloud) serve(secure bool, handler http.Handler) *httptest.Server {
	s := httptest.NewUnstartedServer(handler)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		s.TLS = &tls.Config{Certificates: []tls.Certificate{c.certificate}}
		s.StartTLS()
	} else {
		s.Start()
	}
	c.t.Cleanup(s.Close)
	return s
}

// connect leads every connection to one of Twilio's hosts to the rehearsal.
func (c *cloud) connect(w http.ResponseWriter, r *http.Request) {
	if host, _, _ := net.SplitHostPort(r.Host); r.Method != http.MethodConnect || !strings.HasSuffix(host, ".twilio.com") {
		http.Error(w, "nothing but Twilio is out there", http.StatusForbidden)
		return
	}
	onward, err := net.Dial("tcp", c.twilio.Listener.Addr().String())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer onward.Close()
	from, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer from.Close()
	io.WriteString(from, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() { io.Copy(onward, from); onward.Close() }()
	io.Copy(from, onward)
}

// answer is what the stand-in for cloudflared asks.
func (c *cloud) answer(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case r.URL.Path == "/ready" && c.cut:
		w.WriteHeader(http.StatusServiceUnavailable)
	case r.URL.Path == "/open" && c.refuses:
		w.WriteHeader(http.StatusTooManyRequests)
	case r.URL.Path == "/open":
		c.to, _ = url.Parse(r.FormValue("to"))
		c.pid, _ = strconv.Atoi(r.FormValue("pid"))
		c.current = c.address()
		io.WriteString(w, c.current)
	}
}

// address makes one more address. Those of before lead nowhere from then on.
func (c *cloud) address() (host string) {
	s := c.serve(true, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		to := c.to
		if c.cut || c.current != host {
			to = nil
		}
		c.mu.Unlock()
		if to == nil { // as Cloudflare answers for a tunnel that nobody holds
			w.WriteHeader(530)
			return
		}
		httputil.NewSingleHostReverseProxy(to).ServeHTTP(w, r)
	}))
	host = s.Listener.Addr().String()
	return host
}

func (c *cloud) is(change func(*cloud)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c)
}

func (c *cloud) host() (host string) {
	c.is(func(c *cloud) { host = c.current })
	return host
}

// holder is the process that holds the tunnel.
func (c *cloud) holder() (pid int) {
	c.is(func(c *cloud) { pid = c.pid })
	return pid
}

// end ends who holds the tunnel; the next one is given another address.
func (c *cloud) end() {
	c.t.Helper()
	if err := syscall.Kill(c.holder(), syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
	c.is(func(c *cloud) { c.current = "" })
}

// gone reports whether nobody holds a tunnel.
func (c *cloud) gone() bool { return errors.Is(syscall.Kill(c.holder(), 0), syscall.ESRCH) }

// env is of the processes that are in the cloud.
func (c *cloud) env() []string {
	return []string{
		"SSL_CERT_FILE=" + c.roots(), "SSL_CERT_DIR=" + os.DevNull, "HTTPS_PROXY=" + c.proxy.URL, "https_proxy=" + c.proxy.URL,
		cloudAt + "=" + c.control.URL, "PATH=" + c.dir + string(filepath.ListSeparator) + os.Getenv("PATH"),
	}
}
