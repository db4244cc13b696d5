package signal

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"callin/app/rehearsal/media"
)

func TestWhichCodecADevicePrefers(t *testing.T) {
	const opusMap, pcmuMap = "a=rtpmap:111 opus/48000/2\r\n", "a=rtpmap:0 PCMU/8000\r\n"
	for name, c := range map[string]struct {
		sdp  string
		want bool
	}{
		"PCMU first":         {"m=audio 9 UDP/TLS/RTP/SAVPF 0 111 126\r\n" + pcmuMap + opusMap, false},
		"Opus first":         {"m=audio 9 UDP/TLS/RTP/SAVPF 111 0 126\r\n" + pcmuMap + opusMap, true},
		"PCMU not named":     {"m=audio 9 UDP/TLS/RTP/SAVPF 0 111\r\n" + opusMap, false},
		"something else yet": {"m=audio 9 UDP/TLS/RTP/SAVPF 63 111 0\r\na=rtpmap:63 red/48000/2\r\n" + opusMap, true},
		"no Opus":            {"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", false},
		"cut short":          {"m=audio\r\nm=audio 9\r\na=rtpmap:\r\n", false},
		"nothing":            {"", false},
	} {
		if got := prefersOpus(c.sdp); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// What one Device says goes on to the other in time and in sequence, in place of
// what the exchange has mixed; before and after that, the exchange is heard.
func TestPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wire wireTap
		a := &audio{cut: func() bool { return false }, closed: make(chan struct{}), next: rtp.Header{Version: 2}}
		a.track.writer, a.track.opus = &wire, 111
		a.opus.Store(true)
		listener, speaker, deaf := &leg{}, &leg{}, &leg{}
		listener.audio.Store(a)
		mixed := media.Frame{1000}
		// say is 20 ms of both ways to the listener.
		say := func(packet *rtp.Packet) {
			speaker.pass(packet)
			listener.Push(&mixed)
			time.Sleep(media.FrameTime)
		}
		packet := func(n uint32) *rtp.Packet {
			return &rtp.Packet{Header: rtp.Header{SequenceNumber: uint16(n), Timestamp: 4294960000 + 960*n}, Payload: []byte{byte(n)}} // it wraps around
		}
		time.Sleep(time.Second)
		Pass(speaker, deaf) // who has no audio
		say(packet(0))
		end := Pass(speaker, listener)
		for n := range uint32(20) {
			say(packet(n + 1))
		}
		say(packet(3)) // late: what has been passed is not said again
		end()
		for n := range uint32(5) {
			say(packet(n + 30))
		}
		time.Sleep(pushPause)
		say(packet(40))

		var opus []sent
		for i, p := range wire.packets {
			if i > 0 && p.SequenceNumber != wire.packets[i-1].SequenceNumber+1 {
				t.Fatalf("packet %v follows %v", p, wire.packets[i-1])
			}
			if p.PayloadType == uint8(webrtc.PayloadType(111)) {
				opus = append(opus, p)
			}
		}
		if len(opus) != 20 {
			t.Fatalf("%d packets of Opus were passed on", len(opus))
		}
		for i, p := range opus[1:] {
			if p.Timestamp-opus[i].Timestamp != 960 || p.Marker {
				t.Errorf("%v follows %v", p, opus[i])
			}
		}
		first, last := wire.packets[0], wire.packets[len(wire.packets)-1]
		if first.PayloadType != 0 || last.PayloadType != 0 || !opus[0].Marker {
			t.Errorf("first %v, last %v, Opus from %v on", first, last, opus[0])
		}
		for _, p := range wire.packets {
			if p.PayloadType == 0 && p.at.After(opus[0].at) && p.at.Before(opus[19].at) {
				t.Errorf("the exchange is heard beside the other Device, %v after it began", p.at.Sub(opus[0].at))
			}
		}
	})
}

func TestTheSlowClockGoesOnWhereOpusWrapsAround(t *testing.T) {
	var c slowClock
	var got []uint32
	for _, timestamp := range []uint32{4294966336, 0, 1920, 960, 2880} { // 960 before the wrap; one late
		got = append(got, c.at(timestamp))
	}
	if want := []uint32{0, 160, 480, 320, 640}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
