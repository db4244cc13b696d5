package certificate

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"callin/app/call"
	"callin/app/folder"
)

// Order is what a certificate is asked of an ACME authority for.
type Order struct {
	// Host is the door's name. No certificate is asked for another one.
	Host string
	// Directory is the authority's URL, Let's Encrypt's if it is empty. Who names it
	// agrees to the authority's terms.
	Directory string
	// Dir is the station's folder, in which keys and certificates are kept.
	Dir string
	Log *slog.Logger
}

// ACME is the identity of a door whose certificate an authority gives, at the first
// desk that comes, and renews. The authority asks at port 443 of the host, which
// must lead to the door (TLS-ALPN-01), or at Port80.
func ACME(o Order) (*Identity, error) {
	if !strings.Contains(o.Host, ".") || strings.ContainsAny(o.Host, ":/ ") || net.ParseIP(o.Host) != nil {
		return nil, &call.Error{Code: call.CodeCertificate, Message: fmt.Sprintf("No authority gives a certificate for %q. Set the name that the internet knows this station by, such as desk.example.org.", o.Host)}
	}
	if o.Directory == "" {
		o.Directory = autocert.DefaultACMEDirectory
	}
	// Each authority has a folder of its own: what was got from one for trial is not
	// shown when it was to be another.
	sum := sha256.Sum256([]byte(o.Directory))
	dir := filepath.Join(o.Dir, "acme-"+hex.EncodeToString(sum[:4]))
	if err := folder.CheckOwn(dir); err != nil {
		return nil, err
	}
	manager := &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		Cache:      autocert.DirCache(dir), // makes it 0700, and its files 0600
		HostPolicy: autocert.HostWhitelist(o.Host),
		Client:     &acme.Client{DirectoryURL: o.Directory, UserAgent: "callin"},
	}
	told := failures{log: o.Log}
	show := func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		certificate, err := manager.GetCertificate(hello)
		if !slices.Contains(hello.SupportedProtos, acme.ALPNProto) && manager.HostPolicy(hello.Context(), strings.ToLower(hello.ServerName)) == nil {
			told.tell(err) // what else is asked for a stranger can ask for
		}
		return certificate, err
	}
	door := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+o.Host+r.URL.RequestURI(), http.StatusFound)
	})
	return &Identity{TLS: shows(show, acme.ALPNProto), port80: func() http.Handler { return manager.HTTPHandler(door) }}, nil
}

// tellEvery is how long the log is told no more of what goes on failing.
const tellEvery = 10 * time.Minute

// failures tells the log that no certificate is to be had: for each desk that comes
// the handshake fails, and net/http says of that only what a stranger could have it
// say as well.
type failures struct {
	log *slog.Logger

	mu   sync.Mutex
	last time.Time
}

func (f *failures) tell(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		f.last = time.Time{}
	case f.last.IsZero() || time.Since(f.last) >= tellEvery:
		f.last = time.Now()
		f.log.Error("no certificate for the door for desks is to be had: see that its name leads to this computer, and port 443 or 80 there to Callin", "error", err)
	}
}
