package certificate

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"callin/app/call"
)

// lookEvery is how long the files are not looked at again.
const lookEvery = 5 * time.Second

// Files is the identity of a door whose certificate and key are PEM files that
// somebody else renews: it shows the new ones without a restart.
func Files(certificate, key string, log *slog.Logger) (*Identity, error) {
	f := &files{certificate: certificate, key: key, log: log}
	if err := f.read(); err != nil {
		return nil, err
	}
	f.looked = time.Now()
	return &Identity{TLS: shows(f.show)}, nil
}

type files struct {
	certificate, key string
	log              *slog.Logger

	mu     sync.Mutex
	looked time.Time
	shown  *tls.Certificate
	// versions are the files' as shown was read.
	versions [2]version
	// said is what the log was told is wrong with the files.
	said string
}

// version tells one content of a file from the next.
type version struct {
	changed time.Time
	size    int64
}

// show is the certificate of now.
func (f *files) show(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.looked) >= lookEvery {
		f.looked = time.Now()
		f.look()
	}
	return f.shown, nil
}

// look reads the files if they have changed. What cannot be used is read again at
// the next look, as a file may be only half written; the log is told once.
func (f *files) look() {
	if now, err := f.version(); err == nil && now == f.versions {
		f.said = ""
		return
	}
	switch err := f.read(); {
	case err == nil:
		f.log.Info("the certificate of the door for desks was read anew", "file", f.certificate, "valid until", f.shown.Leaf.NotAfter)
	case err.Error() != f.said:
		f.said = err.Error()
		f.log.Error("the door for desks goes on with the certificate of before", "error", err)
	}
}

func (f *files) read() error {
	// The versions come first: what changes meanwhile is then read once more.
	versions, _ := f.version() // what cannot be looked at cannot be read either
	certificate, err := os.ReadFile(f.certificate)
	if err != nil {
		return unreadable(f.certificate)
	}
	key, err := os.ReadFile(f.key)
	if err != nil {
		return unreadable(f.key)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return &call.Error{Code: call.CodeCertificate, Message: fmt.Sprintf("The certificate in %s and the key in %s are no pair in PEM. Name files that belong together, the certificate with those above it but the root.", f.certificate, f.key)}
	}
	f.shown, f.versions = &pair, versions
	return nil
}

func unreadable(path string) error {
	return &call.Error{Code: call.CodeCertificate, Message: fmt.Sprintf("%s cannot be read. See that it is there and that the user who runs Callin may read it.", path)}
}

func (f *files) version() (v [2]version, err error) {
	for i, path := range []string{f.certificate, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return v, err
		}
		v[i] = version{info.ModTime(), info.Size()}
	}
	return v, nil
}
