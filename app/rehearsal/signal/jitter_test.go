package signal

import (
	"slices"
	"testing"

	"callin/app/rehearsal/media"
)

// packets are 20 ms each, of one code that tells them apart.
func packet(n int) []byte { return slices.Repeat([]byte{byte(n)}, media.FrameSamples) }

// reads returns which packets are read in the next pulls; -1 is none.
func reads(j *jitter, pulls int) []int {
	var list []int
	for range pulls {
		var f media.Frame
		n := -1
		if j.get(&f) {
			n = int(media.EncodePCMU(f[0]))
		}
		list = append(list, n)
	}
	return list
}

func TestJitter(t *testing.T) {
	const start = 1<<32 - 400 // timestamps wrap around within the test
	at := func(n int) uint32 { return start + uint32(n*media.FrameSamples) }
	silent := int(media.PCMUSilence)
	for name, c := range map[string]struct {
		put   []int
		pulls int
		want  []int
	}{
		"nothing":          {nil, 2, []int{-1, -1}},
		"not enough yet":   {[]int{0, 1}, 1, []int{-1}},
		"in order":         {[]int{0, 1, 2, 3}, 5, []int{0, 1, 2, 3, -1}},
		"out of order":     {[]int{0, 2, 1, 4, 3}, 5, []int{0, 1, 2, 3, 4}},
		"twice":            {[]int{0, 1, 1, 2}, 4, []int{0, 1, 2, -1}},
		"one lost":         {[]int{0, 1, 3}, 4, []int{0, 1, silent, 3}},
		"late from before": {[]int{0, -1, 1, 2}, 3, []int{0, 1, 2}},
		"too much at once": {[]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 4, []int{8, 9, 10, -1}},
		"another stream":   {[]int{0, 1, 100, 101, 102}, 4, []int{100, 101, 102, -1}},
	} {
		var j jitter
		for _, n := range c.put {
			j.put(at(n), packet(n))
		}
		if got := reads(&j, c.pulls); !slices.Equal(got, c.want) {
			t.Errorf("%s: read %v, want %v", name, got, c.want)
		}
	}
}

// After running dry it fills up again before it goes on.
func TestJitterRunsDry(t *testing.T) {
	var j jitter
	var got []int
	for n := range 8 {
		if n != 4 { // comes late
			j.put(uint32(n*media.FrameSamples), packet(n))
		}
		got = append(got, reads(&j, 1)...)
	}
	if want := []int{-1, -1, 0, 1, 2, 3, 255, 5}; !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
	got = reads(&j, 3)
	j.put(8*media.FrameSamples, packet(8))
	got = append(got, reads(&j, 1)...)
	j.put(9*media.FrameSamples, packet(9))
	j.put(10*media.FrameSamples, packet(10))
	got = append(got, reads(&j, 2)...)
	if want := []int{6, 7, -1, -1, 8, 9}; !slices.Equal(got, want) {
		t.Errorf("then read %v, want %v", got, want)
	}
}

func TestKeypad(t *testing.T) {
	var k keypad
	var got string
	for _, p := range []struct {
		timestamp uint32
		payload   []byte
	}{
		{100, []byte{5, 10, 0, 80}},
		{100, []byte{5, 10, 0, 160}},
		{100, []byte{5, 0x8A, 0, 240}}, // the end of the event, three times
		{100, []byte{5, 0x8A, 0, 240}},
		{900, nil}, // Chromium sends empty ones
		{1700, []byte{5, 10, 0, 80}},
		{2500, []byte{10, 10, 0, 80}},
		{1700, []byte{5, 0x8A, 0, 240}}, // late
		{3300, []byte{12, 10, 0, 80}},   // A is no key of a softphone
		{4100, []byte{11, 10, 0, 80}},
	} {
		got += k.event(p.timestamp, p.payload)
	}
	if got != "55*#" {
		t.Errorf("got %q, want 55*#", got)
	}
}
