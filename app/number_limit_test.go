package app_test

import (
	"testing"

	"callin/app/carrier"
	"callin/app/rehearsal/stage"
)

// Who rings again and again from one number hears why not, and no music.
func TestWhoHoldsThreePlacesHearsWhyThereIsNoFourth(t *testing.T) {
	t.Parallel()
	const ana = "+12015550166"
	h := newHouse(t, func(h *house, _ *carrier.Twilio) { h.options.CallsPerNumber = 3 })
	h.open()
	var sids []string
	for range 3 {
		sids = append(sids, h.ring(stage.Casting{Number: ana}))
	}
	for _, sid := range sids {
		h.hears(sid, "please turn your radio down")
		h.place(sid, "queue")
	}
	h.restart()
	fourth := h.ring(stage.Casting{Number: ana})
	h.hears(fourth, "Several calls from your number are waiting already.")
	h.ends(fourth)
	h.hangUp(sids[0])
	h.place(sids[0], "gone")
	h.place(h.ring(stage.Casting{Number: ana}), "queue")
}
