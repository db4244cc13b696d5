package certificate_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/certificate"
)

// renewed are the files of a door, which somebody else renews.
type renewed struct {
	*testing.T
	certificate, key string
	at               time.Time // when they were changed
	log              bytes.Buffer
}

func newRenewed(t *testing.T) *renewed {
	dir := t.TempDir()
	return &renewed{T: t, certificate: filepath.Join(dir, "fullchain.pem"), key: filepath.Join(dir, "privkey.pem"), at: time.Now()}
}

// write changes one file.
func (r *renewed) write(path string, text []byte) {
	r.Helper()
	r.at = r.at.Add(time.Second)
	if err := errors.Join(os.WriteFile(path, text, 0o600), os.Chtimes(path, r.at, r.at)); err != nil {
		r.Fatal(err)
	}
}

// made is a pair that is not in the files yet.
func (r *renewed) made() (pin certificate.Pin, text, key []byte) {
	private := newKey(r.T)
	c := new(signer).sign(r.T, private, x509.Certificate{})
	text, key = inPEM(r.T, c, private)
	return certificate.PinOf(c), text, key
}

func (r *renewed) door() (*certificate.Identity, error) {
	return certificate.Files(r.certificate, r.key, slog.New(slog.NewTextHandler(&r.log, nil)))
}

// shakes is whom a door shows itself as.
func (r *renewed) shakes(door *certificate.Identity) (pin certificate.Pin) {
	r.Helper()
	here, there := net.Pipe()
	defer here.Close()
	go func() {
		defer there.Close()
		tls.Server(there, door.TLS).Handshake()
	}()
	desk := tls.Client(here, &tls.Config{InsecureSkipVerify: true})
	if err := desk.Handshake(); err != nil {
		r.Fatal(err)
	}
	return certificate.PinOf(desk.ConnectionState().PeerCertificates[0])
}

// A renewed certificate is shown within seconds, without a restart and without a
// look at the disk for each desk; one that is broken never is.
func TestARenewedCertificateIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRenewed(t)
		first, text, key := r.made()
		r.write(r.certificate, text)
		r.write(r.key, key)
		door, err := r.door()
		if err != nil {
			t.Fatal(err)
		}
		shows := func(want certificate.Pin, when string) {
			t.Helper()
			if r.shakes(door) != want {
				t.Errorf("%s: another certificate is shown", when)
			}
		}
		shows(first, "at the start")

		second, text2, key2 := r.made()
		r.write(r.certificate, text2)
		r.write(r.key, key2)
		shows(first, "at once") // the disk was looked at just now
		time.Sleep(6 * time.Second)
		shows(second, "renewed")

		third, text3, key3 := r.made()
		r.write(r.certificate, text3)
		for range 3 {
			time.Sleep(6 * time.Second)
			shows(second, "with the key of before")
		}
		if n := strings.Count(r.log.String(), "level=ERROR"); n != 1 || !strings.Contains(r.log.String(), r.key) {
			t.Errorf("the log has %d errors:\n%s", n, r.log.String())
		}
		r.at = r.at.Add(-2 * time.Second) // the key was copied with the time of the one before
		r.write(r.key, key3)
		r.at = r.at.Add(2 * time.Second)
		time.Sleep(6 * time.Second)
		shows(third, "with its own key")

		for _, path := range []string{r.certificate, r.certificate, r.key} {
			if err := os.Rename(path, path+"-aside"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(6 * time.Second)
			shows(third, "without "+path)
			if err := os.Rename(path+"-aside", path); err != nil {
				t.Fatal(err)
			}
			time.Sleep(6 * time.Second)
			shows(third, "with it again")
		}
		if errors, news := strings.Count(r.log.String(), "level=ERROR"), strings.Count(r.log.String(), "level=INFO"); errors != 4 || news != 2 {
			t.Errorf("the log has %d errors and says %d times that there is another certificate:\n%s", errors, news, r.log.String())
		}
		if strings.Contains(r.log.String(), "PRIVATE") {
			t.Error("a key is in the log")
		}
	})
}

// A door does not start with files that it could not show, and says which.
func TestADoorDoesNotStartWithoutItsFiles(t *testing.T) {
	r := newRenewed(t)
	_, text, _ := r.made()
	_, _, other := r.made()
	refused := func(names string) {
		t.Helper()
		var e *call.Error
		if _, err := r.door(); !errors.As(err, &e) || e.Code != call.CodeCertificate || !strings.Contains(e.Message, names) {
			t.Errorf("%v does not name %s", err, names)
		}
	}
	refused(r.certificate)
	r.write(r.certificate, text)
	refused(r.key)
	r.write(r.key, other)
	refused(r.key)
	r.write(r.key, []byte("no PEM"))
	refused(r.key)
}
