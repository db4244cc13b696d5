//go:build linux

package tunnel

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.ngrok.com/muxado/v2"

	"callin/app/call"
)

// The kinds of requests of ngrok's protocol (its library: internal/tunnel/proto). All are
// JSON, each on a stream of its own.
const (
	authReq       = 0
	bindReq       = 1
	unbindReq     = 2
	proxyReq      = 3
	stopTunnelReq = 9
)

// ngrokEnd speaks as much of ngrok's protocol as its library needs, on loopback.
type ngrokEnd struct {
	t      *testing.T
	listen net.Listener
	ca     *x509.CertPool
	tls    *tls.Config
	served sync.WaitGroup

	mu sync.Mutex
	// refusesAuth and refusesBind are what it answers instead.
	refusesAuth, refusesBind string
	sessions                 []muxado.TypedStreamSession
	tokens, domains          []string
	ended                    chan struct{} // gets one for each session that has ended
}

func newNgrokEnd(t *testing.T) *ngrokEnd {
	t.Helper()
	known := httptest.NewTLSServer(nil) // for its certificate
	known.Close()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := &ngrokEnd{t: t, listen: listen, ca: x509.NewCertPool(), tls: &tls.Config{Certificates: known.TLS.Certificates}, ended: make(chan struct{}, 100)}
	e.ca.AddCert(known.Certificate())
	e.served.Go(func() {
		for {
			c, err := listen.Accept()
			if err != nil {
				return
			}
			e.served.Go(func() { e.serve(c) })
		}
	})
	t.Cleanup(func() {
		listen.Close()
		e.cut()
		e.served.Wait()
	})
	return e
}

func (e *ngrokEnd) serve(c net.Conn) {
	session := muxado.NewHeartbeat(muxado.NewTypedStreamSession(muxado.Server(tls.Server(c, e.tls), nil)), func(time.Duration, bool) {}, nil)
	defer func() { session.Close(); e.ended <- struct{}{} }()
	for {
		s, err := session.AcceptTypedStream()
		if err != nil {
			return
		}
		var asked struct {
			Extra struct{ Authtoken string }
			Opts  struct{ URL string }
			ID    string `json:"Id"`
		}
		if err := json.NewDecoder(s).Decode(&asked); err != nil {
			return
		}
		var answer any
		e.mu.Lock()
		switch s.StreamType() {
		case authReq:
			e.tokens = append(e.tokens, asked.Extra.Authtoken)
			answer = map[string]any{"Version": "3", "ClientId": "c", "Error": e.refusesAuth, "Extra": map[string]any{"Region": "here", "AgentSessionID": "as_1"}}
		case bindReq:
			e.domains = append(e.domains, asked.Opts.URL)
			e.sessions = append(e.sessions, session)
			at := asked.Opts.URL
			if at == "" {
				at = fmt.Sprintf("https://free-%d.ngrok.app", len(e.sessions))
			}
			answer = map[string]any{"Id": "t1", "URL": at, "Proto": "https", "Opts": map[string]any{}, "Error": e.refusesBind, "Extra": map[string]any{"Token": "x", "TunnelID": "tn_1"}}
		default: // unbindReq
			answer = map[string]any{}
		}
		e.mu.Unlock()
		json.NewEncoder(s).Encode(answer)
		s.Close()
	}
}

// cut breaks every connection.
func (e *ngrokEnd) cut() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.sessions {
		s.Close()
	}
}

func (e *ngrokEnd) latest() muxado.TypedStreamSession {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sessions[len(e.sessions)-1]
}

// stop ends the tunnel and says why, as ngrok does.
func (e *ngrokEnd) stop(code string) {
	e.t.Helper()
	s, err := e.latest().OpenTypedStream(stopTunnelReq)
	if err != nil {
		e.t.Fatal(err)
	}
	json.NewEncoder(s).Encode(map[string]string{"Id": "t1", "Message": "No more.", "ErrorCode": code})
	s.CloseWrite()
}

// dial is a connection of somebody on the internet, through the tunnel.
func (e *ngrokEnd) dial(context.Context, string, string) (net.Conn, error) {
	s, err := e.latest().OpenTypedStream(proxyReq)
	if err != nil {
		return nil, err
	}
	about, err := json.Marshal(map[string]string{"Id": "t1", "ClientAddr": "203.0.113.7:4711", "Proto": "https", "EdgeType": "3"})
	if err != nil {
		return nil, err
	}
	err = binary.Write(s, binary.LittleEndian, int64(len(about)))
	if err == nil {
		_, err = s.Write(about)
	}
	return s, err
}

// tunnels runs a tunnel to it.
func (e *ngrokEnd) tunnels(o Options) (told chan State, log *bytes.Buffer, end func()) {
	ctx, stop := context.WithCancel(context.Background())
	told, log = make(chan State, 100), new(bytes.Buffer)
	o.Kind, o.Server, o.CA, o.Log = Ngrok, e.listen.Addr().String(), e.ca, slog.New(slog.NewTextHandler(log, nil))
	if o.Token == "" {
		o.Token = authtoken
	}
	o.Tell = func(s State) { told <- s }
	ended := make(chan struct{})
	go func() { defer close(ended); Run(ctx, o) }()
	end = sync.OnceFunc(func() { stop(); <-ended })
	e.t.Cleanup(end)
	return told, log, end
}

const authtoken = "2abcdefghijklmnopqrstuvwxyz_0123456789ABCDEFGHIJK"

func TestNgrokCarriesWhatIsAskedAsItIs(t *testing.T) {
	e := newNgrokEnd(t)
	asked := make(chan string, 10)
	station := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked <- r.Method + " " + r.Host + r.RequestURI + " " + r.Header.Get("X-Twilio-Signature") + " " + string(body)
		io.WriteString(w, "<Response/>")
	}))
	left := make(chan struct{}, 10)
	station.Config.ConnState = func(_ net.Conn, is http.ConnState) {
		if is == http.StateClosed {
			left <- struct{}{}
		}
	}
	station.Start()
	defer station.Close()
	told, log, end := e.tunnels(Options{Domain: "radio.ngrok.app", To: station.Listener.Addr().String()})
	becomes(t, told, "https://radio.ngrok.app")
	if e.tokens[0] != authtoken || e.domains[0] != "https://radio.ngrok.app" {
		t.Errorf("ngrok was asked for %q with %q", e.domains[0], e.tokens[0])
	}
	anybody := &http.Client{Transport: &http.Transport{DialContext: e.dial}}
	defer anybody.CloseIdleConnections()
	for range 3 {
		r, err := http.NewRequest(http.MethodPost, "http://radio.ngrok.app/voice/inbound?a=%2f&;b=1", strings.NewReader("From=%2B1&To="))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Twilio-Signature", "signed")
		answer, err := anybody.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		document, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if is := <-asked; err != nil || string(document) != "<Response/>" || is != "POST radio.ngrok.app/voice/inbound?a=%2f&;b=1 signed From=%2B1&To=" {
			t.Errorf("the station was asked %s, and it was answered %s, %v", is, document, err)
		}
	}
	anybody.CloseIdleConnections()
	select {
	case <-left:
	case <-time.After(long):
		t.Error("a connection whose other side has gone is kept open")
	}
	station.Close() // Callin's listener is down: who asks is told at once
	if _, err := anybody.Get("http://radio.ngrok.app/"); err == nil {
		t.Error("nobody answered")
	}
	end()
	select {
	case <-e.ended:
	case <-time.After(long):
		t.Error("ngrok's session goes on after the end")
	}
	if strings.Contains(log.String(), authtoken) {
		t.Errorf("the log has the authtoken: %s", log)
	}
}

func TestNgrokIsBackAfterACutAtAnyAddress(t *testing.T) {
	e := newNgrokEnd(t)
	told, _, _ := e.tunnels(Options{To: "127.0.0.1:1"})
	becomes(t, told, "https://free-1.ngrok.app")
	e.cut()
	becomes(t, told, "tunnel_cut")
	becomes(t, told, "https://free-2.ngrok.app")
	e.stop("ERR_NGROK_727")
	becomes(t, told, "tunnel_limit")
}

func TestWhatNgrokRefusesIsSaidInWordsWithoutTheToken(t *testing.T) {
	for _, c := range []struct {
		name, auth, bind string
		code             call.Code
	}{
		{"a token that is none", "105", "", call.CodeTunnelToken},
		{"a token of before", "107", "", call.CodeTunnelToken},
		{"a suspended account", "103", "", call.CodeTunnelLimit},
		{"too many sessions", "108", "", call.CodeTunnelLimit},
		{"a domain in use", "", "334", call.CodeTunnelDomain},
		{"somebody's domain", "", "320", call.CodeTunnelDomain},
		{"nobody's domain", "", "319", call.CodeTunnelDomain},
		{"what nobody knows", "", "99999", call.CodeTunnelCut},
		{"no code at all", "none", "", call.CodeTunnelCut},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newNgrokEnd(t)
			says := func(code string) string {
				if code == "" {
					return ""
				}
				return "The authtoken you specified is not right.\nYour authtoken: " + authtoken + "\n\r\n\r\nERR_NGROK_" + code + "\r\n"
			}
			e.refusesAuth, e.refusesBind = says(c.auth), says(c.bind)
			told, log, end := e.tunnels(Options{Domain: "radio.ngrok.app", To: "127.0.0.1:1"})
			is := becomes(t, told, c.code.String())
			end()
			if all := is.Trouble.Message + log.String(); strings.Contains(all, authtoken) || !strings.HasSuffix(is.Trouble.Message, ".") {
				t.Error(all)
			}
		})
	}
}

// Somebody on the way who shows another certificate gets no authtoken.
func TestNgrokIsKnownByItsCertificate(t *testing.T) {
	e := newNgrokEnd(t)
	e.ca = x509.NewCertPool()
	told, _, _ := e.tunnels(Options{To: "127.0.0.1:1"})
	becomes(t, told, "tunnel_cut")
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.tokens) > 0 {
		t.Error("it was given the authtoken")
	}
}
