package signal

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/opus"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"callin/app/rehearsal/media"
)

const (
	// gatherTimeout is how long to look for this machine's own addresses.
	gatherTimeout = 3 * time.Second
	// pushPause is how long the exchange may push nothing before silence is
	// sent in its place: without packets the SDK warns of a dead line.
	pushPause = 60 * time.Millisecond
	// Media counts as gone after this long without a packet of any kind.
	iceDisconnected = 3 * time.Second
	iceFailed       = 10 * time.Second
	iceKeepalive    = time.Second
)

// newAPI returns a WebRTC that knows PCMU, Opus and telephone events only. private is
// whether it is found at no public address.
func newAPI(private bool) (*webrtc.API, error) {
	var codecs webrtc.MediaEngine
	for _, c := range []webrtc.RTPCodecParameters{pcmuCodec, opusCodec, keyCodec} {
		if err := codecs.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, err
		}
	}
	var reports interceptor.Registry
	if err := webrtc.ConfigureRTCPReports(&reports); err != nil {
		return nil, err
	}
	var settings webrtc.SettingEngine
	// The loopback address, because it may be the only one there is.
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	if private {
		settings.SetIPFilter(isPrivate)
	}
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetICETimeouts(iceDisconnected, iceFailed, iceKeepalive)
	// The SDK's descriptions name no candidates (peerconnection.js: createOffer
	// and processSDP do not wait for them): its address is learnt from its own
	// checks only, and to wait for a better one is a second without sound.
	settings.SetPrflxAcceptanceMinWait(0)
	return webrtc.NewAPI(webrtc.WithMediaEngine(&codecs),
		webrtc.WithInterceptorRegistry(&reports), webrtc.WithSettingEngine(settings)), nil
}

const mimeEvent = "audio/telephone-event"

// audio is the WebRTC connection of a leg.
type audio struct {
	pc     *webrtc.PeerConnection
	sender *webrtc.RTPTransceiver
	track  track
	in     jitter
	opus   atomic.Bool // the peer prefers it
	cut    func() bool // audio is lost at present, both ways
	keys   func(string)
	said   func(*rtp.Packet) // of Opus
	closed chan struct{}
	once   sync.Once

	mu       sync.Mutex
	offered  peerID
	next     rtp.Header // of PCMU; its sequence is that of all packets
	passage  passage
	lastPush time.Time
	lastSent time.Time
}

// newAudio returns audio that is lost while cut says so, and that gives pressed
// keys and packets of Opus to its functions.
func newAudio(api *webrtc.API, cut func() bool, keys func(string), said func(*rtp.Packet)) (*audio, error) {
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	a := &audio{pc: pc, cut: cut, keys: keys, said: said, closed: make(chan struct{}), next: rtp.Header{Version: 2}}
	a.sender, err = pc.AddTransceiverFromTrack(&a.track)
	if err != nil {
		pc.Close()
		return nil, err
	}
	go drain(a.sender.Sender())
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { a.receive(t, r) })
	go a.fill()
	return a, nil
}

// drain reads the peer's reports, or they would pile up.
func drain(s *webrtc.RTPSender) {
	b := make([]byte, 1500)
	for {
		if _, _, err := s.Read(b); err != nil {
			return
		}
	}
}

// answer takes an offer and returns the answer, complete with candidates. The
// SDK's offers carry none: its own are learnt from where its checks come from.
func (a *audio) answer(offer string) (string, error) {
	err := a.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer})
	if err != nil {
		return "", err
	}
	if err := a.agree(prefersOpus(offer)); err != nil {
		return "", err
	}
	answer, err := a.pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	sdp, err := a.gather(answer)
	if err != nil {
		return "", err
	}
	if !strings.Contains(sdp, "PCMU/8000") {
		return "", errors.New("no PCMU in common")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.offered = identify(offer)
	return sdp, nil
}

// agree makes the codec that the peer prefers the one that it is to speak.
func (a *audio) agree(wantsOpus bool) error {
	a.opus.Store(wantsOpus)
	if wantsOpus {
		return a.sender.SetCodecPreferences([]webrtc.RTPCodecParameters{opusCodec, pcmuCodec, keyCodec})
	}
	return a.sender.SetCodecPreferences([]webrtc.RTPCodecParameters{pcmuCodec, keyCodec})
}

// gather completes a description of this side with its candidates.
func (a *audio) gather(d webrtc.SessionDescription) (string, error) {
	gathered := webrtc.GatheringCompletePromise(a.pc)
	if err := a.pc.SetLocalDescription(d); err != nil {
		return "", err
	}
	select {
	case <-gathered:
		return a.pc.LocalDescription().SDP, nil
	case <-a.closed:
		return "", errors.New("closed")
	case <-time.After(gatherTimeout):
		return "", fmt.Errorf("no candidates within %v", gatherTimeout)
	}
}

// offer returns an offer, complete with candidates.
func (a *audio) offer() (string, error) {
	offer, err := a.pc.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	return a.gather(offer)
}

// accept takes the answer to the offer.
func (a *audio) accept(answer string) error {
	err := a.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
	if err != nil {
		return err
	}
	a.opus.Store(prefersOpus(answer))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.offered = identify(answer)
	return nil
}

// peerID is what tells a peer, and one ICE session of it, from others.
type peerID struct{ fingerprint, ufrag string }

func identify(sdp string) (id peerID) {
	for line := range strings.Lines(sdp) {
		line = strings.TrimSpace(line)
		if v, ok := strings.CutPrefix(line, "a=fingerprint:"); ok {
			id.fingerprint = v
		}
		if v, ok := strings.CutPrefix(line, "a=ice-ufrag:"); ok {
			id.ufrag = v
		}
	}
	return id
}

// samePeer reports whether an offer comes from the peer this audio goes to.
func (a *audio) samePeer(offer string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.offered.fingerprint == identify(offer).fingerprint
}

// agreed reports whether an offer says nothing that was not answered before.
func (a *audio) agreed(offer string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.offered == identify(offer)
}

func (a *audio) receive(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	codecs := map[uint8]string{}
	for _, c := range r.GetParameters().Codecs {
		codecs[uint8(c.PayloadType)] = strings.ToLower(c.MimeType)
	}
	var pressed keypad
	var slower slowClock
	decoder, err := opus.NewDecoderWithOutput(media.Rate, 1)
	if err != nil {
		return // there is no such error for these two
	}
	for {
		p, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		if a.cut() {
			continue
		}
		switch codecs[p.PayloadType] {
		case mimeEvent:
			if key := pressed.event(p.Timestamp, p.Payload); key != "" {
				a.keys(key)
			}
		case strings.ToLower(webrtc.MimeTypePCMU):
			a.in.put(p.Timestamp, p.Payload)
		case strings.ToLower(webrtc.MimeTypeOpus):
			a.said(p)
			a.in.put(slower.at(p.Timestamp), decodeOpus(&decoder, p.Payload))
		}
	}
}

func (a *audio) pull(f *media.Frame) bool { return a.in.get(f) }

func (a *audio) push(f *media.Frame) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lastPush = time.Now()
	if !a.passing() {
		a.send(f)
	}
}

// send sends 20 ms with a timestamp that goes on from the last, or jumps over
// the time in which nothing was sent.
func (a *audio) send(f *media.Frame) {
	if a.cut() {
		return
	}
	now := time.Now()
	frames := uint32(1)
	if gap := now.Sub(a.lastSent); gap >= pushPause && !a.lastSent.IsZero() {
		frames = uint32(gap / media.FrameTime)
	}
	a.lastSent = now
	a.next.Marker = frames > 1
	a.next.SequenceNumber++
	a.next.Timestamp += frames * media.FrameSamples
	payload := make([]byte, len(f))
	for i, s := range f {
		payload[i] = media.EncodePCMU(s)
	}
	a.track.write(a.next, false, payload)
}

// fill sends silence while the exchange has nothing to say.
func (a *audio) fill() {
	tick := time.NewTicker(media.FrameTime)
	defer tick.Stop()
	var quiet media.Frame
	for {
		select {
		case <-a.closed:
			return
		case now := <-tick.C:
			a.mu.Lock()
			if now.Sub(a.lastPush) > pushPause && !a.passing() {
				a.send(&quiet)
			}
			a.mu.Unlock()
		}
	}
}

func (a *audio) close() {
	a.once.Do(func() {
		close(a.closed)
		a.pc.Close()
	})
}
