package signal

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"callin/app/rehearsal/faults"
	"callin/app/rehearsal/media"
)

// patience is how long a test waits for what happens at once on an idle machine.
const patience = 20 * time.Second

// listener is an Ear whose tones can be waited for.
type listener struct {
	*media.Ear
	changes chan []float64
}

func newListener() *listener {
	l := &listener{media.NewEar(), make(chan []float64, 100)}
	l.OnChange = func(tones []float64) { l.changes <- tones }
	return l
}

// hears waits until exactly these tones are heard.
func (l *listener) hears(t *testing.T, want ...float64) {
	t.Helper()
	deadline := time.After(patience)
	var got []float64
	for {
		select {
		case got = <-l.changes:
			if slices.Equal(got, want) {
				return
			}
		case <-deadline:
			t.Fatalf("hears %v, want %v", got, want)
		}
	}
}

// peer is a Device as the Voice SDK is one: a socket and a peer connection.
type peer struct {
	t      *testing.T
	socket *websocket.Conn
	frames chan frame
	pc     *webrtc.PeerConnection
	track  *track
	ear    *listener
	tone   *media.Tone
	beats  chan bool // heartbeats
	query  string

	mu  sync.Mutex
	out rtp.Header
}

func dial(t *testing.T, url string) *peer {
	t.Helper()
	p := &peer{t: t, ear: newListener(), beats: make(chan bool, 100)}
	p.reconnect(url)
	return p
}

// reconnect opens a new socket, as the SDK does after a loss.
func (p *peer) reconnect(url string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	socket, _, err := websocket.Dial(ctx, strings.Replace(url, "http", "ws", 1)+"/signal"+p.query, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.socket, p.frames = socket, make(chan frame, 100)
	p.t.Cleanup(func() { socket.CloseNow() })
	go p.read(socket, p.frames)
}

func (p *peer) read(socket *websocket.Conn, frames chan<- frame) {
	defer close(frames)
	for {
		_, b, err := socket.Read(p.t.Context())
		if err != nil {
			return
		}
		if string(b) == heartbeat {
			socket.Write(p.t.Context(), websocket.MessageText, b)
			p.beats <- true
			continue
		}
		var f frame
		if err := json.Unmarshal(b, &f); err != nil {
			p.t.Errorf("the SDK would die of %q", b)
			return
		}
		frames <- f
	}
}

func (p *peer) send(kind string, payload object) {
	p.t.Helper()
	b, err := json.Marshal(object{"type": kind, "version": protocolVersion, "payload": payload})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.socket.Write(p.t.Context(), websocket.MessageText, b); err != nil {
		p.t.Fatal(err)
	}
}

// reply is what a test looks at in a frame from the server.
type reply struct {
	CallSid       string          `json:"callsid"`
	Reconnect     string          `json:"reconnect"`
	SDP           string          `json:"sdp"`
	Edge          string          `json:"edge"`
	AckType       string          `json:"acktype"`
	Content       json.RawMessage `json:"content"`
	VoiceEventSid string          `json:"voiceeventsid"`
	Parameters    map[string]any  `json:"parameters"`
	Token         struct {
		Identity string  `json:"identity"`
		TTL      float64 `json:"ttl"`
	} `json:"token"`
	Error struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// expect waits for the next frame, which must be of a kind.
func (p *peer) expect(kind string) reply {
	p.t.Helper()
	select {
	case f, ok := <-p.frames:
		if !ok || f.Type != kind || f.Version != protocolVersion {
			p.t.Fatalf("got %s %s %s, want %s", f.Type, f.Version, f.Payload, kind)
		}
		var r reply
		if err := json.Unmarshal(f.Payload, &r); err != nil {
			p.t.Fatal(err)
		}
		return r
	case <-time.After(patience):
		p.t.Fatalf("no %s", kind)
	}
	panic("unreachable")
}

// gone waits for the end of the socket, which nothing comes before.
func (p *peer) gone() {
	p.t.Helper()
	select {
	case f, more := <-p.frames:
		if more {
			p.t.Fatalf("got %s %s, want the socket's end", f.Type, f.Payload)
		}
	case <-time.After(patience):
		p.t.Fatal("the socket does not end")
	}
}

// offer makes a peer connection that will speak a tone, and its offer, without
// candidates as the SDK's is.
func (p *peer) offer(hz float64) string {
	p.t.Helper()
	p.connection(hz)
	return p.newOffer(nil)
}

func (p *peer) connection(hz float64) {
	p.t.Helper()
	api, err := newAPI(false)
	if err != nil {
		p.t.Fatal(err)
	}
	p.pc, err = api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		p.t.Fatal(err)
	}
	pc := p.pc
	p.t.Cleanup(func() { pc.Close() })
	p.track = &track{}
	if _, err := p.pc.AddTrack(p.track); err != nil {
		p.t.Fatal(err)
	}
	p.tone = media.NewTone(hz, -15)
	p.pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			var f media.Frame
			for i := range min(len(f), len(packet.Payload)) {
				f[i] = media.DecodePCMU(packet.Payload[i])
			}
			p.ear.Push(&f)
		}
	})
}

func (p *peer) newOffer(options *webrtc.OfferOptions) string {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(options)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.pc.SetLocalDescription(offer); err != nil {
		p.t.Fatal(err)
	}
	return offer.SDP
}

func (p *peer) accept(answer string) {
	p.t.Helper()
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		p.t.Fatal(err)
	}
}

// speak sends the tone until the test ends.
func (p *peer) speak() {
	stop := make(chan struct{})
	var done sync.WaitGroup
	p.t.Cleanup(func() { close(stop); done.Wait() })
	done.Go(func() {
		tick := time.NewTicker(media.FrameTime)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				var f media.Frame
				p.mu.Lock()
				p.tone.Pull(&f)
				p.mu.Unlock()
				b := make([]byte, len(f))
				for i, s := range f {
					b[i] = media.EncodePCMU(s)
				}
				p.packet(0, b, true)
			}
		}
	})
}

func (p *peer) setTone(hz float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tone = media.NewTone(hz, -15)
}

// packet sends RTP as Chromium does: one sequence for audio and events.
func (p *peer) packet(kind uint8, payload []byte, step bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sendLocked(kind, payload, step)
}

func (p *peer) sendLocked(kind uint8, payload []byte, step bool) {
	p.out.Version, p.out.PayloadType = 2, kind
	p.out.SequenceNumber++
	if step {
		p.out.Timestamp += media.FrameSamples
	}
	p.track.write(p.out, false, payload)
}

// press sends a key as five packets of one telephone event.
func (p *peer) press(event byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range byte(5) {
		p.sendLocked(126, []byte{event, 10, 0, 160 * (i + 1) / 2}, i == 0)
	}
}

func serve(t *testing.T, ex Exchange) (*Server, string) {
	t.Helper()
	server, err := NewServer(ex, &faults.Set{}, false)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/signal", server)
	web := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.Close()
		web.Close()
	})
	return server, web.URL
}
