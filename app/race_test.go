package app_test

import (
	"errors"
	"testing"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// Two desks press Drop and Undo for one caller at the same time: it comes to one
// place, and whoever got nothing is told.
func TestDropAndUndoAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	dj := h.desk()
	ana := h.waiter("Ana", 620)
	h.takes(ana)
	h.card("Ana is on air", ana, onAir)
	at := make(chan struct{})
	press := func(do func() (station.Begun, error)) <-chan error {
		answer := make(chan error, 1)
		go func() {
			<-at
			_, err := do()
			answer <- err
		}()
		return answer
	}
	drop := func() (station.Begun, error) { return h.Do(t.Context(), call.OpDrop, call.Sid(ana)) }
	undo := func() (station.Begun, error) { return h.Undo(t.Context(), call.Sid(ana)) }
	// From the air: Undo comes too early, and is told so, or waits for the drop.
	dropped, undone := press(drop), press(undo)
	close(at)
	if err := <-dropped; err != nil {
		t.Fatal(err)
	}
	early := <-undone
	if early != nil {
		told(t, early, "not_dropped")
		h.card("Ana is parked", ana, func(c picture.Card) bool { return c.Move == nil && c.Place.Kind == call.Park })
		if _, err := h.Undo(t.Context(), call.Sid(ana)); err != nil {
			t.Fatal(err)
		}
	}
	h.card("Ana is back on air", ana, onAir)
	h.same(dj)

	// From park: she goes back once, and who wants to drop her again is told.
	if _, err := h.Do(t.Context(), call.OpDrop, call.Sid(ana)); err != nil {
		t.Fatal(err)
	}
	h.card("Ana is parked", ana, func(c picture.Card) bool { return c.Move == nil && c.Place.Kind == call.Park })
	at = make(chan struct{})
	first, second := press(undo), press(undo)
	close(at)
	one, other := <-first, <-second
	if (one == nil) == (other == nil) {
		t.Fatalf("of two desks' Undo: %v, %v", one, other)
	}
	told(t, errors.Join(one, other), "not_dropped")
	h.card("Ana is back on air", ana, onAir)
	h.hearsTone(dj, 620)
	h.same(dj)
}

// told checks that a press was refused in words, by its code.
func told(t *testing.T, err error, code string) {
	t.Helper()
	var refused *call.Error
	if !errors.As(err, &refused) || refused.Code.String() != code || refused.Message == "" {
		t.Errorf("the desk is told %v, not %s", err, code)
	}
}
