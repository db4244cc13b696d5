package exchange

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"callin/app/rehearsal/media"
)

// clip is something to hear. Its samples are made only for a party that needs them.
type clip struct {
	event   Event
	length  time.Duration
	samples func() []int16
}

func sampleTime(n int) time.Duration { return time.Duration(n) * time.Second / media.Rate }

// Speech takes about 60 ms a character, at a pace of 1.
const (
	speechPerCharacter = 60 * time.Millisecond
	shortestSpeech     = 500 * time.Millisecond
)

// speech is a quiet murmur as long as the words would take: enough to see on a
// meter that something is said, and no tone that a test could mistake.
func (x *Exchange) speech(text string) clip {
	length := max(shortestSpeech, time.Duration(utf8.RuneCountInString(text))*speechPerCharacter) / time.Duration(max(1, x.opt.Pace))
	return clip{
		event:  Event{Kind: "say", Text: text},
		length: length,
		samples: func() []int16 {
			s := make([]int16, int(length*media.Rate/time.Second))
			low := 0.0
			for i := range s {
				low += (rand.NormFloat64() - low) * 0.3                     // about 400 Hz and down
				loud := math.Sin(2 * math.Pi * 4 * float64(i) / media.Rate) // four syllables a second
				s[i] = int16(max(-4000, min(4000, low*1400*loud*loud)))     // about -35 dBFS
			}
			return s
		},
	}
}

// musicHz is Twilio's default music, here a loud tone: who hears it has
// forgotten a waitUrl.
const musicHz = 620

func music() clip {
	return clip{
		event:  Event{Kind: "play", Text: "default music", Hz: musicHz},
		length: 10 * time.Second,
		samples: func() []int16 {
			s := make([]int16, 10*media.Rate)
			media.Mix(s, media.NewTone(musicHz, -10))
			return s
		},
	}
}

// beepHz is a tone that a recording begins with, and that a conference hears
// when somebody comes or goes. Its pitch and length are ours.
const (
	beepHz     = 1400
	beepLength = media.Rate / 4
)

func beep() clip {
	return clip{
		event:  Event{Kind: "beep"},
		length: sampleTime(beepLength),
		samples: func() []int16 {
			s := make([]int16, beepLength)
			media.Mix(s, media.NewTone(beepHz, -18))
			return s
		},
	}
}

func silence(d time.Duration) clip {
	return clip{length: d, samples: func() []int16 { return make([]int16, int(d*media.Rate/time.Second)) }}
}

// ringback lets a caller hear, until ctx ends, that it rings at the other end,
// once it is answered itself: until then the network does.
func (c *call) ringback(ctx context.Context) {
	c.x.mu.Lock()
	answered := !c.answered.IsZero()
	c.x.mu.Unlock()
	if !answered || !c.wire.needsAudio() {
		return
	}
	c.x.running.Go(func() {
		for ctx.Err() == nil {
			_ = c.direct(ctx, ringTone())
		}
	})
}

// ringTone is that of the US, whatever the ringTone attribute says: two seconds
// of 440 and 480 Hz and four of silence.
func ringTone() clip {
	const length = 6 * media.Rate
	return clip{length: sampleTime(length), samples: func() []int16 {
		s := make([]int16, length)
		media.Mix(s[:length/3], media.NewTone(440, -19), media.NewTone(480, -19))
		return s
	}}
}

// speaker lets somebody hear a clip, and returns at its end or with ctx.
type speaker func(ctx context.Context, c clip) error

// direct is the speaker of a call that is connected to nobody else.
func (c *call) direct(ctx context.Context, k clip) error {
	c.hear(k.event)
	if c.wire.needsAudio() {
		return media.Play(ctx, c.wire, k.samples())
	}
	began, listened := time.Now(), c.wire.listened()
	t := time.NewTimer(k.length)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-listened: // the rest is to be heard
		samples := k.samples()
		return media.Play(ctx, c.wire, samples[min(len(samples), int(time.Since(began)*media.Rate/time.Second)):])
	}
}

func (c *call) hear(e Event) {
	if e.Kind != "" {
		e.At = time.Now()
		c.party.Heard(e)
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// clipsKept bounds the audio kept, in samples: about half an hour.
const clipsKept = 16 << 20

// clips keeps audio by URL, as Twilio does, so that a thousand callers who wait
// fetch their music once.
type clips struct {
	x    *Exchange
	mu   sync.Mutex
	have map[string]*fetched
	age  []*fetched // oldest first
	size int
}

type fetched struct {
	url     string
	ready   chan struct{}
	samples []int16
	err     *fetchError
}

func newClips(x *Exchange) *clips { return &clips{x: x, have: map[string]*fetched{}} }

func (k *clips) get(ctx context.Context, u string) (clip, *fetchError) {
	k.mu.Lock()
	f := k.have[u]
	if f == nil {
		f = &fetched{url: u, ready: make(chan struct{})}
		k.have[u] = f
		k.x.running.Go(func() { k.fill(f) })
	}
	k.mu.Unlock()
	select {
	case <-f.ready:
	case <-ctx.Done():
		return clip{}, &fetchError{11205, ctx.Err(), nil}
	}
	if f.err != nil {
		return clip{}, f.err
	}
	return sound(u, f.samples), nil
}

func sound(u string, samples []int16) clip {
	return clip{Event{Kind: "play", URL: u}, sampleTime(len(samples)), func() []int16 { return samples }}
}

// fill fetches without the parameters of other requests (Twilio docs: Play).
func (k *clips) fill(f *fetched) {
	defer close(f.ready)
	a, err := k.x.fetch(k.x.life, http.MethodGet, f.url, nil)
	if err == nil {
		var bad error
		switch f.samples, bad = media.ParseAudio(a.body); {
		case bad == nil:
		case a.kind == "" || strings.HasPrefix(a.kind, "text/") || strings.HasSuffix(a.kind, "xml"):
			err = &fetchError{12300, fmt.Errorf("not audio but %q", a.kind), a.webhook} // "such as XML or text" (dictionary)
		default:
			err = &fetchError{13420, bad, a.webhook}
		}
	}
	f.err = err
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil || a.noStore {
		delete(k.have, f.url)
		return
	}
	k.age = append(k.age, f)
	k.size += len(f.samples)
	for k.size > clipsKept && len(k.age) > 1 {
		old := k.age[0]
		k.age, k.size = k.age[1:], k.size-len(old.samples)
		delete(k.have, old.url)
	}
}
