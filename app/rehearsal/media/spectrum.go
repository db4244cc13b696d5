package media

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// windowSamples is the length of one analysis: 128 ms, so that a bin is 7.8 Hz
// wide and the lobes of two tones 60 Hz apart do not touch.
const windowSamples = 1024

const (
	halfWindow = windowSamples / 2
	binHz      = float64(Rate) / windowSamples
)

// window is the four-term Blackman-Harris window: its side lobes lie 92 dB
// under the main one, so that a loud tone makes no false ones.
var window = func() (w [windowSamples]float64) {
	for i := range w {
		x := 2 * math.Pi * float64(i) / windowSamples
		w[i] = 0.35875 - 0.48829*math.Cos(x) + 0.14128*math.Cos(2*x) - 0.01168*math.Cos(3*x)
	}
	return w
}()

// turns are the roots of unity that the transform multiplies with.
var turns = func() (t [halfWindow]complex128) {
	for i := range t {
		t[i] = cmplx.Rect(1, -2*math.Pi*float64(i)/windowSamples)
	}
	return t
}()

// spectrum is the level of each bin in dB, where a sine of 0 dBFS peaks at 0.
type spectrum [halfWindow]float64

// analyse fills s from the windowSamples samples in a ring that begins at start.
func (s *spectrum) analyse(ring *[windowSamples]int16, start int) {
	// Real samples go two by two through a complex transform of half the size.
	var z [halfWindow]complex128
	for i := range z {
		a, b := 2*i, 2*i+1
		z[bits.Reverse16(uint16(i))>>(16-9)] = complex(
			window[a]*float64(ring[(start+a)%windowSamples]),
			window[b]*float64(ring[(start+b)%windowSamples]))
	}
	transform(&z)
	// A sine of peak 1 gives a line of half the window's sum, 0.35875 of its length.
	const scale = 2 / (0.35875 * windowSamples * fullScale)
	for k := range s {
		mirror := cmplx.Conj(z[(halfWindow-k)%halfWindow])
		even, odd := (z[k]+mirror)/2, (z[k]-mirror)/2i
		bin := even + turns[k]*odd
		power := (real(bin)*real(bin) + imag(bin)*imag(bin)) * scale * scale
		s[k] = 10 * math.Log10(power+1e-20)
	}
}

// transform is a radix-2 Fourier transform in place, of input in bit-reversed
// order.
func transform(z *[halfWindow]complex128) {
	for size := 2; size <= halfWindow; size *= 2 {
		half, stride := size/2, windowSamples/size
		for start := 0; start < halfWindow; start += size {
			for i := range half {
				a, b := start+i, start+i+half
				odd := z[b] * turns[i*stride]
				z[a], z[b] = z[a]+odd, z[a]-odd
			}
		}
	}
}

// What a pilot tone looks like in a spectrum, in dB and hertz.
const (
	toneLowest   = 200 - 5
	toneHighest  = 3400 + 5
	toneQuietest = -47 // dBFS
	// tonePurity is how far the level falls within 4 bins on either side.
	tonePurity = 25
	// toneRange lies over the distortion that mu-law makes of a loud tone.
	toneRange = 33
)

// peak is one line of a spectrum.
type peak struct{ hz, level float64 }

// peaks appends the lines that look like a tone to list.
func (s *spectrum) peaks(list []peak) []peak {
	const first, last = toneLowest * windowSamples / Rate, toneHighest * windowSamples / Rate
	loudest := math.Inf(-1)
	for k := first; k <= last; k++ {
		loudest = max(loudest, s[k])
	}
	quietest := max(toneQuietest, loudest-toneRange)
	for k := first; k <= last; k++ {
		at := s[k]
		if at < quietest || at < s[k-1] || at <= s[k+1] {
			continue
		}
		if min(s[k-3], s[k-4], s[k-5]) > at-tonePurity || min(s[k+3], s[k+4], s[k+5]) > at-tonePurity {
			continue
		}
		// The top of the parabola through three levels.
		left, right := s[k-1], s[k+1]
		offset := (left - right) / (2 * (left - 2*at + right))
		hz := (float64(k) + offset) * binHz
		if hz >= toneLowest && hz <= toneHighest {
			list = append(list, peak{hz, at - (left-right)*offset/4})
		}
	}
	return list
}
