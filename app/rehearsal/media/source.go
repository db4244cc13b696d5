package media

import "math"

// fullScale is the peak of a sine of 0 dBFS. Levels in this package follow
// AES17: a full-scale sine is 0 dBFS, so its square wave would be +3.
const fullScale = math.MaxInt16

// Tone is an endless sine, for telling legs apart by their pilot tones. It is
// for one goroutine.
type Tone struct {
	step, phase, peak float64
}

// NewTone returns a sine of hz hertz at dbfs, which is not above 0.
func NewTone(hz, dbfs float64) *Tone {
	return &Tone{
		step: 2 * math.Pi * hz / Rate,
		peak: fullScale * math.Pow(10, min(dbfs, 0)/20),
	}
}

// Pull fills f with the next 20 ms of the tone and returns true.
func (t *Tone) Pull(f *Frame) bool {
	for i := range f {
		f[i] = int16(math.Round(t.peak * math.Sin(t.phase)))
		t.phase += t.step
	}
	t.phase = math.Mod(t.phase, 2*math.Pi)
	return true
}

// Voice plays recorded samples, once or for ever. It is for one goroutine.
type Voice struct {
	samples []int16
	next    int
	loop    bool
}

// NewVoice returns a source of samples at Rate; it keeps the slice and does not
// change it. With loop it begins again at the end.
func NewVoice(samples []int16, loop bool) *Voice {
	return &Voice{samples: samples, loop: loop}
}

// Pull fills f with the next 20 ms and reports whether there was any left. The
// last piece of a clip that ends within a frame is followed by silence.
func (v *Voice) Pull(f *Frame) bool {
	filled := 0
	for filled < len(f) {
		n := copy(f[filled:], v.samples[v.next:])
		filled += n
		v.next += n
		if v.next < len(v.samples) {
			continue
		}
		if !v.loop || len(v.samples) == 0 {
			break
		}
		v.next = 0
	}
	clear(f[filled:])
	return filled > 0
}
