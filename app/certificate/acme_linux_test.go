package certificate_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/certificate"
)

const doorName = "desk.callin.example"

func order(t *testing.T, o certificate.Order) *certificate.Identity {
	t.Helper()
	o.Host = doorName
	identity, err := certificate.ACME(o)
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

// The first desk that comes has the door ask an authority for a certificate, which
// asks at the door itself whose the name is. What it gave is kept.
func TestAnAuthorityGivesTheDoorItsCertificate(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at, dir := l.Addr().String(), t.TempDir()
	authority := startPebble(t, freePort(t), l.Addr().(*net.TCPAddr).Port)
	var log bytes.Buffer
	o := certificate.Order{Directory: authority.directory, Dir: dir, Log: slog.New(slog.NewTextHandler(&log, nil))}
	var door *certificate.Identity // the handshakes follow one another
	serveAt(t, l, &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return door.TLS, nil }})
	starts := func(o certificate.Order) (serial string) {
		t.Helper()
		door = order(t, o)
		s, err := through(at, doorName, authority.roots)
		if err != nil {
			t.Fatalf("%v\n%s", err, log.String())
		}
		return s.PeerCertificates[0].SerialNumber.String()
	}
	first := starts(o)

	for _, name := range []string{"other.callin.example", "callin.example", ""} {
		if s, err := through(at, name, authority.roots); err == nil {
			t.Errorf("there is a certificate for %q: %v", name, s.PeerCertificates[0].DNSNames)
		}
	}
	if log.Len() != 0 {
		t.Errorf("what strangers ask for is in the log:\n%s", log.String())
	}
	private := func() {
		t.Helper()
		files := 0
		if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || path == dir {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is %v", path, info.Mode())
			}
			if !d.IsDir() {
				files++
			}
			return nil
		}); err != nil || files < 2 { // the account's key is one, the certificate another
			t.Errorf("%d files are kept, %v", files, err)
		}
	}
	private()

	// What another authority gave is not shown in this one's place.
	another := o
	another.Directory = strings.Replace(authority.directory, "127.0.0.1", "localhost", 1)
	if starts(another) == first {
		t.Error("one authority's certificate is shown for another's")
	}
	authority.kill()
	if starts(o) != first {
		t.Error("after a new start there is another certificate")
	}
}

// Where the door is not reached at the authority's port, port 80 will do.
func TestAnAuthorityAsksAtPort80(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	authority := startPebble(t, l.Addr().(*net.TCPAddr).Port, freePort(t))
	var log bytes.Buffer
	identity := order(t, certificate.Order{Directory: authority.directory, Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	handler := identity.Port80()
	port80 := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host, _, _ = strings.Cut(r.Host, ":") // at the real port 80 there is no port in it
		handler.ServeHTTP(w, r)
	})}}
	port80.Start()
	t.Cleanup(port80.Close)
	if _, err := through(serve(t, identity.TLS), doorName, authority.roots); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}

	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, port80.URL+"/desk?a=b", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "elsewhere.example"
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if to := answer.Header.Get("Location"); to != "https://"+doorName+"/desk?a=b" {
		t.Errorf("%s leads to %q", answer.Status, to)
	}
	if own(t, t.TempDir()).Port80() != nil {
		t.Error("a certificate of the station's own wants port 80")
	}
}

// That there is no certificate is said in the log, once; a name that no authority
// knows is refused at the start.
func TestWithoutAnAuthorityTheLogSaysSo(t *testing.T) {
	var log bytes.Buffer
	at := serve(t, order(t, certificate.Order{Directory: "http://127.0.0.1:1/dir", Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(&log, nil))}).TLS)
	for range 3 {
		if _, err := through(at, doorName, nil); err == nil {
			t.Fatal("there is a certificate")
		}
	}
	if n := strings.Count(log.String(), "level=ERROR"); n != 1 {
		t.Errorf("the log has %d errors:\n%s", n, log.String())
	}
	for _, host := range []string{"", "localhost", "192.0.2.1", "2001:db8::1", "desk.example:443", "https://desk.example"} {
		var refused *call.Error
		if _, err := certificate.ACME(certificate.Order{Host: host, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)}); !errors.As(err, &refused) {
			t.Errorf("%q: %v", host, err)
		}
	}
}
