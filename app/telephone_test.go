package app_test

import (
	"slices"
	"testing"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
	"callin/app/station"
)

// djTone is the DJ's own voice on a telephone, in hertz.
const djTone = 440

// dialIn calls the dial-in number and types keys.
func (h *house) dialIn(keys string) string {
	h.t.Helper()
	return h.ring(stage.Casting{Name: "The DJ", To: h.rehearsal.DialInNumber, Keys: keys, Tone: djTone})
}

// line waits until the studio's line is as it must be.
func (h *house) line(what string, is func(picture.Line) bool) {
	h.t.Helper()
	h.until(what, func(p picture.Picture) bool { return is(p.Lines[0]) })
}

// The whole of the telephone way, while Twilio's REST is down and no desk is open.
func TestTheDJTakesCallersOnATelephoneWithoutREST(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	ana := h.waiter("Ana", 620)
	ben := h.waiter("Ben", 1800)
	topic := "the tower"
	if _, err := h.Note(t.Context(), call.Sid(ana), station.Note{Topic: &topic}); err != nil {
		t.Fatal(err)
	}
	// The desk's order is another, but this way goes by Twilio's.
	if err := h.Order(t.Context(), call.Sid(ben), call.Sid(ana)); err != nil {
		t.Fatal(err)
	}
	h.restDown.Store(true)

	dj := h.dialIn("1234#")
	h.hears(dj, "type your PIN")
	h.line("the telephone is the line's phone", func(l picture.Line) bool { return l.Phone && l.Telephone && l.Direct })
	h.hears(dj, "Next is Ana, about the tower.")
	h.hears(ana, "may be recorded")
	h.hearsTone(dj, 620)
	h.hearsTone(ana, djTone)
	h.place(ana, "bridge")

	h.keys(dj, "*")
	h.hears(dj, "Next is Ben")
	h.hears(ana, "Thank you for calling Late. Goodbye.")
	h.ends(ana)
	h.hearsTone(dj, 1800)
	h.place(ben, "bridge")

	// The telephone hangs up: its caller hears words and waits again.
	h.forget()
	h.hangUp(dj)
	h.hears(ben, "Please stay on the line.")
	h.place(ben, "queue")
	h.line("the telephone is gone", func(l picture.Line) bool { return !l.Phone && !l.Telephone })

	h.forget()
	dj = h.dialIn("1234#")
	h.hears(dj, "Next is Ben")
	h.hearsTone(dj, 1800)
	h.hangUp(ben)
	h.hears(dj, "Nobody is waiting.")
	cleo := h.ring(stage.Casting{Name: "Cleo", Tone: 2200})
	h.hearsTone(dj, 2200)
	h.hearsTone(cleo, djTone)
}

func TestFiveWrongPINsLockTheNumberTheyComeFromUntilADeskUnlocksIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	const stranger, djs = "+12025550155", "+12025550156"
	from := func(number, keys string) string {
		t.Helper()
		return h.ring(stage.Casting{Number: number, To: h.rehearsal.DialInNumber, Keys: keys})
	}
	locked := func(numbers ...string) func(picture.Line) bool {
		return func(l picture.Line) bool { return !l.PinLocked && slices.Equal(l.LockedTelephones, numbers) }
	}
	first := from(stranger, "0000w0001ww0002ww0003ww1234")
	h.hears(first, "That is not the PIN. Please type it again.")
	h.hears(first, "That is not the PIN. Goodbye.")
	h.ends(first)
	if l := h.Picture().Lines[0]; !locked()(l) || l.Phone {
		t.Fatalf("after the three tries of one call: %+v", l)
	}
	// A right one sets the count of its own number back, and of no other.
	h.ends(from(djs, "1111ww2222ww3333"))
	dj := from(djs, "1234")
	h.hears(dj, "Nobody is waiting.")
	h.hangUp(dj)
	h.line("the telephone is gone", func(l picture.Line) bool { return !l.Phone })
	h.ends(from(djs, "1111ww2222ww3333"))

	last := from(stranger, "4444")
	h.hears(last, "Please type it again.")
	h.keys(last, "5555")
	h.line("it is locked", locked(stranger))
	h.hears(last, "This way is locked.")

	h.restart()
	h.forget()
	refused := from(stranger, "1234")
	h.hears(refused, "This way is locked.")
	h.ends(refused)
	if h.Picture().Lines[0].Phone {
		t.Fatal("a locked telephone has the line")
	}
	dj = from(djs, "1234")
	h.hears(dj, "Nobody is waiting.")
	h.hangUp(dj)
	h.line("the telephone is gone", func(l picture.Line) bool { return !l.Phone })

	if err := h.UnlockPin(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.line("nothing is locked", locked())
	h.hears(from(stranger, "1234"), "Nobody is waiting.")
}
