package app_test

import (
	"testing"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/picture"
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
