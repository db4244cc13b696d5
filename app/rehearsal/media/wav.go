package media

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// MaxFile is the largest file that is read, in bytes, and maxClip the
// longest clip that it returns, in samples: ten minutes.
const (
	MaxFile = 32 << 20
	maxClip = 600 * Rate
)

// The format tags of the WAVE format, and the sizes that programs writing to a
// pipe put where they cannot know the length.
const (
	wavPCM        = 1
	wavMulaw      = 7
	wavExtensible = 0xFFFE
	wavUnknown    = 0x7FFFF000
)

type wavFormat struct {
	tag, channels, bits int
	rate                int
}

// ParseWAV reads a RIFF WAVE file of 16-bit PCM or mu-law, mono or stereo, and
// returns it mono at Rate.
func ParseWAV(b []byte) ([]int16, error) {
	if len(b) > MaxFile {
		return nil, fmt.Errorf("wav: %d bytes, more than %d", len(b), MaxFile)
	}
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return nil, errors.New("wav: not a RIFF WAVE file")
	}
	var format *wavFormat
	for b = b[12:]; len(b) >= 8; {
		name, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		b = b[8:]
		if name == "data" && size >= wavUnknown {
			size = int64(len(b))
		}
		if size > int64(len(b)) {
			return nil, fmt.Errorf("wav: chunk %q is cut short", name)
		}
		chunk := b[:size]
		b = b[min(size+size&1, int64(len(b))):]
		switch {
		case name == "fmt ":
			f, err := parseWAVFormat(chunk)
			if err != nil {
				return nil, err
			}
			format = f
		case name == "data" && format == nil:
			return nil, errors.New("wav: data before its format")
		case name == "data":
			return resample(format.mono(chunk), format.rate)
		}
	}
	return nil, errors.New("wav: no data")
}

func parseWAVFormat(b []byte) (*wavFormat, error) {
	if len(b) < 16 {
		return nil, errors.New("wav: format cut short")
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
	f := &wavFormat{tag: u16(0), channels: u16(2), bits: u16(14)}
	if f.tag == wavExtensible && len(b) >= 26 {
		f.tag = u16(24) // the sub-format's GUID begins with the plain tag
	}
	rate := binary.LittleEndian.Uint32(b[4:])
	if rate < 4000 || rate > 192000 {
		return nil, fmt.Errorf("wav: rate %d Hz, not 4000 to 192000", rate)
	}
	f.rate = int(rate)
	if f.channels != 1 && f.channels != 2 {
		return nil, fmt.Errorf("wav: %d channels, not 1 or 2", f.channels)
	}
	if !(f.tag == wavPCM && f.bits == 16 || f.tag == wavMulaw && f.bits == 8) {
		return nil, fmt.Errorf("wav: format %d with %d bits, not 16-bit PCM or mu-law", f.tag, f.bits)
	}
	return f, nil
}

func (f *wavFormat) mono(b []byte) []int16 {
	block := f.channels * f.bits / 8
	samples := make([]int16, len(b)/block)
	at := func(i int) int {
		if f.tag == wavMulaw {
			return int(DecodePCMU(b[i]))
		}
		return int(int16(binary.LittleEndian.Uint16(b[2*i:])))
	}
	for i := range samples {
		if f.channels == 1 {
			samples[i] = int16(at(i))
		} else {
			samples[i] = int16((at(2*i) + at(2*i+1)) / 2)
		}
	}
	return samples
}

// resample brings samples to Rate by linear interpolation.
func resample(samples []int16, rate int) ([]int16, error) {
	length := int(int64(len(samples)) * Rate / int64(rate))
	if length > maxClip {
		return nil, fmt.Errorf("wav: longer than %d s", maxClip/Rate)
	}
	if rate == Rate {
		return samples, nil
	}
	out := make([]int16, length)
	for i := range out {
		at := int64(i) * int64(rate)
		j, part := int(at/Rate), int(at%Rate)
		left := int(samples[j])
		right := int(samples[min(j+1, len(samples)-1)])
		out[i] = int16(left + (right-left)*part/Rate)
	}
	return out, nil
}

// Mono mixes two channels into one.
func Mono(a, b []int16) []int16 {
	out := make([]int16, min(len(a), len(b)))
	for i := range out {
		out[i] = clip(int32(a[i]) + int32(b[i]))
	}
	return out
}

// WriteWAV returns samples at Rate as a mu-law WAVE file, of as many channels as
// are given, one or two, which are of the same length.
func WriteWAV(channels ...[]int16) []byte {
	le := binary.LittleEndian
	n, samples := len(channels), len(channels[0])
	size := n * samples
	b := make([]byte, 0, 58+size+1)
	b = append(b, "RIFF"...)
	b = le.AppendUint32(b, uint32(50+size+size&1))
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 18)
	b = le.AppendUint16(b, wavMulaw)
	b = le.AppendUint16(b, uint16(n))      // channels
	b = le.AppendUint32(b, Rate)           // samples a second
	b = le.AppendUint32(b, Rate*uint32(n)) // bytes a second
	b = le.AppendUint16(b, uint16(n))      // bytes in a block
	b = le.AppendUint16(b, 8)              // bits in a sample
	b = le.AppendUint16(b, 0)              // no extension
	b = append(b, "fact"...)               // wanted for every format but PCM
	b = le.AppendUint32(b, 4)
	b = le.AppendUint32(b, uint32(samples))
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(size))
	for i := range samples {
		for _, c := range channels {
			b = append(b, EncodePCMU(c[i]))
		}
	}
	if size&1 == 1 {
		b = append(b, 0)
	}
	return b
}
