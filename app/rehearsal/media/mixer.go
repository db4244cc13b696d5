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
	taps    []*func(*Frame)
	sounds  []*played     // heard by all; on top of the members
	stop    chan struct{} // ends the ticking; nil while there is none
	closed  bool
	ticking sync.Mutex // held by whoever ticks
}

type member struct {
	id          string
	port        Port
	muted, held bool
	coaching    string // who alone hears it; empty is all
	private     *played
}

// played is a source that is no member's voice: of one member's own, or heard by
// all; its address tells one from the next.
type played struct {
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

// Coach lets a member be heard by one other only, or by all again when of is
// empty. It goes on hearing everybody.
func (m *Mixer) Coach(id, of string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if mb := m.find(id); mb != nil {
		mb.coaching = of
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
		mb.private = &played{f}
	}
}

// Sound lets all who hear the others hear f, too, until f returns false. f is
// called every 20 ms while there are members and must not block.
func (m *Mixer) Sound(f func(*Frame) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.sounds = append(slices.Clone(m.sounds), &played{f})
	}
}

// Tap lets f hear the sum of all who are heard, every 20 ms while there are
// members, until the end is called. f must not block.
func (m *Mixer) Tap(f func(*Frame)) (end func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taps = append(slices.Clone(m.taps), &f)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.taps = slices.DeleteFunc(slices.Clone(m.taps), func(o *func(*Frame)) bool { return o == &f })
	}
}

// Close removes all members for good.
func (m *Mixer) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.members, m.sounds = nil, nil
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
		m.stop, m.sounds = nil, nil
	}
}

func (m *Mixer) run(stop <-chan struct{}) {
	m.ticking.Lock() // the last tick of those who were there before may be under way
	defer m.ticking.Unlock()
	var t tick
	for clock := newFrameClock(); clock.wait(stop); {
		m.tick(&t)
	}
}

// tick holds what one tick needs, kept from one to the next to save garbage.
type tick struct {
	legs   []leg
	taps   []*func(*Frame) // never changed, only replaced
	sounds []*played       // the same
	// coached says whether anybody is heard by one member only.
	coached bool
	sum     [FrameSamples]int32
	out     Frame
}

// leg is a member as it stood when the tick began.
type leg struct {
	member
	from     *member
	heard    bool // by all
	whispers bool // to the one that it coaches
	frame    Frame
}

func (m *Mixer) tick(t *tick) {
	m.begin(t)
	clear(t.sum[:])
	m.sound(t)
	t.coached = false
	for i := range t.legs {
		l := &t.legs[i]
		// Pulled even from who is not heard: held back, it would be late later.
		spoke := l.port.Pull(&l.frame)
		speaks := spoke && !l.muted && !l.held
		l.heard, l.whispers = speaks && l.coaching == "", speaks && l.coaching != ""
		t.coached = t.coached || l.whispers
		if l.heard {
			for j, s := range l.frame {
				t.sum[j] += int32(s)
			}
		}
	}
	if len(t.taps) > 0 {
		for j, s := range t.sum {
			t.out[j] = clip(s)
		}
		for _, f := range t.taps {
			(*f)(&t.out)
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
	t.taps, t.sounds = m.taps, m.sounds
	t.legs = slices.Grow(t.legs[:0], len(m.members))[:len(m.members)]
	for i, mb := range m.members {
		t.legs[i].member, t.legs[i].from = *mb, mb
	}
}

// sound adds what all hear, and forgets what is at its end.
func (m *Mixer) sound(t *tick) {
	for _, s := range t.sounds {
		if s.pull(&t.out) {
			for j, v := range t.out {
				t.sum[j] += int32(v)
			}
			continue
		}
		m.mu.Lock()
		m.sounds = slices.DeleteFunc(slices.Clone(m.sounds), func(o *played) bool { return o == s })
		m.mu.Unlock()
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
		if t.coached {
			s += t.whispered(l.id, j)
		}
		t.out[j] = clip(s)
	}
}

// whispered is what those say at a moment who coach a member.
func (t *tick) whispered(to string, at int) (s int32) {
	for i := range t.legs {
		if l := &t.legs[i]; l.whispers && l.coaching == to {
			s += int32(l.frame[at])
		}
	}
	return s
}

func clip(s int32) int16 { return int16(max(math.MinInt16, min(math.MaxInt16, s))) }
