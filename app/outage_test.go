package app_test

import (
	"testing"
	"time"

	"callin/app/call"
	"callin/app/rehearsal/stage"
	"callin/app/studio"
)

// wrong lets REST go wrong until it is put right.
func (h *house) wrong(rest ...stage.RESTFault) {
	h.t.Helper()
	if err := h.rehearsal.Stage().PutFaults(h.t.Context(), stage.Faults{REST: rest}); err != nil {
		h.t.Fatal(err)
	}
}

// moves asks for another queue.
func (h *house) moves(sid, queue string) {
	h.t.Helper()
	if _, err := h.Move(h.t.Context(), call.Sid(sid), queue); err != nil {
		h.t.Fatal(err)
	}
}

// card waits until a caller's card is as it must be.
func (h *house) card(what, sid string, is func(studio.Card) bool) {
	h.t.Helper()
	h.until(what, func(p studio.Picture) bool {
		for _, c := range p.Cards {
			if string(c.Call) == sid {
				return is(c)
			}
		}
		return false
	})
}

// refused waits until a move has ended with a reason.
func (h *house) refused(sid, code string) {
	h.t.Helper()
	h.card("the move is given up: "+code, sid, func(c studio.Card) bool { return c.Move == nil && c.Trouble != nil && c.Trouble.Code == code })
}

func inQueue(name string) func(studio.Card) bool {
	return func(c studio.Card) bool { return c.Move == nil && c.Place == call.InQueue(name) && c.Trouble == nil }
}

func TestAnOutageOfRESTGivesTheButtonBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	ana, ben := h.waiter("Ana", 620), h.waiter("Ben", 1800)
	h.wrong(stage.RESTFault{Kind: "down"})
	h.moves(ana, studio.ScreeningQueue)
	h.refused(ana, "not_done")
	h.until("the desk says that Twilio does not answer", func(p studio.Picture) bool { return p.Check.LostAt > 0 })
	h.forget()
	h.hears(ana, "You are next.") // callers need no REST
	h.hears(ben, "You are number 2")
	h.wrong()
	h.until("Twilio answers again", func(p studio.Picture) bool { return p.Check.LostAt == 0 && !p.Check.Now })
	h.moves(ana, studio.ScreeningQueue)
	h.card("Ana is moved", ana, inQueue(studio.ScreeningQueue))
	h.forget()
	h.hears(ben, "You are next.")
}

func TestWhileTwilioIsBusyAPressIsGivenBackAfterTwoSeconds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	ana := h.waiter("Ana", 620)
	h.wrong(stage.RESTFault{Kind: "busy"})
	began := time.Now()
	h.moves(ana, studio.ScreeningQueue)
	h.refused(ana, "busy")
	if took := time.Since(began); took < time.Second || took > 4*time.Second {
		t.Errorf("the button was given back after %v", took)
	}
	// Busy for less than that is not noticed.
	h.wrong(stage.RESTFault{Kind: "busy", Count: 3})
	h.moves(ana, studio.ScreeningQueue)
	h.card("Ana is moved", ana, inQueue(studio.ScreeningQueue))
}

func TestADeedWhoseAnswerIsLostIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	ana := h.waiter("Ana", 620)
	h.wrong(stage.RESTFault{Kind: "withheld", Method: "POST", Count: 1})
	h.moves(ana, studio.ScreeningQueue)
	h.card("Ana is moved", ana, inQueue(studio.ScreeningQueue))
	if _, err := h.Do(t.Context(), call.OpDrop, call.Sid(ana)); err != nil {
		t.Fatal(err)
	}
	h.hears(ana, "Thank you for calling Late. Goodbye.")
	h.ends(ana)
	h.place(ana, "gone")
}

func TestAnOutageOfTheListener(t *testing.T) {
	for name, c := range map[string]struct{ ends bool }{"calls are kept": {false}, "calls are ended": {true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, nil)
			if err := h.rehearsal.Stage().Switch(t.Context(), stage.Switches{EndOnWaitFailure: c.ends}); err != nil {
				t.Fatal(err)
			}
			h.open()
			ana := h.waiter("Ana", 620)
			h.deaf.Store(true)
			h.asks(h.missed, "/voice/wait")
			if c.ends {
				h.ends(ana)
				h.asks(h.missed, "/voice/status")
			}
			h.deaf.Store(false)
			if !c.ends {
				h.forget()
				h.hears(ana, "You are next.")
				h.card("Ana waits where she was", ana, inQueue(studio.OnAirQueue))
				return
			}
			// That was not heard of: the next comparison finds it.
			h.untilWithin(40*time.Second, "Ana is gone", func(p studio.Picture) bool { return len(p.Cards) == 0 })
			if p := h.Picture(); len(p.Cards) > 0 || p.Check.Mended != 1 {
				t.Errorf("%+v, %+v", p.Cards, p.Check)
			}
		})
	}
}
