package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// The station has another address, as a tunnel without a domain of its own gives one at
// each start: who waits and who is on air was told the one of before, which is gone. They
// hear us again, the show goes on with them, and what they do is found by asking.
func TestAStationThatMovesKeepsItsCallers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(h *house, _ *carrier.Twilio) { h.wait = 3 * time.Second })
	h.open()
	ana, ben, cleo := h.waiter("Ana", 440), h.waiter("Ben", 620), h.waiter("Cleo", 1800)
	dj := h.desk()
	onAir := func(c picture.Card) bool { return c.Place.OnAir() && c.Move == nil }
	if _, err := h.Next(t.Context(), call.Sid(ana)); err != nil {
		t.Fatal(err)
	}
	h.card("Ana is on air", ana, onAir)
	h.hearsTone(dj, 440)
	if err := h.Lock(t.Context(), call.Sid(ana), true); err != nil {
		t.Fatal(err)
	}

	h.goes()
	h.forget()
	h.hears(ben, "You are next")
	h.hears(cleo, "Thank you for waiting")
	if _, err := h.Next(t.Context(), call.Sid(ben)); err != nil {
		t.Fatal(err)
	}
	h.card("Ben is on air", ben, onAir)
	h.hearsTone(dj, 620)
	h.hearsTone(ben, 440)
	h.hangUp(ana)
	h.untilWithin(6*time.Second, "that Ana has gone is found by asking", func(p picture.Picture) bool { return card(p, call.Sid(ana)) == nil })
	dev := h.waiter("Dev", 2200)
	h.card("Dev waits", dev, inQueue(call.OnAir))
}

// A station that is started with another address than it was reached at before knows it.
func TestAStationFindsThatItHasMoved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.start()
	s.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	ana := s.ring()
	s.until("Ana waits", func(p picture.Picture) bool { c := card(p, ana); return c != nil && c.Place.Kind == call.Queue })
	s.kill()
	s.voice = "127.0.0.1:" + freePort(t)
	ctx, stop := context.WithTimeout(t.Context(), 2*long)
	defer stop()
	heard := false
	s.stage.Events(ctx, s.start, func(e stage.Event) {
		if e.CallSid == string(ana) && e.Heard != nil && strings.Contains(e.Heard.Text, "You are next") {
			heard = true
			stop()
		}
	})
	if !heard {
		t.Error("who waits hears nothing of the station")
	}
}
