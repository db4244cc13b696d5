package voice

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// rate is a telephone's sampling rate, in hertz.
const rate = 8000

// music synthesises the hold music, of about the length asked for, as a WAVE
// file of 8 kHz 16-bit mono: slow broken chords of soft plucked tones, quiet
// enough to wait by.
func music(length time.Duration) []byte {
	const beat = rate * 2 / 5 // 0.4 s a note
	// C major 7, A minor 7, D minor 7, G 7: semitones above the A at 220 Hz.
	chords := [][]float64{{3, 7, 10, 14}, {0, 3, 7, 10}, {5, 8, 12, 15}, {-2, 2, 5, 8}}
	pattern := []int{0, 2, 1, 3, 2, 3, 1, 2}

	samples := make([]float64, max(int(length.Seconds()*rate), beat))
	for note := 0; note*beat < len(samples); note++ {
		chord := chords[note/len(pattern)%len(chords)]
		semitones := chord[pattern[note%len(pattern)]]
		pluck(samples[note*beat:], 220*math.Pow(2, semitones/12))
		if note%len(pattern) == 0 {
			pluck(samples[note*beat:], 110*math.Pow(2, chord[0]/12))
		}
	}

	var wav bytes.Buffer
	size := uint32(2 * len(samples))
	wav.WriteString("RIFF")
	binary.Write(&wav, binary.LittleEndian, 36+size)
	wav.WriteString("WAVEfmt ")
	binary.Write(&wav, binary.LittleEndian, struct {
		Size             uint32
		Format, Channels uint16
		Rate, Bytes      uint32
		Align, Bits      uint16
	}{16, 1, 1, rate, 2 * rate, 2, 16})
	wav.WriteString("data")
	binary.Write(&wav, binary.LittleEndian, size)
	fade := rate / 4
	for i, s := range samples {
		if left := len(samples) - i; left < fade {
			s *= float64(left) / float64(fade)
		}
		binary.Write(&wav, binary.LittleEndian, int16(s*0.2*math.MaxInt16))
	}
	return wav.Bytes()
}

// pluck adds one tone that dies away over two seconds.
func pluck(into []float64, hz float64) {
	for i := range min(len(into), 2*rate) {
		t := float64(i) / rate
		tone := math.Sin(2*math.Pi*hz*t) + 0.4*math.Sin(4*math.Pi*hz*t)*math.Exp(-3*t)
		into[i] += tone * math.Exp(-2*t) * min(1, t*200) / 2
	}
}
