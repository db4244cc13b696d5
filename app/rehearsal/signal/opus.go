package signal

import (
	"strings"
	"time"

	"github.com/pion/opus"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"callin/app/rehearsal/media"
)

// A Device that prefers Opus speaks it. What it says is passed on as it is to
// another such Device that it is bridged with; everybody else hears it decoded.
// What the exchange itself says is PCMU to every Device: a stream may change
// between the payload types that were agreed on, and nothing here encodes Opus.

const (
	opusRate = 48000 // of its timestamps, in hertz (RFC 7587)
	// opusMost is the longest packet there is, 120 ms, in samples of media.Rate.
	opusMost = 120 * media.Rate / 1000
)

var (
	pcmuCodec = webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: media.Rate, Channels: 1}, PayloadType: 0,
	}
	opusCodec = webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: opusRate, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
		}, PayloadType: 111,
	}
	keyCodec = webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mimeEvent, ClockRate: media.Rate, SDPFmtpLine: "0-15"}, PayloadType: 126,
	}
)

// prefersOpus reports whether a description names Opus before PCMU.
func prefersOpus(sdp string) bool {
	var order []string
	codecs := map[string]string{"0": "PCMU"} // need not be named (RFC 3551)
	for line := range strings.Lines(sdp) {
		line = strings.TrimSpace(line)
		if audio, ok := strings.CutPrefix(line, "m=audio "); ok {
			order = strings.Fields(audio)[min(2, len(strings.Fields(audio))):]
		}
		if mapped, ok := strings.CutPrefix(line, "a=rtpmap:"); ok {
			number, codec, _ := strings.Cut(mapped, " ")
			codecs[number], _, _ = strings.Cut(codec, "/")
		}
	}
	for _, number := range order {
		switch strings.ToUpper(codecs[number]) {
		case "OPUS":
			return true
		case "PCMU":
			return false
		}
	}
	return false
}

// slowClock turns Opus' timestamps into those of media.Rate, which wrap around at
// another time.
type slowClock struct {
	begun     bool
	last, now uint32
}

func (c *slowClock) at(timestamp uint32) uint32 {
	if c.begun {
		c.now += uint32(int32(timestamp-c.last) / (opusRate / media.Rate))
	}
	c.begun, c.last = true, timestamp
	return c.now
}

// decodeOpus decodes one packet of Opus into PCMU, as the telephone network would
// carry it.
func decodeOpus(d *opus.Decoder, payload []byte) []byte {
	var samples [opusMost]int16
	n, err := d.DecodeToInt16(payload, samples[:])
	if err != nil {
		return nil // as good as lost
	}
	pcmu := make([]byte, n)
	for i := range pcmu {
		pcmu[i] = media.EncodePCMU(samples[i])
	}
	return pcmu
}

// passage is how far the packets of another Device have come that are passed on.
type passage struct {
	in   uint32 // the timestamp of the last that came
	out  uint32 // and of the one it became
	last time.Time
}

// pass sends a packet of another Device's Opus as it is.
func (a *audio) pass(p *rtp.Packet) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	gap := now.Sub(a.passage.last)
	begins := gap > pushPause
	step := p.Timestamp - a.passage.in
	switch {
	case begins:
		step = uint32(gap.Seconds() * opusRate)
	case int32(step) <= 0:
		return // overtaken by a later one
	}
	a.passage = passage{p.Timestamp, a.passage.out + step, now}
	if a.cut() {
		return
	}
	a.next.SequenceNumber++
	h := a.next
	h.Marker, h.Timestamp = begins, a.passage.out
	a.track.write(h, true, p.Payload)
}

// passing reports whether another Device is heard now; a.mu is held.
func (a *audio) passing() bool { return time.Since(a.passage.last) <= pushPause }

// device is a Phone that is, or has become, one Device.
type device interface{ device() *leg }

func (l *leg) device() *leg       { return l }
func (in *incoming) device() *leg { return in.chosen.Load() }

// Pass passes on what one softphone says in Opus to another that wants Opus too,
// until the function that it returns is called. Where either does not, the
// exchange carries what is said.
func Pass(from, to Phone) (end func()) {
	speaker, listener := from.(device).device(), to.(device).device()
	if speaker == nil || listener == nil {
		return func() {}
	}
	speaker.hearer.Store(listener)
	return func() { speaker.hearer.CompareAndSwap(listener, nil) }
}

// pass is given every packet of Opus that comes in.
func (l *leg) pass(p *rtp.Packet) {
	to := l.hearer.Load()
	if to == nil {
		return
	}
	if a := to.audio.Load(); a != nil && a.opus.Load() {
		a.pass(p)
	}
}
