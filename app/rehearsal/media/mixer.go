package media

import (
	"math"
	"slices"
	"sync"
)

// Mixer is the sound of one conference or bridge: each member hears the sum of
// all others. It ticks every 20 ms while it has members. Its methods may be
// called from any goroutine, from a Port's methods too. A Port that leaves may
// still be used for the rest of the tick under way.
type Mixer struct {
	mu      sync.Mutex
	members []*member
	stop    chan struct{} // ends the ticking; nil while there is none
	closed  bool
}

type member struct {
	id          string
	port        Port
	muted, held bool
	private     *private
}

// private is a source of a member's own; its address tells one from the next.
type private struct {
	pull func(*Frame) bool
}

// NewMixer returns a mixer without members.
func NewMixer() *Mixer { return &Mixer{} }

// Join adds a member that is neither muted nor held. A member of the same id
// gives way to it.
func (m *Mixer) Join(id string, p Port) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.remove(id)
	m.members = append(m.members, &member{id: id, port: p})
	if m.stop == nil {
		m.stop = make(chan struct{})
		go m.run(m.stop)
	}
}

// Leave removes a member; one that is not there is no matter.
func (m *Mixer) Leave(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remove(id)
	m.rest()
}

// Set mutes or holds a member. A muted member hears and is not heard. A held
// one is not heard either and hears nothing but its private source.
func (m *Mixer) Set(id string, muted, held bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if mb := m.find(id); mb != nil {
		mb.muted, mb.held = muted, held
	}
}

// PlayTo lets a member hear f instead of the others until f returns false. A
// nil f ends what was playing. f is called every 20 ms and must not block.
func (m *Mixer) PlayTo(id string, f func(*Frame) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	mb := m.find(id)
	if mb == nil {
		return
	}
	mb.private = nil
	if f != nil {
		mb.private = &private{f}
	}
}

// Close removes all members for good.
func (m *Mixer) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.members = nil
	m.rest()
}

func (m *Mixer) find(id string) *member {
	if i := m.index(id); i >= 0 {
		return m.members[i]
	}
	return nil
}

func (m *Mixer) index(id string) int {
	return slices.IndexFunc(m.members, func(mb *member) bool { return mb.id == id })
}

func (m *Mixer) remove(id string) {
	if i := m.index(id); i >= 0 {
		m.members = slices.Delete(m.members, i, i+1)
	}
}

func (m *Mixer) rest() {
	if len(m.members) == 0 && m.stop != nil {
		close(m.stop)
		m.stop = nil
	}
}

func (m *Mixer) run(stop <-chan struct{}) {
	var t tick
	for clock := newFrameClock(); clock.wait(stop); {
		m.tick(&t)
	}
}

// tick holds what one tick needs, kept from one to the next to save garbage.
type tick struct {
	legs []leg
	sum  [FrameSamples]int32
	out  Frame
}

// leg is a member as it stood when the tick began.
type leg struct {
	member
	from  *member
	heard bool
	frame Frame
}

func (m *Mixer) tick(t *tick) {
	m.begin(t)
	clear(t.sum[:])
	for i := range t.legs {
		l := &t.legs[i]
		// Pulled even from who is not heard: held back, it would be late later.
		spoke := l.port.Pull(&l.frame)
		l.heard = spoke && !l.muted && !l.held
		if l.heard {
			for j, s := range l.frame {
				t.sum[j] += int32(s)
			}
		}
	}
	for i := range t.legs {
		l := &t.legs[i]
		if !m.fromPrivate(l, &t.out) {
			t.mixFor(l)
		}
		l.port.Push(&t.out)
	}
}

// begin copies the members, so that no lock is held while ports are used.
func (m *Mixer) begin(t *tick) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t.legs = slices.Grow(t.legs[:0], len(m.members))[:len(m.members)]
	for i, mb := range m.members {
		t.legs[i].member, t.legs[i].from = *mb, mb
	}
}

func (m *Mixer) fromPrivate(l *leg, out *Frame) bool {
	if l.private == nil {
		return false
	}
	if l.private.pull(out) {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.from.private == l.private { // not replaced meanwhile
		l.from.private = nil
	}
	return false
}

// mixFor sets out to what l hears: everyone's sum less its own voice.
func (t *tick) mixFor(l *leg) {
	if l.held {
		clear(t.out[:])
		return
	}
	for j, s := range t.sum {
		if l.heard {
			s -= int32(l.frame[j])
		}
		t.out[j] = int16(max(math.MinInt16, min(math.MaxInt16, s)))
	}
}
