package media

import (
	"math"
	"slices"
	"sync"
	"time"
)

const (
	// earStale is how long an ear believes its last frame.
	earStale = 250 * time.Millisecond
	// earHop is how many frames lie between two analyses: 40 ms.
	earHop = 2
	// toneSteady is how many analyses in a row must find a line at one pitch
	// before it is a tone: with the window, about 250 ms. Speech seldom holds
	// a partial within toneDrift hertz and toneSwing dB for so long.
	toneSteady = 4
	toneDrift  = 1.5
	toneSwing  = 1.5
	// toneMissed is how many analyses may miss a tone before it has ended.
	toneMissed = 3
	// levelFrames is over how many frames the level is taken: 120 ms.
	levelFrames = 6
	// silence is the level of no sound at all, in dBFS.
	silence = -100.0
	// maxIntervals is how many intervals an ear remembers.
	maxIntervals = 200
)

// Heard is what an ear hears at one moment.
type Heard struct {
	// Tones are the pilot tones of the last 250 ms or so, in Hz rounded to 10,
	// lowest first.
	Tones []float64
	// Level is that of everything heard in the last 120 ms, in dBFS; -100 is silence.
	Level float64
}

// Interval is one stretch of one tone. Its ends are right to about 100 ms.
type Interval struct {
	Hz          float64
	From, Until time.Time
}

// Ear finds pilot tones and the level in the audio pushed into it. It tells
// tones from 200 to 3400 Hz apart when they differ by 60 Hz or more, from
// -45 dBFS up. Its methods may be called from any goroutine.
type Ear struct {
	// OnChange, if it is set before the first Push, is called with the tones
	// whenever their set changes, from Push or a goroutine of its own.
	OnChange func(tones []float64)

	mu        sync.Mutex
	ring      *[windowSamples]int16 // nil until there is a frame: many callers are never on air
	next      int                   // where the next frame goes
	frames    int                   // since the last gap
	energies  [levelFrames]float64
	pushed    time.Time
	found     []peak
	tracks    []track
	intervals []Interval
	told      []float64 // what OnChange was last told
	stale     *time.Timer
}

// track follows one line from analysis to analysis.
type track struct {
	peak
	hits, misses int
	from, last   time.Time
	tone         float64 // the rounded pitch, once it is a tone
}

// NewEar returns an ear that has heard nothing.
func NewEar() *Ear { return &Ear{} }

// Push lets the ear hear the next 20 ms.
func (e *Ear) Push(f *Frame) {
	now := time.Now()
	e.mu.Lock()
	if now.Sub(e.pushed) > earStale {
		e.forget()
	}
	e.pushed = now
	e.take(f)
	if e.frames*FrameSamples >= windowSamples && e.frames%earHop == 0 {
		e.listen(now)
	}
	tell := func() {}
	if e.OnChange != nil {
		tell = e.change(e.tones(now))
	}
	e.mu.Unlock()
	tell()
}

// change returns what is to be called, without the lock, now that tones are heard.
func (e *Ear) change(tones []float64) (tell func()) {
	if len(tones) > 0 {
		e.watch()
	}
	if slices.Equal(tones, e.told) {
		return func() {}
	}
	e.told = tones
	return func() { e.OnChange(slices.Clone(tones)) }
}

// Now returns what is heard now: nothing, if no frame has come for 250 ms.
func (e *Ear) Now() Heard {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	return Heard{Tones: e.tones(now), Level: e.level(now)}
}

// Intervals returns the tones heard so far in the order in which they ended,
// those still heard last; of very many, the last 200.
func (e *Ear) Intervals() []Interval {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := slices.Clone(e.intervals)
	for _, t := range e.tracks {
		if t.tone > 0 {
			list = append(list, t.interval())
		}
	}
	return list[max(0, len(list)-maxIntervals):]
}

func (e *Ear) take(f *Frame) {
	if e.ring == nil {
		e.ring = new([windowSamples]int16)
	}
	var sum float64
	for i, s := range f {
		e.ring[(e.next+i)%windowSamples] = s
		sum += float64(s) * float64(s)
	}
	e.next = (e.next + FrameSamples) % windowSamples
	e.energies[e.frames%levelFrames] = sum
	e.frames++
}

// listen analyses the last window.
func (e *Ear) listen(now time.Time) {
	e.found = e.found[:0]
	if e.level(now) > toneQuietest-3 {
		var s spectrum
		s.analyse(e.ring, e.next)
		e.found = s.peaks(e.found)
	}
	for i := range e.tracks {
		e.follow(&e.tracks[i], now)
	}
	e.tracks = slices.DeleteFunc(e.tracks, func(t track) bool {
		over := t.misses > toneMissed || t.tone == 0 && t.misses > 0
		if over && t.tone > 0 {
			e.keep(t.interval())
		}
		return over
	})
	for _, p := range e.found {
		e.tracks = append(e.tracks, track{peak: p, hits: 1, from: now, last: now})
	}
}

// follow looks for the line of t among those found, and takes it from them.
func (e *Ear) follow(t *track, now time.Time) {
	i := slices.IndexFunc(e.found, func(p peak) bool {
		// A tone may become louder or softer; what is to become one may not.
		return math.Abs(p.hz-t.hz) <= toneDrift &&
			(t.tone > 0 || math.Abs(p.level-t.level) <= toneSwing)
	})
	if i < 0 {
		t.misses++
		return
	}
	t.peak = e.found[i]
	t.hits++
	t.misses = 0
	t.last = now
	if t.tone == 0 && t.hits >= toneSteady {
		t.tone = math.Round(t.hz/10) * 10
	}
	e.found = slices.Delete(e.found, i, i+1)
}

// interval corrects the track's times by the window: a line is first seen once
// it fills half of it, and last when at most half is left, if it is not cut off.
func (t *track) interval() Interval {
	const half = windowSamples * time.Second / Rate / 2
	return Interval{Hz: t.tone, From: t.from.Add(-half), Until: t.last.Add(-half / 2)}
}

func (e *Ear) keep(i Interval) {
	if len(e.intervals) == maxIntervals {
		e.intervals = slices.Delete(e.intervals, 0, 1)
	}
	e.intervals = append(e.intervals, i)
}

func (e *Ear) tones(now time.Time) []float64 {
	if now.Sub(e.pushed) > earStale {
		return nil
	}
	var list []float64
	for _, t := range e.tracks {
		if t.tone > 0 && !slices.Contains(list, t.tone) {
			list = append(list, t.tone)
		}
	}
	slices.Sort(list)
	return list
}

func (e *Ear) level(now time.Time) float64 {
	var sum float64
	for _, energy := range e.energies {
		sum += energy
	}
	if sum == 0 || now.Sub(e.pushed) > earStale {
		return silence
	}
	power := sum / (levelFrames * FrameSamples) / (fullScale * fullScale / 2)
	return max(silence, 10*math.Log10(power))
}

// forget ends all tones after a gap, over which no line can be followed.
func (e *Ear) forget() {
	for _, t := range e.tracks {
		if t.tone > 0 {
			e.keep(t.interval())
		}
	}
	e.tracks = e.tracks[:0]
	e.frames = 0
	e.energies = [levelFrames]float64{}
}

// watch sees to it that OnChange is told when no frames come any more.
func (e *Ear) watch() {
	const after = earStale + time.Millisecond
	if e.stale != nil {
		e.stale.Reset(after)
		return
	}
	e.stale = time.AfterFunc(after, func() {
		e.mu.Lock()
		tell := func() {}
		if now := time.Now(); now.Sub(e.pushed) > earStale {
			e.forget()
			tell = e.change(nil)
		}
		e.mu.Unlock()
		tell()
	})
}
