package signal

import (
	"crypto/subtle"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"callin/app/rehearsal/media"
)

// stage is how far a call has come.
type stage int

const (
	begun stage = iota
	ringing
	answered
	ended
)

// leg is a softphone's call. It outlives a socket: the SDK takes it up again
// on a new one with the reconnect token that the answer gave it.
type leg struct {
	server    *Server
	in        *incoming // nil for a call that the softphone made
	grant     grant
	outbound  string // the SDK's own id for the call
	reconnect string
	audio     atomic.Pointer[audio]
	hearer    atomic.Pointer[leg] // who is passed what it says in Opus

	mu     sync.Mutex
	sid    string  // empty until the exchange has given one
	socket *socket // nil while it is lost
	stage  stage
	told   stage // what the SDK has been told
	named  bool  // by its CallSid, too
	answer string
	why    object // of the end; nil for an ordinary one

	timeout time.Duration // how long it is kept without a socket
	timer   *time.Timer
}

func newLeg(k *socket, g grant, outbound string) *leg {
	return &leg{
		server: k.server, grant: g, outbound: outbound, reconnect: secret("RT"),
		socket: k, timeout: time.Duration(k.timeout.Load()),
	}
}

func (l *leg) is(sid string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return sid != "" && (sid == l.sid || sid == l.outbound)
}

// begin gives the leg its CallSid. The exchange may have answered it before,
// and the page may have hung up.
func (l *leg) begin(sid string) {
	l.server.add(sid, l)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sid = sid
	l.tell()
}

// Ringing implements Phone.
func (l *leg) Ringing() { l.advance(ringing, nil) }

// Answer implements Phone.
func (l *leg) Answer() { l.advance(answered, nil) }

// HungUp implements Phone.
func (l *leg) HungUp(code int, message string) {
	var why object
	if code != 0 {
		why = failure(code, message)
	}
	l.advance(ended, why)
}

// Pull implements media.Port.
func (l *leg) Pull(f *media.Frame) bool {
	if a := l.audio.Load(); a != nil {
		return a.pull(f)
	}
	clear(f[:])
	return false
}

// Push implements media.Port.
func (l *leg) Push(f *media.Frame) {
	if a := l.audio.Load(); a != nil {
		a.push(f)
	}
}

func (l *leg) advance(to stage, why object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if to <= l.stage {
		return
	}
	l.stage = to
	l.why = why
	l.tell()
}

// tell brings the SDK up to date, as far as it can be reached.
func (l *leg) tell() {
	if l.sid == "" || l.socket == nil || l.told >= l.stage {
		return
	}
	l.told = l.stage
	switch l.stage {
	case ringing:
		l.named = true
		l.socket.send("ringing", object{"callsid": l.sid})
	case answered:
		l.named = true
		l.socket.send("answer", object{"callsid": l.sid, "reconnect": l.reconnect, "sdp": l.answer})
	case ended:
		l.socket.send("hangup", l.goodbye())
		l.socket.forget(l)
		go l.finish()
	}
}

// goodbye is by the id that the SDK knows the call by: its own, until ringing or
// answer has told it another (call.js: _onHangup leaves all others alone).
func (l *leg) goodbye() object {
	payload := object{"callsid": l.sid}
	if !l.named && l.in == nil && l.outbound != "" {
		payload["callsid"] = l.outbound
	}
	if l.why != nil {
		payload["error"] = l.why
	}
	return payload
}

func (l *leg) lostMedia() bool { return l.server.wrong.NoMedia(l.grant.identity, l.callSid) }

func (l *leg) callSid() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sid
}

func (l *leg) newAudio() (*audio, error) {
	return newAudio(l.server.api, l.lostMedia, l.digits, l.pass)
}

// invitation is the offer of a call that comes in.
func (l *leg) invitation() (string, error) {
	a, err := l.newAudio()
	if err != nil {
		return "", err
	}
	l.audio.Store(a)
	return a.offer()
}

// bye ends a call that this Device believes to be in, and cancel one that rings.
func (l *leg) bye(why object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.why = why
	l.part("hangup", l.goodbye())
}

func (l *leg) cancel() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.part("cancel", object{"callsid": l.sid})
}

// part tells the Device the last that there is to say; l.mu is held.
func (l *leg) part(kind string, payload object) {
	if l.socket != nil {
		l.socket.send(kind, payload)
		l.socket.forget(l)
	}
	l.stage, l.told = ended, ended
}

// media answers an offer. An offer of the same peer, after an ICE restart,
// goes to the audio there is; another peer's gets audio of its own.
func (l *leg) media(offer string) error {
	a := l.audio.Load()
	if a == nil || !a.samePeer(offer) {
		var err error
		if a, err = l.newAudio(); err != nil {
			return err
		}
	}
	answer, err := a.answer(offer)
	if err != nil {
		if a != l.audio.Load() {
			a.close()
		}
		return err
	}
	if old := l.audio.Swap(a); old != nil && old != a {
		go old.close()
	}
	if l.server.wrong.NoUDP(l.grant.identity) {
		answer = candidates.ReplaceAllString(answer, "")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer = answer
	return nil
}

// candidates are the lines that say where a side's audio is found.
var candidates = regexp.MustCompile(`(?m)^a=candidate:.*\r?\n`)

// reinvite answers an ICE restart. The SDK tries again when no answer comes.
func (l *leg) reinvite(offer string) {
	if l.media(offer) != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.socket != nil && l.stage == answered {
		l.socket.send("answer", object{"callsid": l.sid, "reconnect": l.reconnect, "sdp": l.answer})
	}
}

func (l *leg) digits(s string) {
	l.mu.Lock()
	sid := l.sid
	l.mu.Unlock()
	if s = keys(s); s != "" && sid != "" {
		l.server.ex.Digits(sid, s)
	}
}

// leave is the person's own hang-up, or the loss of the softphone.
func (l *leg) leave() {
	if l.rings() {
		l.in.reject(l)
		return
	}
	l.mu.Lock()
	sid, over := l.sid, l.stage == ended
	l.stage, l.told = ended, ended // nobody is there to be told
	if l.socket != nil {
		l.socket.forget(l)
	}
	l.mu.Unlock()
	l.finish()
	if !over {
		l.server.ex.HangUp(sid)
	}
}

// finish gives up what the leg uses.
func (l *leg) finish() {
	l.mu.Lock()
	sid := l.sid
	l.stage, l.told = ended, ended
	if l.timer != nil {
		l.timer.Stop()
	}
	l.mu.Unlock()
	if sid != "" {
		l.server.remove(sid, l)
	}
	if a := l.audio.Load(); a != nil {
		a.close()
	}
}

// lose is the end of socket k. The leg lives on for as long as its Device asked
// for, with or without sound, unless the page said that it was leaving or was
// never given a reconnect token.
func (l *leg) lose(k *socket, left bool) {
	l.mu.Lock()
	if l.socket != k {
		l.mu.Unlock()
		return
	}
	l.socket = nil
	stays := !left && l.told == answered
	if stays {
		l.arm()
	}
	l.mu.Unlock()
	switch {
	case l.rings():
		l.in.drop(l) // it may ring elsewhere
	case !stays:
		l.leave()
	}
}

// rings reports whether this is a Device that rings, or rang in vain.
func (l *leg) rings() bool { return l.in != nil && l.in.chosen.Load() != l }

// mayReconnect is the code of the refusal of a reconnect with a token to a call
// that has another, or that is another identity's; 0 if it may (Twilio's errors
// 31107 and 31209).
func (l *leg) mayReconnect(g *grant, token string) (code int) {
	switch {
	case subtle.ConstantTimeCompare([]byte(token), []byte(l.reconnect)) != 1:
		return codeReconnect
	case l.grant.account != g.account || l.grant.identity != g.identity:
		return codeNotYours
	}
	return 0
}

// regain gives the leg a new socket, and answers the invite that asked for it.
func (l *leg) regain(k *socket, r *request) (code int) {
	if code := l.mayReconnect(k.grant.Load(), r.Reconnect); code != 0 {
		return code
	}
	answer, err := l.renew(r.SDP)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stage == ended { // while this Device could not be told
		k.send("hangup", l.goodbye())
		go l.finish()
		return 0
	}
	if err != nil {
		return codeBadRequest
	}
	if l.socket != nil {
		l.socket.forget(l)
	}
	k.keep(l)
	l.socket = k
	l.timeout = time.Duration(k.timeout.Load())
	l.arm()
	l.told = l.stage
	k.send("answer", object{"callsid": l.sid, "reconnect": l.reconnect, "sdp": answer})
	return 0
}

// renew answers the offer of a reconnect: with nothing, when what was agreed
// on before holds.
func (l *leg) renew(offer string) (string, error) {
	if a := l.audio.Load(); offer == "" || a.agreed(offer) {
		return "", nil
	}
	if err := l.media(offer); err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answer, nil
}

// arm sets the time at which a leg without a socket is given up.
func (l *leg) arm() {
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	if l.socket != nil || l.stage == ended && l.told == ended {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(l.timeout, func() {
		l.mu.Lock()
		due := l.timer == timer
		l.mu.Unlock()
		if due {
			l.leave()
		}
	})
	l.timer = timer
}
