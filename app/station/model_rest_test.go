package station_test

import (
	"context"
	"fmt"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// rest is one REST request about l: with faults, as Twilio's can have them.
func (m *model) rest(ctx context.Context, l *leg, deed func() error) error {
	wait := m.between(l, 5*time.Millisecond, 150*time.Millisecond)
	fault := -1
	m.mu.Lock()
	if !m.calm {
		fault = l.dice.IntN(40)
	}
	if m.outage {
		fault = 1
	}
	m.mu.Unlock()
	if fault == 3 {
		wait = 7 * time.Second // longer than Callin waits
		fault = 2
	}
	if !sleep(ctx, wait) {
		return fmt.Errorf("%w: %w", call.ErrUnknown, ctx.Err())
	}
	switch fault {
	case 0:
		return call.ErrLater
	case 1:
		return call.ErrUnknown
	}
	m.mu.Lock()
	err := deed()
	m.mu.Unlock()
	if fault == 2 {
		return call.ErrUnknown
	}
	return err
}

func (m *model) leg(sid call.Sid) *leg {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.legs[sid]
}

func (m *model) Redirect(ctx context.Context, sid call.Sid, from call.Place, queueSid string, move int64) error {
	l := m.leg(sid)
	return m.rest(ctx, l, func() error {
		if l.over || from.Kind == call.Queue && (l.queue == nil || l.queue.sid != queueSid) {
			return call.ErrGone
		}
		m.log("%s is redirected by move %d", sid, move)
		key := fmt.Sprintf("%s by move %d", sid, move)
		if m.done[key]++; m.done[key] > 1 {
			m.t.Errorf("%s was sent twice", key)
		}
		then := func(s station.Seat) station.Answer { return s.Sent(l.arrival()) }
		if l.queue != nil {
			action := l.left("redirected")
			if m.actionWins {
				then, action = action, then
			}
			m.work.Go(func() { m.request(l, action) }) // nobody hears the answer
		}
		m.leave(l)
		m.begin(l, then)
		return nil
	})
}

// Instruct is by REST too, and needs no answer of Callin's.
func (m *model) RedirectTo(ctx context.Context, sid call.Sid, twiml string) error {
	l := m.leg(sid)
	return m.rest(ctx, l, func() error {
		if l.over {
			return call.ErrGone
		}
		m.log("%s is instructed: %s", sid, twiml)
		if m.instructed[sid]++; m.instructed[sid] > 20 {
			m.t.Errorf("%s is instructed again and again", sid)
		}
		document := station.Answer{Place: call.Place{Kind: call.Kind(twiml)}}
		result := ""
		switch {
		case l.queue != nil:
			result = "redirected"
		case l.bridge != nil:
			result = "redirected-from-bridged"
		}
		m.leave(l)
		ctx, cancel := context.WithCancel(m.life)
		l.cancel = cancel
		m.work.Go(func() {
			a := document
			if result != "" {
				if answer, ok := m.request(l, l.left(result)); ok && m.actionWins {
					a = answer
				}
			}
			if ask := m.obey(ctx, l, a); ask != nil {
				m.t.Errorf("%s was instructed to leave and asks again", sid)
			}
		})
		return nil
	})
}

// script is what a document says, in short.
func script(_ call.Sid, a station.Answer) string { return string(a.Place.Kind) }

func (m *model) SetParticipant(ctx context.Context, conference string, sid call.Sid, state call.State) error {
	l := m.leg(sid)
	return m.rest(ctx, l, func() error {
		if l.conference == nil || l.conference.sid != conference {
			return call.ErrGone
		}
		m.log("%s stands %s", sid, state)
		if muted := state == call.Deck || state == call.Held && l.muted; muted != l.muted {
			l.muted = muted
			m.tell(l, l.conference, map[bool]string{true: "participant-mute", false: "participant-unmute"}[muted])
		}
		if hold := state == call.Held; hold != l.hold {
			l.hold = hold
			m.tell(l, l.conference, map[bool]string{true: "participant-hold", false: "participant-unhold"}[hold])
		}
		return nil
	})
}

func (m *model) End(ctx context.Context, sid call.Sid) error {
	err := m.rest(ctx, m.leg(sid), func() error { return nil })
	if err == nil {
		m.hangUp(sid)
	}
	return err
}

func (m *model) Find(ctx context.Context, sid call.Sid) (call.Found, error) {
	l, found := m.leg(sid), call.Found{Status: "in-progress", From: "+15550100"}
	err := m.rest(ctx, l, func() error {
		if l.way == onLine || l.way == direct {
			found.From = "client:desk"
		}
		if l.over {
			found.Status = "completed"
		}
		return nil
	})
	return found, err
}

// Survey reads the queues and the lines one after the other, as REST has to.
func (m *model) Survey(ctx context.Context, queues, _ []string) (map[call.Sid]call.Whereabouts, error) {
	seen := map[call.Sid]call.Whereabouts{}
	m.mu.Lock()
	reader := m.legs[""]
	m.mu.Unlock()
	for _, sid := range queues {
		if err := m.rest(ctx, reader, func() error {
			for _, l := range m.legs {
				if l.queue != nil && l.queue.sid == sid {
					seen[l.sid] = call.Whereabouts{QueueSid: sid}
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	for _, line := range m.lanes {
		if err := m.rest(ctx, reader, func() error {
			for _, l := range m.legs {
				if l.conference != nil && l.conference.line == line {
					seen[l.sid] = call.Whereabouts{Line: line, Conference: l.conference.sid, Muted: l.muted, Hold: l.hold}
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

func (m *model) OpenQueue(ctx context.Context, name string, _ int) (sid string, err error) {
	err = m.rest(ctx, m.leg(""), func() error { sid = m.queue(name).sid; return nil })
	return sid, err
}

func (m *model) DeleteQueue(ctx context.Context, sid string) error {
	return m.rest(ctx, m.leg(""), func() error {
		for _, l := range m.legs {
			if l.queue != nil && l.queue.sid == sid {
				return call.ErrUnknown // not empty
			}
		}
		for name, q := range m.queues {
			if q.sid == sid {
				delete(m.queues, name)
			}
		}
		return nil
	})
}
