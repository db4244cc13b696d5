package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"callin/app/call"
	"callin/app/clients"
	"callin/app/desk"
	"callin/app/desk/door"
	"callin/app/pairing"
)

// StationOptions are what a station's door is made of.
type StationOptions struct {
	Room *desk.Room
	// Book says which desk a request is from.
	Book *pairing.Book
	// Name is what the station is called.
	Name string
	// Hosts are the names, without ports, that are answered to; without any, it is the
	// address of this computer that somebody has connected to.
	Hosts []string
	// Proxies are believed who they say has asked, and that it was by https.
	Proxies clients.Proxies
	// Trusted is whether browsers trust the door's certificate anyway.
	Trusted bool
	Page    fs.FS
	// Connect are the sources the page may connect to besides its own.
	Connect []string
	// Signal is the address of a rehearsal's signalling, ws://; empty outside one.
	Signal string
	// Edge and Region are where Twilio is used; empty where nobody has chosen.
	Edge, Region string
	Log          *slog.Logger
	// Updates is the folder with what desks are offered of newer versions; empty for none.
	Updates string
}

// Station is the station's door for desks that were paired.
type Station struct {
	StationOptions
	// epoch tells this process's event numbers from another one's.
	epoch   string
	limited http.Handler

	mu    sync.Mutex
	feeds map[*openFeed]bool
	// apart are the desks that were said to be of a version too far from this one.
	apart map[call.DeskID]bool
}

// NewStation makes a station's door.
func NewStation(o StationOptions) *Station {
	s := &Station{StationOptions: o, epoch: rand.Text()[:8], feeds: map[*openFeed]bool{}, apart: map[call.DeskID]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/station", s.tell)
	mux.Handle("POST /api/pair", clients.NewLimit(clients.Pairing, o.Proxies).Handler(http.HandlerFunc(s.pair)))
	mux.HandleFunc("POST /api/leave", s.leave)
	for pattern, answer := range routes {
		mux.HandleFunc(pattern, s.admitted(answer))
	}
	mux.HandleFunc("GET /api/feed", s.admitted(s.feed))
	mux.HandleFunc("GET /api/updates/{file}", s.update)
	if o.Signal != "" {
		mux.HandleFunc("GET /signal", s.admitted(signalTo(o.Signal)))
	}
	mux.Handle("GET /", http.FileServerFS(o.Page))
	s.limited = clients.NewLimit(clients.Requests, o.Proxies).Handler(s.checked(mux))
	return s
}

// year is a year in seconds: how long a browser that was here asks by https alone.
const year = "31536000"

// ServeHTTP binds every answer, and lets who asks too often wait.
func (s *Station) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	connect := s.Connect
	if s.Signal != "" && s.answersTo(r) {
		connect = append(slices.Clone(connect), s.signalAt(r))
	}
	// A browser that is told so keeps it for the name, whatever comes after. With a
	// certificate of the station's own it could then never be let in.
	if s.Trusted && s.Proxies.Secure(r) {
		w.Header().Set("Strict-Transport-Security", "max-age="+year)
	}
	desk.SpokenHere.Tell(w.Header())
	door.Secure(connect, s.limited).ServeHTTP(w, r)
}

// checked lets through what comes to a Host that is answered to, by https, and from no
// page of another Origin. On this computer itself plain HTTP will do.
func (s *Station) checked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refused := s.check(r); refused != nil {
			door.Refuse(w, refused)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Station) check(r *http.Request) *call.Error {
	if !s.answersTo(r) {
		return &call.Error{Code: call.CodeWrongHost, Message: "The station does not know itself by this name. Use the address that a manager's desk shows, or add the name to door_hosts."}
	}
	if !s.Proxies.Secure(r) && !isLoopback(hostName(r)) {
		return &call.Error{Code: call.CodeInsecure, Message: "Open the desk at an address that begins with https://. If this one does, the proxy before the station must say so in X-Forwarded-Proto."}
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != s.origin(r) {
		return &call.Error{Code: call.CodeWrongOrigin, Message: "Another page tried to use this desk. If it is the desk's own, the proxy before the station must hand the Host on as it came."}
	}
	// Who follows a link to the page comes from elsewhere, and nothing is done for that.
	site, asks := r.Header.Get("Sec-Fetch-Site"), strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == signalPath
	if asks && site != "" && site != "same-origin" && site != "none" {
		return &call.Error{Code: call.CodeWrongOrigin, Message: "Another page tried to use this desk."}
	}
	return nil
}

// hostName is the name or address that a request was sent to, without the port.
func hostName(r *http.Request) string {
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = strings.Trim(r.Host, "[]")
	}
	return strings.ToLower(name)
}

func isLoopback(name string) bool {
	at, _ := netip.ParseAddr(name) // not valid after an error
	return name == "localhost" || at.IsLoopback()
}

// answersTo is whether the door has the name that a request was sent to.
func (s *Station) answersTo(r *http.Request) bool {
	name := hostName(r)
	if len(s.Hosts) > 0 {
		return slices.Contains(s.Hosts, name)
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	at, err := netip.ParseAddr(name)
	return err == nil && local != nil && at == local.AddrPort().Addr().Unmap().WithZone("")
}

// origin is that of the door's own page, as a request has come.
func (s *Station) origin(r *http.Request) string {
	if s.Proxies.Secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// signalAt is where a page that came here finds the rehearsal's signalling.
func (s *Station) signalAt(r *http.Request) string {
	return "ws" + strings.TrimPrefix(s.origin(r), "http") + signalPath
}

// tell says what the station is, to whoever asks.
func (s *Station) tell(w http.ResponseWriter, _ *http.Request) {
	answer(w, struct {
		Name      string `json:"name"`
		Rehearsal bool   `json:"rehearsal"`
		Edge      string `json:"edge"`
		Region    string `json:"region"`
	}{s.Name, s.Signal != "", s.Edge, s.Region})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// noSession is what is told who is not let in.
var noSession = &call.Error{Code: call.CodeNoSession, Message: "This desk is not signed in. A manager of the station can give you a code."}

// admitted lets through whom the book lets in now.
func (s *Station) admitted(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, life, ok := s.Book.Admit(shown(r))
		if !ok {
			door.Refuse(w, noSession)
			return
		}
		if refused := s.tooFar(by, r); refused != nil {
			door.Refuse(w, refused)
			return
		}
		at := s.Room.Seat(by)
		if s.Signal != "" {
			at.Signal = s.signalAt(r)
		}
		comes(visitor{at, life, s.epoch + rights(by)}, w, r, next)
	}
}

// rights are short for who a desk is and what it is shown. With other ones a page that
// comes back begins with a picture: what it saw of before is not all that it may see now.
func rights(of call.Desk) string {
	of.Name = "" // which is told as it changes
	text, _ := json.Marshal(of)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// openFeed is one that somebody reads.
type openFeed struct {
	shown, epoch string
	end          func()
}

// feed ends too when the desk's studios or roles change: the page then begins anew.
func (s *Station) feed(w http.ResponseWriter, r *http.Request) {
	v := visitorOf(r)
	r, end := canceled(r)
	defer end()
	f := &openFeed{shown(r), v.epoch, end}
	s.mu.Lock()
	s.feeds[f] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.feeds, f)
		s.mu.Unlock()
	}()
	s.look(f) // it may have changed since it was let in
	feed(w, r)
}

// look ends a feed that is not as the desk may see it now.
func (s *Station) look(f *openFeed) {
	if by, _, ok := s.Book.Admit(f.shown); !ok || s.epoch+rights(by) != f.epoch {
		f.end()
	}
}

// Changed takes in that the book has.
func (s *Station) Changed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.feeds {
		s.look(f)
	}
}
