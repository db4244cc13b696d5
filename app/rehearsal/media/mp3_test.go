package media

import (
	_ "embed"
	"math"
	"slices"
	"testing"
)

// toneMP3 is a second of 1000 Hz at -12 dBFS, in mono at 44.1 kHz, made by
// sox -n -r 44100 -c 1 -C 64 tone.mp3 synth 1 sine 1000 gain -12.
//
//go:embed testdata/tone.mp3
var toneMP3 []byte

func TestParseMP3(t *testing.T) {
	got, err := ParseAudio(toneMP3)
	if err != nil || len(got) < Rate || len(got) > Rate*11/10 { // whole frames, and the encoder's delay
		t.Fatalf("%d samples, %v", len(got), err)
	}
	e, v := NewEar(), NewVoice(got[Rate/4:Rate], false)
	for f := (Frame{}); v.Pull(&f); {
		e.Push(&f)
	}
	if now := e.Now(); !slices.Equal(now.Tones, []float64{1000}) || math.Abs(now.Level+12.5) > 0.5 {
		t.Errorf("heard %v", now)
	}
	for name, file := range map[string][]byte{
		"a tag and no more": []byte("ID3 and so on"),
		"a frame's head":    toneMP3[:4],
		"too large":         append([]byte("ID3"), make([]byte, MaxFile)...),
		"a web page":        []byte("<html>"),
	} {
		if got, err := ParseAudio(file); err == nil {
			t.Errorf("%s: read as %d samples", name, len(got))
		}
	}
}

func FuzzParseMP3(f *testing.F) {
	f.Add(toneMP3)
	f.Add(toneMP3[:600])
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = ParseAudio(b) })
}
