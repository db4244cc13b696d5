package signal

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

const (
	heartbeatEvery = 5 * time.Second
	// socketSilent is how long the SDK may send nothing; it echoes heartbeats
	// and gives up after the same time itself.
	socketSilent = 15 * time.Second
	// expiredStays is how long a socket outlives its token. Twilio's goes on for
	// a minute or so (twilio-voice.js #31).
	expiredStays = time.Minute
	// maxReconnect is the longest that a call waits for a new socket.
	maxReconnect = 30 * time.Second
)

// socket is one connection of one Device.
type socket struct {
	server *Server
	edge   string // that the Device asked for
	out    outgoing
	ctx    context.Context
	end    context.CancelFunc

	grant      atomic.Pointer[grant] // nil until a valid listen
	registered atomic.Pointer[grant] // set while calls to the identity ring here
	since      atomic.Int64          // which registration of the server's it is
	timeout    atomic.Int64          // how long this Device tries to reconnect, in ns

	mu   sync.Mutex
	legs map[*leg]bool
}

func newSocket(s *Server, edge string) *socket {
	ctx, cancel := context.WithCancel(context.Background())
	k := &socket{server: s, edge: edge, out: newOutgoing(), ctx: ctx, end: cancel, legs: map[*leg]bool{}}
	k.timeout.Store(int64(maxReconnect))
	return k
}

// serve reads and writes until the connection fails or the socket is ended.
func (k *socket) serve(conn *websocket.Conn) {
	var writing sync.WaitGroup
	writing.Go(func() { k.write(conn) })
	left := k.read(conn)
	k.end()
	writing.Wait()
	k.mu.Lock()
	legs := k.legs
	k.legs = nil
	k.mu.Unlock()
	for l := range legs {
		l.lose(k, left)
	}
}

// read reports whether the page said that it is going away for good.
func (k *socket) read(conn *websocket.Conn) (left bool) {
	for {
		ctx, cancel := context.WithTimeout(k.ctx, socketSilent)
		kind, b, err := conn.Read(ctx)
		cancel()
		if err != nil {
			return websocket.CloseStatus(err) == websocket.StatusGoingAway
		}
		if string(b) == heartbeat {
			continue
		}
		if kind != websocket.MessageText || k.take(b) != nil {
			conn.Close(websocket.StatusPolicyViolation, "not a pstream frame")
			return false
		}
	}
}

func (k *socket) write(conn *websocket.Conn) {
	defer k.end()
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	for {
		frames, last := [][]byte{[]byte(heartbeat)}, false
		select {
		case <-k.ctx.Done():
			conn.CloseNow()
			return
		case <-beat.C:
			k.expire()
		case <-k.out.more:
			frames, last = k.out.take()
		}
		for _, b := range frames {
			ctx, cancel := context.WithTimeout(k.ctx, heartbeatEvery)
			err := conn.Write(ctx, websocket.MessageText, b)
			cancel()
			if err != nil {
				return
			}
		}
		if last {
			conn.Close(websocket.StatusNormalClosure, "")
			return
		}
	}
}

// expire closes the socket of a token that expired some time ago.
func (k *socket) expire() {
	if g := k.grant.Load(); g != nil && k.server.wrong.Clock().After(g.expires.Add(expiredStays)) {
		k.finish()
	}
}

// finish closes the socket once all that was sent has been written. One that a
// call is on stays for the call.
func (k *socket) finish() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.legs) == 0 {
		k.out.finish()
	}
}

// send queues a frame. A reader too slow for what waits loses its socket.
func (k *socket) send(kind string, payload object) {
	p, err := json.Marshal(payload)
	if err != nil {
		panic(err) // payloads are strings and numbers
	}
	b, err := json.Marshal(frame{kind, protocolVersion, p})
	if err != nil {
		panic(err)
	}
	if !k.out.put(b) {
		k.end()
	}
}

func (k *socket) take(b []byte) error {
	var f frame
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	var r request
	if len(f.Payload) > 0 {
		if err := json.Unmarshal(f.Payload, &r); err != nil {
			return err
		}
	}
	switch f.Type {
	case "listen":
		k.listen(&r)
	case "register":
		k.register(&r)
	case "invite":
		k.invite(&r)
	case "answer":
		k.withLeg(&r, func(l *leg) {
			if l.in != nil {
				l.in.pickUp(l, r.SDP)
			}
		})
	case "reinvite":
		k.withLeg(&r, func(l *leg) { l.reinvite(r.SDP) })
	case "hangup", "reject":
		k.withLeg(&r, func(l *leg) { l.leave() })
	case "dtmf":
		k.withLeg(&r, func(l *leg) { l.digits(r.DTMF) })
	case "message":
		k.withLeg(&r, func(l *leg) { l.message(k, &r) })
	}
	return nil
}

func (k *socket) listen(r *request) {
	now := k.server.wrong.Clock()
	g, refused := verify(r.Token, k.server.ex, now)
	if refused != nil {
		k.send("error", object{"error": failure(refused.wireCode(), refused.Error())})
		if refused.code == tokenExpired {
			k.finish() // as Twilio closes it (twilio-voice.js #231)
		}
		return
	}
	if k.server.wrong.NoSignalling(g.identity) {
		k.end() // without a word, as a network that is gone
		return
	}
	if !k.server.know(k) {
		k.send("error", object{"error": failure(codeTooMany, "too many Devices are connected")})
		k.finish()
		return
	}
	k.grant.Store(g)
	if k.registered.Load() != nil {
		k.registered.Store(g)
	}
	timeout := maxReconnect
	if r.ReconnectTimeout > 0 {
		timeout = min(maxReconnect, time.Duration(r.ReconnectTimeout*float64(time.Second)))
	}
	k.timeout.Store(int64(timeout))
	k.send("connected", object{
		"edge": k.edge, "region": regions[k.edge], "home": "us1", "gateway": "127.0.0.1",
		"token": object{"identity": g.identity, "ttl": int(g.expires.Sub(now).Seconds())},
	})
}

func (k *socket) register(r *request) {
	g := k.grant.Load()
	switch {
	case g == nil:
		k.send("error", object{"error": failure(codeBadToken, "register before a valid listen")})
	case r.Media.Audio && k.expired(g):
		k.send("error", object{"error": failure(codeExpired, "Cannot register. Token is expired")})
	case r.Media.Audio:
		if k.registered.Swap(g) == nil {
			k.since.Store(k.server.registrations.Add(1))
		}
		k.send("ready", object{})
	default:
		k.registered.Store(nil)
		k.send("offline", object{})
	}
}

func (k *socket) expired(g *grant) bool { return !k.server.wrong.Clock().Before(g.expires) }

func (k *socket) invite(r *request) {
	refuse := func(code int, message string) {
		k.send("hangup", object{"callsid": r.CallSid, "error": failure(code, message)})
	}
	g := k.grant.Load()
	if g == nil || k.expired(g) {
		refuse(codeBadToken, "invite without a valid access token")
		return
	}
	if r.Reconnect != "" {
		if code := k.reconnect(r); code != 0 {
			refuse(code, "the call cannot be taken up again")
		}
		return
	}
	params, err := url.ParseQuery(r.Twilio.Params)
	switch {
	case err != nil || r.CallSid == "" || r.SDP == "":
		refuse(codeBadRequest, "invite without a call, an offer or parameters that can be read")
		return
	case g.application == "":
		refuse(codeDeclined, "the access token allows no outgoing calls")
		return
	case k.server.full():
		refuse(codeUnavailable, "too many calls")
		return
	}
	l := newLeg(k, *g, r.CallSid)
	if err := l.media(r.SDP); err != nil {
		refuse(codeBadRequest, "the offer cannot be answered: "+err.Error())
		return
	}
	k.keep(l)
	sid, err := k.server.ex.Connect(g.account, g.application, g.identity, params, l)
	if err != nil {
		k.forget(l)
		l.finish()
		refuse(codeNoApplication, err.Error())
		return
	}
	l.begin(sid)
}

// reconnect takes up a call again, or one that rings another Device of the
// identity; it returns the code of its refusal, 0 when there is none.
func (k *socket) reconnect(r *request) (code int) {
	if in := k.server.ringing(r.CallSid); in != nil {
		return in.takeOver(k, r)
	}
	if l := k.server.leg(r.CallSid); l != nil {
		return l.regain(k, r)
	}
	return codeReconnect
}

// keep makes l a leg of this socket, unless the socket has gone.
func (k *socket) keep(l *leg) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.legs == nil {
		return false
	}
	k.legs[l] = true
	return true
}

func (k *socket) forget(l *leg) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.legs, l)
}

// withLeg finds a call of this socket by its CallSid or the SDK's own id.
func (k *socket) withLeg(r *request, do func(*leg)) {
	k.mu.Lock()
	legs := slices.Collect(maps.Keys(k.legs)) // a leg's lock is never taken under k.mu
	k.mu.Unlock()
	for _, l := range legs {
		if l.is(r.CallSid) {
			do(l)
			return
		}
	}
}

// keys returns those of s that a telephone has.
func keys(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789*#", r) {
			return r
		}
		return -1
	}, s)
}
