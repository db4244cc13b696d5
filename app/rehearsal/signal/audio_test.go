package signal

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/rtp"

	"callin/app/rehearsal/media"
)

// sent is a packet on its way to a Device.
type sent struct {
	rtp.Header
	at     time.Time
	silent bool
}

// wireTap is where a track writes to; it keeps the packets.
type wireTap struct{ packets []sent }

func (w *wireTap) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	silent := !slices.ContainsFunc(payload, func(b byte) bool { return b != media.EncodePCMU(0) })
	w.packets = append(w.packets, sent{*h, time.Now(), silent})
	return len(payload), nil
}

func (*wireTap) Write(b []byte) (int, error) { return len(b), nil }

// Without a word from the exchange the line is silent, not dead; and words
// that come in between join on in sequence and in time.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var wire wireTap
		a := &audio{cut: func() bool { return false }, closed: make(chan struct{}), next: rtp.Header{Version: 2}}
		a.track.writer = &wire
		device := &leg{}
		device.audio.Store(a)
		go a.fill()
		mixer := media.NewMixer()
		defer mixer.Close()

		time.Sleep(time.Second + 7*time.Millisecond) // the mixer's ticks are not those of fill
		joined := time.Now()
		tone := media.NewTone(440, -15)
		mixer.Join("device", device)
		mixer.PlayTo("device", tone.Pull)
		time.Sleep(time.Second)
		left := time.Now()
		mixer.Leave("device")
		time.Sleep(time.Second)
		close(a.closed)
		synctest.Wait()

		if len(wire.packets) == 0 {
			t.Fatal("nothing was sent")
		}
		first, last := wire.packets[0], wire.packets[len(wire.packets)-1]
		if took := last.at.Sub(first.at); took < 2900*time.Millisecond {
			t.Errorf("the last packet was sent after %v", took)
		}
		for i, p := range wire.packets[1:] {
			before := wire.packets[i]
			if p.SequenceNumber != before.SequenceNumber+1 || (p.Timestamp-before.Timestamp)%media.FrameSamples != 0 {
				t.Fatalf("packet %v follows %v", p, before)
			}
			if gap := p.at.Sub(before.at); gap > pushPause+media.FrameTime {
				t.Errorf("nothing was sent for %v", gap)
			}
			audio := time.Duration(p.Timestamp-first.Timestamp) * time.Second / media.Rate
			if took := p.at.Sub(first.at); (took - audio).Abs() >= media.FrameTime {
				t.Fatalf("%v of audio in %v", audio, took)
			}
			// The tick under way when the Device leaves may still reach it.
			inTalk := !p.at.Before(joined) && p.at.Before(left)
			if p.silent == inTalk && p.at != left {
				t.Fatalf("silent is %t %v after the Device joined", p.silent, p.at.Sub(joined))
			}
		}
	})
}
