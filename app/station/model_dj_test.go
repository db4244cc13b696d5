package station_test

import (
	"context"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// takeCallers lets a phone take callers straight from the queue, one after the
// other, as the voice listener's documents say; mu is held.
func (m *model) takeCallers(l *leg) {
	ctx, cancel := context.WithCancel(m.life)
	l.cancel = cancel
	m.work.Go(func() {
		if l.way == telephone && !m.typePin(ctx, l) {
			m.hangUp(l.sid)
			return
		}
		for ctx.Err() == nil {
			goesOn, open := m.nextCaller(l)
			switch {
			case ctx.Err() != nil:
				return
			case !goesOn:
				m.hangUp(l.sid)
				return
			case open:
				m.dialQueue(ctx, l)
			}
			// The telephone hears words between two callers, the softphone a pause.
			sleep(ctx, m.between(l, time.Second, 2*time.Second))
		}
	})
}

// typePin types a PIN, up to three times; one in eight is wrong.
func (m *model) typePin(ctx context.Context, l *leg) bool {
	for range 3 {
		if !sleep(ctx, m.between(l, time.Second, 3*time.Second)) {
			return true // it has ended
		}
		var became station.PinResult
		right := !m.chance(l, 12)
		_, ok := m.request(l, func(s station.Seat) station.Answer {
			became = s.TypedPin("", l.sid, djs, right)
			return station.Answer{}
		})
		switch {
		case !ok || became == station.PinLocked:
			return false
		case became == station.PinRight:
			m.mu.Lock()
			l.right = true
			m.mu.Unlock()
			return true
		}
	}
	return false
}

// nextCaller asks Callin whether a phone goes on, and whether it is to be put
// through to the queue.
func (m *model) nextCaller(l *leg) (goesOn, open bool) {
	_, ok := m.request(l, func(s station.Seat) station.Answer {
		if l.way == direct {
			goesOn, open = s.DeskCalls("", l.sid, call.AirLine, true), true
			return station.Answer{}
		}
		a := s.TakesNext("", l.sid)
		goesOn, open = !a.Elsewhere, a.Open
		return station.Answer{}
	})
	return ok && goesOn, open
}

// dialQueue waits for whom Twilio's queue has first, and for the end of the talk.
// A queue that has gone, or nobody for ten minutes, ends it too.
func (m *model) dialQueue(ctx context.Context, l *leg) {
	m.mu.Lock()
	if ctx.Err() != nil || m.queues[call.OnAir] == nil {
		m.mu.Unlock()
		return
	}
	served, parted := make(chan struct{}), make(chan struct{})
	l.served, l.parted = served, parted
	m.log("%s takes callers", l.sid)
	m.serve()
	m.mu.Unlock()
	select {
	case <-served:
	case <-time.After(10 * time.Minute):
		m.mu.Lock()
		l.served = nil
		m.mu.Unlock()
	case <-ctx.Done():
		return
	}
	select {
	case <-parted:
	case <-ctx.Done():
	}
}

// serve puts who has waited longest through to a phone that waits for somebody;
// mu is held.
func (m *model) serve() {
	var phone, first *leg
	for _, l := range m.legs {
		switch {
		case l.over:
		case l.served != nil && l.bridge == nil:
			if phone == nil || l.sid < phone.sid {
				phone = l
			}
		case l.queue != nil && l.queue.name == call.OnAir && (first == nil || l.place < first.place):
			first = l
		}
	}
	if phone == nil || first == nil {
		return
	}
	m.log("%s has %s", phone.sid, first.sid)
	first.cancel() // the wait document's end
	first.queue = nil
	first.bridge, phone.bridge = phone, first
	close(phone.served)
	phone.served = nil
	first.cancel, first.moments = func() {}, 0 // the whisper's request arrives anyway
	m.work.Go(func() {
		m.request(first, func(s station.Seat) station.Answer { // the whisper
			s.Bridged(first.arrival(), phone.sid)
			return station.Answer{}
		})
	})
}

// part ends the bridge that a leg is in; who is left there goes on: a caller
// asks, the phone is put through to the next. mu is held.
func (m *model) part(l *leg) {
	other := l.bridge
	l.served = nil
	if other == nil {
		return
	}
	l.bridge, other.bridge = nil, nil
	phone, caller := l, other
	if caller.desk() {
		phone, caller = other, l
	}
	m.log("%s and %s part", phone.sid, caller.sid)
	close(phone.parted)
	if caller == other {
		m.begin(caller, caller.left("bridged"))
	}
}

// members are how many wait in a queue.
func (m *model) members(q *queue) (members int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.legs {
		if l.queue == q {
			members++
		}
	}
	return members
}

// apart checks that no call is in two places.
func (m *model) apart(t *testing.T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.legs {
		places := 0
		for _, in := range []bool{l.queue != nil, l.conference != nil, l.bridge != nil} {
			if in {
				places++
			}
		}
		if places > 1 || places > 0 && l.over || l.bridge != nil && l.bridge.bridge != l {
			t.Errorf("%s is in two places: %+v", l.sid, *l)
		}
	}
}

// alone checks that nobody who shares no lane hears another caller there.
func (m *model) alone(t *testing.T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	talks := map[*conference]*leg{}
	for _, l := range m.legs {
		if l.conference == nil || l.desk() || l.muted || l.hold {
			continue
		}
		if other := talks[l.conference]; other != nil {
			t.Errorf("%s and %s hear each other on %s", l.sid, other.sid, l.conference.line)
		}
		talks[l.conference] = l
	}
}

// star is * on a phone: the talk is over, and it wants the next.
func (m *model) star(sid call.Sid) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.legs[sid]; !l.over && l.bridge != nil {
		m.part(l)
	}
}

// moment is what a call does that has left a bridge until Callin knows why.
func (m *model) moment(ctx context.Context, l *leg) asking {
	if !sleep(ctx, m.between(l, 2*time.Second, 3*time.Second)) {
		return nil
	}
	m.mu.Lock()
	l.moments++
	last := l.moments == 3
	m.mu.Unlock()
	return func(s station.Seat) station.Answer { return s.LeftBridge(l.arrival(), last) }
}
