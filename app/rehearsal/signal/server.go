package signal

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"

	"callin/app/rehearsal/faults"
)

const (
	// maxFrame is the longest frame that is read, in bytes; an offer has 3 kB.
	maxFrame = 64 << 10
	// maxSockets and maxLegs are far above what a station's desks need.
	maxSockets = 64
	maxLegs    = 64
	// maxStrangers is how many sockets may not have said who they are; the oldest
	// gives way to another.
	maxStrangers = 64
	// maxPast is how many ended calls are remembered, for a Device that was cut
	// off from signalling just when its call ended.
	maxPast = 64
)

// Server is the signalling server of a rehearsal. Mount it at /signal.
type Server struct {
	ex    Exchange
	api   *webrtc.API
	wrong *faults.Set

	registrations atomic.Int64

	mu        sync.Mutex
	closed    bool
	sockets   map[*socket]bool     // whether it has said who it is
	strangers []*socket            // those of sockets that have not said who they are, oldest first
	legs      map[string]*leg      // by CallSid
	past      []*leg               // the last that ended, oldest first
	incoming  map[string]*incoming // that ring, by CallSid
	running   sync.WaitGroup
}

// NewServer returns a server whose calls go to ex, and whose network and clock
// go wrong as it is told. private is whether its sound is found at no public address of
// this computer.
func NewServer(ex Exchange, wrong *faults.Set, private bool) (*Server, error) {
	api, err := newAPI(private)
	if err != nil {
		return nil, fmt.Errorf("signal: %w", err)
	}
	return &Server{ex: ex, api: api, wrong: wrong, sockets: map[*socket]bool{}, legs: map[string]*leg{}, incoming: map[string]*incoming{}}, nil
}

// ServeHTTP turns a request into a socket and serves it until it closes. Only
// pages from this machine and programs, which send no Origin, are let in: the
// port is open to every page in the person's browser.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.wrong.NoSignalling("") {
		http.Error(w, "no signalling for now", http.StatusServiceUnavailable)
		return
	}
	if !fromHere(r.Header.Get("Origin")) {
		http.Error(w, "this origin may not connect", http.StatusForbidden)
		return
	}
	k, ok := s.admit(edgeOf(r))
	if !ok {
		http.Error(w, "the rehearsal ends", http.StatusServiceUnavailable)
		return
	}
	defer s.dismiss(k)
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // the origin is checked above
	})
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(maxFrame)
	k.serve(conn)
}

func fromHere(origin string) bool {
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost")
}

// Close ends all calls and sockets and waits for them. The exchange is not
// told: it is closing too.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	legs := s.legs
	s.legs = map[string]*leg{}
	rings := slices.Collect(maps.Values(s.incoming))
	sockets := slices.Collect(maps.Keys(s.sockets))
	s.mu.Unlock()
	for _, in := range rings {
		in.end(nil)
	}
	for _, l := range legs {
		l.finish()
	}
	for _, k := range sockets {
		k.end()
	}
	s.running.Wait()
}

// Cut breaks the sockets of an identity, or all if it is empty, as a lost network
// does. The calls live on until their softphones come back or time out.
func (s *Server) Cut(identity string) {
	s.mu.Lock()
	sockets := slices.Collect(maps.Keys(s.sockets))
	s.mu.Unlock()
	for _, k := range sockets {
		if g := k.grant.Load(); identity == "" || g != nil && g.identity == identity {
			k.end()
		}
	}
}

func (s *Server) admit(edge string) (*socket, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false
	}
	if len(s.strangers) == maxStrangers {
		s.strangers[0].end()
		s.strangers = s.strangers[1:]
	}
	k := newSocket(s, edge)
	s.sockets[k], s.strangers = false, append(s.strangers, k)
	s.running.Add(1)
	return k, true
}

// know gives a socket that has said who it is one of the places for those, and
// reports whether it has one.
func (s *Server) know(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sockets[k] {
		return true
	}
	known := 0
	for _, has := range s.sockets {
		if has {
			known++
		}
	}
	if known >= maxSockets {
		return false
	}
	s.sockets[k] = true
	s.strangers = without(s.strangers, k)
	return true
}

func without(all []*socket, k *socket) []*socket {
	return slices.DeleteFunc(all, func(o *socket) bool { return o == k })
}

func (s *Server) dismiss(k *socket) {
	s.mu.Lock()
	delete(s.sockets, k)
	s.strangers = without(s.strangers, k)
	s.mu.Unlock()
	s.running.Done()
}

func (s *Server) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed || len(s.legs) >= maxLegs
}

func (s *Server) add(sid string, l *leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.legs[sid] = l
}

func (s *Server) remove(sid string, l *leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.legs[sid] != l {
		return
	}
	delete(s.legs, sid)
	if len(s.past) == maxPast {
		s.past = slices.Delete(s.past, 0, 1)
	}
	s.past = append(s.past, l)
}

// leg finds a call, one that has ended too.
func (s *Server) leg(sid string) *leg {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.legs[sid]; l != nil {
		return l
	}
	if i := slices.IndexFunc(s.past, func(l *leg) bool { return l.is(sid) }); i >= 0 {
		return s.past[i]
	}
	return nil
}

// ringing finds a call that rings.
func (s *Server) ringing(sid string) *incoming {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.incoming[sid]
}

// secret returns an unguessable Sid with a prefix of two letters.
func secret(prefix string) string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return prefix + hex.EncodeToString(b[:])
}
