package app_test

import (
	"testing"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
	"callin/app/station"
)

// Where a number is from comes with the call and stays, and is no place that anybody
// has typed.
func TestACardSaysWhereTheNumberIsFromUntilTheCallIsOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	ana := h.ring(stage.Casting{Name: "Ana", Number: "+12065550123"})
	is := func(location string) func(picture.Card) bool {
		return func(c picture.Card) bool {
			return c.Place.Kind == call.Queue && c.Area == "Seattle, WA, US" && c.Location == location
		}
	}
	h.card("it says Seattle", ana, is(""))
	place := "Leith"
	if _, err := h.Note(t.Context(), call.Sid(ana), station.Note{Location: &place}); err != nil {
		t.Fatal(err)
	}
	h.restart()
	h.card("it says both after a restart", ana, is("Leith"))
}
