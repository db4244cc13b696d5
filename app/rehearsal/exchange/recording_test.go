package exchange

import (
	"testing"
	"testing/synctest"
	"time"

	"callin/app/rehearsal/media"
)

// session is a recording that a test feeds, in the bubble's own time.
type session struct {
	t *testing.T
	x *Exchange
	r *recording
}

func newTake(t *testing.T, o *RecordingOptions) *session {
	x := New(Options{})
	t.Cleanup(x.Close)
	x.mu.Lock()
	defer x.mu.Unlock()
	return &session{t, x, x.newRecording(*o, "CA0", "", "StartCallRecordingAPI")}
}

// speak lets somebody be heard for so long; as they stop nothing comes at all.
func (k *session) speak(from track, d time.Duration) {
	var f media.Frame
	for i := range f {
		f[i] = 5000
	}
	for range d / media.FrameTime {
		k.r.add(from, &f)
		time.Sleep(media.FrameTime)
	}
}

// is ends the recording and compares its length and what is heard of it in
// each channel, to a twentieth of a second.
func (k *session) is(length float64, heard ...float64) {
	k.t.Helper()
	k.x.mu.Lock()
	k.r.stop()
	k.x.mu.Unlock()
	near := func(a, b float64) bool { return a-b < 0.05 && b-a < 0.05 }
	channels, _ := k.x.RecordingAudio(k.r.info.Sid)
	if len(channels) != len(heard) {
		k.t.Fatalf("%d channels: %+v", len(channels), k.r.info)
	}
	for i, c := range channels {
		n := 0
		for _, s := range c {
			if s > quiet {
				n++
			}
		}
		if got := float64(len(c)) / media.Rate; !near(got, length) {
			k.t.Errorf("channel %d lasts %.2f s, not %.2f", i, got, length)
		}
		if got := float64(n) / media.Rate; !near(got, heard[i]) {
			k.t.Errorf("channel %d: %.2f s heard, not %.2f", i, got, heard[i])
		}
	}
}

func (k *session) pause(behavior string, d time.Duration) {
	k.r.pause(behavior)
	k.speak(inbound, d)
	k.r.resume()
}

func options(channels, track string, trim bool) *RecordingOptions {
	return NewRecordingOptions(channels, track, trim, "", "", nil)
}

func TestRecording(t *testing.T) {
	const second = time.Second
	for name, c := range map[string]struct {
		options *RecordingOptions
		do      func(*session)
	}{
		"plain": {options("mono", "", false), func(k *session) {
			k.speak(inbound, 2*second)
			k.is(2, 2)
		}},
		"what comes after a gap is in its place": {options("", "", false), func(k *session) {
			k.speak(inbound, second)
			time.Sleep(2 * second)
			k.speak(outbound, second)
			time.Sleep(second)
			k.is(5, 2)
		}},
		"dual": {options("dual", "", false), func(k *session) {
			k.speak(inbound, second)
			k.speak(outbound, 2*second)
			k.is(3, 1, 2)
		}},
		"a pause that is skipped": {options("", "", false), func(k *session) {
			k.speak(inbound, second)
			k.pause("skip", 3*second)
			k.speak(inbound, second)
			k.is(2, 2)
		}},
		"a pause of silence": {options("", "", false), func(k *session) {
			k.speak(inbound, second)
			k.pause("silence", 3*second)
			k.speak(inbound, second)
			k.is(5, 2)
		}},
		"stopped in a pause": {options("", "", false), func(k *session) {
			k.speak(inbound, second)
			k.r.pause("skip")
			time.Sleep(3 * second)
			k.is(1, 1)
		}},
		"trimmed": {options("dual", "", true), func(k *session) {
			time.Sleep(second)
			k.speak(inbound, second)
			k.speak(outbound, second)
			time.Sleep(2 * second)
			k.is(2, 1, 1)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { c.do(newTake(t, c.options)) })
		})
	}
}

// A recording of nothing is absent, and says why (Twilio docs: Recording).
func TestRecordingOfNothing(t *testing.T) {
	for _, trim := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			k := newTake(t, options("", "", trim))
			if trim {
				time.Sleep(time.Second) // of silence
			}
			k.x.mu.Lock()
			k.r.stop()
			k.x.mu.Unlock()
			if i := k.r.snapshot(); i.Status != "absent" || i.ErrorCode != 16101 {
				t.Errorf("%+v", i)
			}
			if _, ok := k.x.RecordingAudio(k.r.info.Sid); ok {
				t.Error("it has audio")
			}
		})
	}
}
