package media

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// wave builds a WAVE file with an odd chunk before its data.
func wave(tag, channels, bits uint16, rate uint32, data []byte) []byte {
	le := binary.LittleEndian
	b := []byte("RIFF\x00\x00\x00\x00WAVELIST\x03\x00\x00\x00abc\x00fmt \x10\x00\x00\x00")
	b = le.AppendUint16(b, tag)
	b = le.AppendUint16(b, channels)
	b = le.AppendUint32(b, rate)
	b = le.AppendUint32(b, rate*uint32(channels*bits/8))
	b = le.AppendUint16(b, channels*bits/8)
	b = le.AppendUint16(b, bits)
	b = append(b, "data"...)
	b = le.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}

func pcm(samples ...int16) []byte {
	var b []byte
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

func TestParseWAV(t *testing.T) {
	unknown := wave(1, 1, 16, 8000, pcm(5, 6))
	binary.LittleEndian.PutUint32(unknown[len(unknown)-8:], 0xFFFFFFFF)
	for name, c := range map[string]struct {
		file []byte
		want []int16
	}{
		"PCM":               {wave(1, 1, 16, 8000, pcm(1, -2, 3)), []int16{1, -2, 3}},
		"stereo":            {wave(1, 2, 16, 8000, pcm(10, 20, -32768, -32768)), []int16{15, -32768}},
		"mu-law":            {wave(7, 1, 8, 8000, []byte{0xFF, 0xCE}), []int16{0, 988}},
		"16 kHz":            {wave(1, 1, 16, 16000, pcm(0, 10, 20, 30)), []int16{0, 20}},
		"4 kHz":             {wave(1, 1, 16, 4000, pcm(0, 10)), []int16{0, 5, 10, 10}},
		"unknown length":    {unknown, []int16{5, 6}},
		"what WriteWAV has": {WriteWAV([]int16{0, 988, -988}), []int16{0, 988, -988}},
	} {
		got, err := ParseWAV(c.file)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
	good := wave(1, 1, 16, 8000, pcm(1, 2))
	for name, file := range map[string][]byte{
		"empty":      nil,
		"not RIFF":   []byte("ID3 and so on, an MP3"),
		"no data":    good[:len(good)-12],
		"cut short":  good[:len(good)-1],
		"8-bit PCM":  wave(1, 1, 8, 8000, []byte{1}),
		"MP3":        wave(0x55, 1, 16, 8000, nil),
		"5 channels": wave(1, 5, 16, 8000, nil),
		"rate of 0":  wave(1, 1, 16, 0, nil),
		"too long":   wave(7, 1, 8, 4000, make([]byte, 601*4000)),
		"too large":  make([]byte, MaxFile+1),
	} {
		if got, err := ParseWAV(file); err == nil {
			t.Errorf("%s: read as %d samples", name, len(got))
		}
	}
}

func TestResampleKeepsTheTone(t *testing.T) {
	samples := make([]int16, 44100)
	for i := range samples {
		samples[i] = int16(8000 * math.Sin(2*math.Pi*1000*float64(i)/44100))
	}
	got, err := ParseWAV(wave(1, 1, 16, 44100, pcm(samples...)))
	if err != nil || len(got) != Rate {
		t.Fatalf("%d samples, %v", len(got), err)
	}
	e, v := NewEar(), NewVoice(got, false)
	for f := (Frame{}); v.Pull(&f); {
		e.Push(&f)
	}
	if now := e.Now(); !slices.Equal(now.Tones, []float64{1000}) || math.Abs(now.Level+12.2) > 0.5 {
		t.Errorf("heard %v", now)
	}
}

func FuzzParseWAV(f *testing.F) {
	f.Add(wave(1, 2, 16, 44100, pcm(1, 2, 3, 4)))
	f.Add(WriteWAV([]int16{1, 2, 3}))
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = ParseWAV(b) })
}
