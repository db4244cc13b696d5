package media

import "math"

// Echo is what a telephone's loudspeaker gives back to its microphone: what was
// heard, later and weaker. It is for one goroutine.
type Echo struct {
	gain    float64
	delay   int     // in samples
	waiting []int16 // heard, and not yet given back
}

// NewEcho returns an echo that is weaker by so many dB and late by so many ms, a
// frame at least.
func NewEcho(weaker float64, ms int) *Echo {
	delay := max(ms*Rate/1000, FrameSamples)
	return &Echo{gain: math.Pow(10, -weaker/20), delay: delay, waiting: make([]int16, delay)}
}

// Hear takes in what is heard in the 20 ms whose sound was given before.
func (e *Echo) Hear(f *Frame) {
	e.waiting = append(e.waiting, f[:]...)
	if over := len(e.waiting) - e.delay; over > 0 {
		e.waiting = e.waiting[over:]
	}
}

// Add adds to f what comes back in these 20 ms.
func (e *Echo) Add(f *Frame) {
	n := min(len(e.waiting), len(f))
	for i, s := range e.waiting[:n] {
		f[i] = clip(int32(f[i]) + int32(math.Round(float64(s)*e.gain)))
	}
	e.waiting = e.waiting[n:]
}
