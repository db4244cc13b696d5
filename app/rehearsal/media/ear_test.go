package media

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// sum mixes sources and passes the result through mu-law, as a call does.
func sum(f *Frame, sources ...func(*Frame) bool) {
	var total [FrameSamples]int
	for _, pull := range sources {
		var one Frame
		pull(&one)
		for i, s := range one {
			total[i] += int(s)
		}
	}
	for i, s := range total {
		f[i] = DecodePCMU(EncodePCMU(int16(max(math.MinInt16, min(math.MaxInt16, s)))))
	}
}

// hear lets an ear hear sources for a time.
func hear(e *Ear, d time.Duration, sources ...func(*Frame) bool) {
	for ; d > 0; d -= FrameTime {
		var f Frame
		sum(&f, sources...)
		e.Push(&f)
		time.Sleep(FrameTime)
	}
}

func TestEarFindsTones(t *testing.T) {
	noise := rand.New(rand.NewPCG(1, 2))
	hiss := func(f *Frame) bool {
		for i := range f {
			f[i] = int16(noise.NormFloat64() * 100)
		}
		return true
	}
	tone := func(hz, dbfs float64) func(*Frame) bool { return NewTone(hz, dbfs).Pull }
	for name, c := range map[string]struct {
		sources []func(*Frame) bool
		want    []float64
		level   float64
	}{
		"nothing":            {nil, nil, -100},
		"one":                {[]func(*Frame) bool{tone(440, -12)}, []float64{440}, -12},
		"full scale":         {[]func(*Frame) bool{tone(1000, 0)}, []float64{1000}, 0},
		"quiet":              {[]func(*Frame) bool{tone(1230, -45)}, []float64{1230}, -45},
		"off the round":      {[]func(*Frame) bool{tone(433, -20)}, []float64{430}, -20},
		"lowest and highest": {[]func(*Frame) bool{tone(200, -15), tone(3400, -15)}, []float64{200, 3400}, -12},
		"neighbours":         {[]func(*Frame) bool{tone(700, -18), tone(760, -18), tone(820, -24)}, []float64{700, 760, 820}, -14.5},
		"loud and soft":      {[]func(*Frame) bool{tone(500, -10), tone(1700, -40)}, []float64{500, 1700}, -10},
		"under hiss":         {[]func(*Frame) bool{tone(900, -30), hiss}, []float64{900}, -29.9},
		"hiss only":          {[]func(*Frame) bool{hiss}, nil, -47.3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := NewEar()
				hear(e, 400*time.Millisecond, c.sources...)
				got := e.Now()
				if !slices.Equal(got.Tones, c.want) {
					t.Errorf("tones %v, want %v", got.Tones, c.want)
				}
				if math.Abs(got.Level-c.level) > 0.6 {
					t.Errorf("level %.1f dBFS, want %.1f", got.Level, c.level)
				}
			})
		})
	}
}

func TestEarTellsWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := NewEar()
		var changes [][]float64
		e.OnChange = func(tones []float64) { changes = append(changes, tones) }
		start := time.Now()
		quiet := func(f *Frame) bool { return true }
		hear(e, 500*time.Millisecond, quiet)
		hear(e, 1000*time.Millisecond, NewTone(440, -12).Pull)
		hear(e, 1000*time.Millisecond, NewTone(440, -12).Pull, NewTone(620, -12).Pull)
		time.Sleep(300 * time.Millisecond) // the line goes dead
		synctest.Wait()
		if got := e.Now(); len(got.Tones) != 0 || got.Level != -100 {
			t.Errorf("a dead line is heard as %v", got)
		}
		want := [][]float64{{440}, {440, 620}, nil}
		if !slices.EqualFunc(changes, want, slices.Equal) {
			t.Errorf("changes %v, want %v", changes, want)
		}
		for i, w := range []struct{ hz, from, until float64 }{{440, 0.5, 2.5}, {620, 1.5, 2.5}} {
			got := e.Intervals()[i]
			from, until := got.From.Sub(start).Seconds(), got.Until.Sub(start).Seconds()
			if got.Hz != w.hz || math.Abs(from-w.from) > 0.1 || math.Abs(until-w.until) > 0.1 {
				t.Errorf("interval %v Hz %.2f to %.2f s, want %v", got.Hz, from, until, w)
			}
		}
	})
}

// Speech is no tone, and a tone under speech still is one.
func TestEarKnowsSpeech(t *testing.T) {
	file, err := os.ReadFile("testdata/speech.wav") // made with espeak-ng
	if err != nil {
		t.Fatal(err)
	}
	speech, err := ParseWAV(file)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		alone, both := NewEar(), NewEar()
		length := time.Duration(len(speech)) * time.Second / Rate
		hear(alone, length, NewVoice(speech, false).Pull)
		hear(both, length, NewVoice(speech, false).Pull, NewTone(1330, -20).Pull)
		if got := alone.Intervals(); len(got) != 0 {
			t.Errorf("speech is heard as %v", got)
		}
		var heard time.Duration
		for _, i := range both.Intervals() {
			if i.Hz == 1330 {
				heard += i.Until.Sub(i.From)
			} else {
				t.Errorf("speech with a tone is heard as %v", i)
			}
		}
		if heard < length*3/4 {
			t.Errorf("a tone of %v under speech is heard for %v", length, heard)
		}
	})
}

// Minutes of a loud studio's rumble hold no tone.
func TestEarKnowsNoise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const seed = 1
		noise, low := rand.New(rand.NewPCG(seed, 2)), 0.0
		e := NewEar()
		hear(e, 5*time.Minute, func(f *Frame) bool {
			for i := range f {
				low = 0.95*low + noise.NormFloat64()*900
				f[i] = int16(low)
			}
			return true
		})
		if got := e.Intervals(); len(got) != 0 {
			t.Errorf("noise of seed %d is heard as %v", seed, got)
		}
	})
}

// A glitch such as a lost packet is no end of a tone.
func TestEarBridgesAGlitch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := NewEar()
		tone := NewTone(880, -20)
		hear(e, 500*time.Millisecond, tone.Pull)
		hear(e, FrameTime, func(f *Frame) bool { return true })
		hear(e, 500*time.Millisecond, tone.Pull)
		if got := e.Intervals(); len(got) != 1 {
			t.Errorf("%d intervals, want 1: %v", len(got), got)
		}
	})
}

func TestEarRemembersOnlySome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := NewEar()
		for range maxIntervals + 20 {
			hear(e, 320*time.Millisecond, NewTone(880, -20).Pull)
			time.Sleep(300 * time.Millisecond)
		}
		if got := len(e.Intervals()); got != maxIntervals {
			t.Errorf("%d intervals, want %d", got, maxIntervals)
		}
	})
}

func BenchmarkEarPush(b *testing.B) {
	e := NewEar()
	var f Frame
	sum(&f, NewTone(440, -12).Pull, NewTone(620, -12).Pull)
	for b.Loop() {
		e.Push(&f)
	}
}
