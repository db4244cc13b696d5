package media

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// party is a Port that speaks a tone and has an ear.
type party struct {
	*Ear
	tone   *Tone
	mu     sync.Mutex
	pulled int
	pushed int
	last   Frame
}

func newParty(hz, dbfs float64) *party { return &party{Ear: NewEar(), tone: NewTone(hz, dbfs)} }

func (p *party) Pull(f *Frame) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pulled++
	return p.tone.Pull(f)
}

func (p *party) Push(f *Frame) {
	p.mu.Lock()
	p.pushed++
	p.last = *f
	p.mu.Unlock()
	p.Ear.Push(f)
}

func (p *party) counts() (pulled, pushed int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pulled, p.pushed
}

// conference joins n parties, of 300 Hz, 400 Hz and so on.
func conference(m *Mixer, n int) []*party {
	parties := make([]*party, n)
	for i := range parties {
		parties[i] = newParty(float64(300+100*i), -20)
		m.Join(fmt.Sprint(i), parties[i])
	}
	return parties
}

// hearing waits until what was changed can be heard, then compares who hears
// which tones.
func hearing(t *testing.T, parties []*party, want ...[]float64) {
	t.Helper()
	time.Sleep(time.Second)
	for i, p := range parties {
		if got := p.Now(); !slices.Equal(got.Tones, want[i]) || len(want[i]) == 0 && got.Level != -100 {
			t.Errorf("party %d hears %v, want %v", i, got, want[i])
		}
	}
}

func TestMixerWhoHearsWhom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMixer()
		defer m.Close()
		p := conference(m, 1)
		hearing(t, p, nil)
		p = conference(m, 3) // the first again, in place of itself
		hearing(t, p, []float64{400, 500}, []float64{300, 500}, []float64{300, 400})
		m.Set("1", true, false)
		hearing(t, p, []float64{500}, []float64{300, 500}, []float64{300})
		m.Set("1", false, true)
		hearing(t, p, []float64{500}, nil, []float64{300})
		m.PlayTo("1", NewTone(1000, -20).Pull)
		hearing(t, p, []float64{500}, []float64{1000}, []float64{300})
		m.Set("1", false, false)
		hearing(t, p, []float64{400, 500}, []float64{1000}, []float64{300, 400})
		m.PlayTo("1", nil)
		hearing(t, p, []float64{400, 500}, []float64{300, 500}, []float64{300, 400})
		m.PlayTo("2", NewVoice(make([]int16, Rate/2), false).Pull) // ends by itself
		hearing(t, p, []float64{400, 500}, []float64{300, 500}, []float64{300, 400})
		m.Leave("0")
		hearing(t, p, nil, []float64{500}, []float64{400})
	})
}

func TestMixerKeepsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMixer()
		p := conference(m, 2)
		m.Set("0", true, true)
		time.Sleep(time.Millisecond) // who joins first may be alone at the first tick
		var first [2][2]int
		for i := range p {
			first[i][0], first[i][1] = p[i].counts()
		}
		time.Sleep(10 * time.Second)
		for i := range p {
			pulled, pushed := p[i].counts()
			if pulled, pushed = pulled-first[i][0], pushed-first[i][1]; pulled != 500 || pushed != 500 {
				t.Errorf("party %d: %d pulls and %d pushes in 10 s, want 500", i, pulled, pushed)
			}
		}
		m.Leave("0")
		m.Leave("1")
		synctest.Wait()
		_, before := p[1].counts()
		time.Sleep(time.Second)
		if _, after := p[1].counts(); after != before {
			t.Error("the mixer ticks without members")
		}
		m.Join("1", p[1])
		time.Sleep(time.Second)
		if _, after := p[1].counts(); after < before+50 {
			t.Errorf("%d ticks in the second after a new start", after-before)
		}
		m.Close()
		m.Join("1", p[1]) // no matter any more; a goroutine left over fails the test
	})
}

// Three voices at full scale are too loud together, and do not wrap around.
func TestMixerSaturates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMixer()
		defer m.Close()
		listener := newParty(300, -90)
		m.Join("listener", listener)
		for i := range 3 {
			m.Join(fmt.Sprint(i), newParty(500, 0))
		}
		time.Sleep(50 * time.Millisecond)
		m.Close()
		synctest.Wait()
		var one Frame
		newParty(500, 0).Pull(&one)
		for i, s := range listener.last {
			if want := max(-32768, min(32767, 3*int(one[i]))); abs(int(s)-want) > 2 {
				t.Fatalf("sample %d is %d, want %d", i, s, want)
			}
		}
	})
}

func abs(n int) int { return max(n, -n) }

// A port may use its mixer, as an exchange does when it hears something.
func TestMixerFromAPort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMixer()
		defer m.Close()
		a, b := newParty(300, -20), newParty(400, -20)
		a.OnChange = func([]float64) {
			m.Set("b", true, false)
			m.Leave("a")
		}
		m.Join("a", a)
		m.Join("b", b)
		time.Sleep(time.Second)
		if got := b.Now().Tones; got != nil {
			t.Errorf("hears %v from who has left", got)
		}
	})
}

func TestPlay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, start := newParty(300, -20), time.Now()
		clip := make([]int16, Rate+1)
		for i := range clip {
			clip[i] = 1
		}
		if err := Play(t.Context(), p, clip); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 1020*time.Millisecond {
			t.Errorf("a second and a sample took %v", took)
		}
		if pulled, pushed := p.counts(); pulled != 51 || pushed != 51 {
			t.Errorf("%d pulls, %d pushes, want 51", pulled, pushed)
		}
		if p.last[0] != 1 || p.last[1] != 0 {
			t.Errorf("the clip ends %v", p.last[:2])
		}
	})
}

func BenchmarkMixerTick(b *testing.B) {
	for _, n := range []int{2, 10, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := NewMixer()
			var voice Frame
			NewTone(500, -20).Pull(&voice)
			for i := range n {
				m.members = append(m.members, &member{id: fmt.Sprint(i), port: still{&voice}})
			}
			var t tick
			for b.Loop() {
				m.tick(&t)
			}
		})
	}
}

// still is a Port that costs nothing, so that the mixer alone is measured.
type still struct{ f *Frame }

func (s still) Pull(f *Frame) bool { *f = *s.f; return true }
func (still) Push(*Frame)          {}

// A coach is heard by the one coached and nobody else, and not in what is
// recorded; it hears everybody.
func TestMixerCoach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMixer()
		defer m.Close()
		ps := conference(m, 3)
		recorded := NewEar()
		end := m.Tap(func(f *Frame) { recorded.Push(f) })
		m.Coach("0", "1")
		hearing(t, ps, []float64{400, 500}, []float64{300, 500}, []float64{400})
		if got := recorded.Now().Tones; !slices.Equal(got, []float64{400, 500}) {
			t.Errorf("recorded: %v", got)
		}
		m.Set("0", true, false)
		hearing(t, ps, []float64{400, 500}, []float64{500}, []float64{400})
		m.Set("0", false, false)
		m.Coach("0", "")
		end()
		hearing(t, ps, []float64{400, 500}, []float64{300, 500}, []float64{300, 400})
		if got := recorded.Now().Tones; len(got) > 0 {
			t.Errorf("recorded after its end: %v", got)
		}
	})
}
