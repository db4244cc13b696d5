package signal

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"callin/app/rehearsal/media"
)

// Offer is a call to the Devices of an identity.
type Offer struct {
	CallSid, AccountSid string
	Identity            string
	From, To            string
	// Parameters are the application's own.
	Parameters url.Values
	// StirStatus is what the caller's carrier says of From; empty when it says nothing.
	StirStatus string
}

// maxDevices is how many Devices of an identity ring (Twilio docs: Voice SDK,
// the most recent ten registrations).
const maxDevices = 10

// incoming is a call that rings Devices. The first to pick up has it from then on.
type incoming struct {
	server *Server
	offer  Offer
	chosen atomic.Pointer[leg]

	mu   sync.Mutex
	rung bool
	over bool
	legs []*leg // that ring
}

// Ring returns what rings the Devices that are registered for an identity now;
// nil when there is none. They ring from its Ringing on, and Accept and Refuse
// tell the exchange what the people there do.
func (s *Server) Ring(o Offer) Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	in := &incoming{server: s, offer: o}
	for k := range s.sockets {
		if g := k.registered.Load(); g != nil && g.rings(o) {
			in.legs = append(in.legs, in.leg(k, *g))
		}
	}
	slices.SortFunc(in.legs, func(a, b *leg) int { return cmp.Compare(b.socket.since.Load(), a.socket.since.Load()) })
	in.legs = in.legs[:min(len(in.legs), maxDevices)]
	if len(in.legs) == 0 {
		return nil
	}
	s.incoming[o.CallSid] = in
	return in
}

// rings reports whether a call rings a Device that registered with this token.
func (g *grant) rings(o Offer) bool {
	return g.incoming && g.account == o.AccountSid && g.identity == o.Identity && o.Identity != ""
}

func (in *incoming) leg(k *socket, g grant) *leg {
	l := newLeg(k, g, in.offer.CallSid)
	l.in, l.sid, l.stage = in, in.offer.CallSid, ringing
	return l
}

// Ringing implements Phone.
func (in *incoming) Ringing() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.rung || in.over {
		return
	}
	in.rung = true
	for _, l := range in.legs {
		go in.invite(l, l.socket) // it takes a while to find this machine's addresses
	}
}

// invite lets one Device ring.
func (in *incoming) invite(l *leg, k *socket) {
	sdp, err := l.invitation()
	if err != nil {
		in.drop(l)
		return
	}
	if in.tell(l, k, sdp) {
		in.server.ex.Rings(in.offer.CallSid)
	}
}

// tell reports whether the Device has been told of the call: it may be too late.
func (in *incoming) tell(l *leg, k *socket, sdp string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.over || in.chosen.Load() != nil || !k.keep(l) {
		go l.finish()
		return false
	}
	parameters := object{
		"CallSid": in.offer.CallSid, "AccountSid": in.offer.AccountSid,
		"From": in.offer.From, "To": in.offer.To, "Params": params(in.offer.Parameters),
	}
	if in.offer.StirStatus != "" {
		parameters["StirStatus"] = in.offer.StirStatus
	}
	k.send("invite", object{"callsid": in.offer.CallSid, "sdp": sdp, "reconnect": l.reconnect, "parameters": parameters})
	return true
}

// params are an application's parameters on the wire: the SDK decodes values,
// but not names.
func params(v url.Values) string {
	var pairs []string
	for name, values := range v {
		for _, value := range values {
			pairs = append(pairs, name+"="+url.QueryEscape(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// pickUp is a Device's answer to its invite. One that cannot be used, as a second
// one cannot, ends what this Device has of the call, and the call itself if that
// was all of it.
func (in *incoming) pickUp(l *leg, sdp string) {
	if a := l.audio.Load(); a != nil && a.accept(sdp) == nil {
		in.take(l)
		return
	}
	l.bye(failure(codeBadRequest, "the answer cannot be used"))
	switch left := in.drop(l); in.chosen.Load() {
	case l:
		in.server.ex.HangUp(in.offer.CallSid)
	case nil:
		if left == 0 {
			in.server.ex.Fail(in.offer.CallSid)
		}
	}
}

// takeOver lets a Device that was given the call's connect token pick it up in
// place of the one that rings; it returns the code of its refusal.
func (in *incoming) takeOver(k *socket, r *request) (code int) {
	g := k.grant.Load()
	code = codeReconnect
	in.mu.Lock()
	for _, l := range in.legs {
		if may := l.mayReconnect(g, r.Reconnect); may != codeReconnect {
			code = may
		}
	}
	in.mu.Unlock()
	if code != 0 {
		return code
	}
	l := in.leg(k, *g)
	if l.media(r.SDP) != nil || !k.keep(l) {
		l.finish()
		return codeBadRequest
	}
	in.mu.Lock()
	in.legs = append(in.legs, l)
	in.mu.Unlock()
	if in.take(l) {
		l.mu.Lock()
		defer l.mu.Unlock()
		k.send("answer", object{"callsid": l.sid, "reconnect": l.reconnect, "sdp": l.answer})
	}
	return 0
}

// take gives the call to l, unless it is too late.
func (in *incoming) take(l *leg) bool {
	first := in.chosen.CompareAndSwap(nil, l)
	if !first {
		in.drop(l)
		l.bye(nil)
		return false
	}
	l.mu.Lock()
	l.stage, l.told = answered, answered
	l.mu.Unlock()
	in.server.add(in.offer.CallSid, l)
	if !in.server.ex.Accept(in.offer.CallSid) { // the caller has gone
		in.end(nil)
		return false
	}
	in.end(l)
	return true
}

// reject is a person's word that this Device does not take the call. When none
// is left that could, the caller hears busy.
func (in *incoming) reject(l *leg) {
	if in.drop(l) == 0 && in.chosen.Load() == nil {
		in.server.ex.Refuse(in.offer.CallSid)
	}
}

// drop takes l off those that ring and returns how many are left.
func (in *incoming) drop(l *leg) int {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.legs = slices.DeleteFunc(in.legs, func(other *leg) bool { return other == l })
	l.mu.Lock()
	if l.socket != nil {
		l.socket.forget(l)
	}
	l.mu.Unlock()
	go l.finish()
	return len(in.legs)
}

// end stops the ringing everywhere but at the Device that has the call.
func (in *incoming) end(at *leg) {
	in.server.mu.Lock()
	delete(in.server.incoming, in.offer.CallSid)
	in.server.mu.Unlock()
	in.mu.Lock()
	legs := in.legs
	in.legs, in.over = nil, true
	in.mu.Unlock()
	for _, l := range legs {
		if l == at {
			continue
		}
		if l == in.chosen.Load() {
			l.bye(nil)
		} else {
			l.cancel()
		}
		go l.finish()
	}
}

// Answer implements Phone. Whoever picked up knows already.
func (in *incoming) Answer() {}

// HungUp implements Phone.
func (in *incoming) HungUp(code int, message string) {
	in.end(in.chosen.Load())
	if l := in.chosen.Load(); l != nil {
		l.HungUp(code, message)
	}
}

// Pull implements media.Port.
func (in *incoming) Pull(f *media.Frame) bool {
	if l := in.chosen.Load(); l != nil {
		return l.Pull(f)
	}
	clear(f[:])
	return false
}

// Push implements media.Port.
func (in *incoming) Push(f *media.Frame) {
	if l := in.chosen.Load(); l != nil {
		l.Push(f)
	}
}
