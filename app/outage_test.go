package app_test

import (
	"testing"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
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
func (h *house) card(what, sid string, is func(picture.Card) bool) {
	h.t.Helper()
	h.until(what, func(p picture.Picture) bool {
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
	h.card("the move is given up: "+code, sid, func(c picture.Card) bool { return c.Move == nil && c.Trouble != nil && c.Trouble.Code.String() == code })
}

// desk puts a telephone on the studio's line as a desk's softphone.
func (h *house) desk() string {
	h.t.Helper()
	leg := standIn(h.t, h.rehearsal.Stage(), h.rehearsal.ListenersNumber, stage.Telephone{Number: "+12025550177", Tone: djTone}, h.public, houseID)
	h.line("the desk's phone is on its line", func(l picture.Line) bool { return l.Phone })
	return leg
}

// takes presses Take.
func (h *house) takes(sid string) {
	h.t.Helper()
	if _, err := h.Do(h.t.Context(), call.OpTake, call.Sid(sid)); err != nil {
		h.t.Fatal(err)
	}
}

// same checks that the picture is Twilio's.
func (h *house) same(desk string) {
	h.t.Helper()
	legs, err := h.rehearsal.Stage().Legs(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	if wrong := differs(h.Picture(), legs, desk, houseID); wrong != "" {
		h.t.Errorf("%s\n%+v\nTwilio: %+v", wrong, h.Picture().Cards, legs)
	}
}

// hearsNow checks that a tone is in somebody's ear at this moment.
func (h *house) hearsNow(sid string, hz float64) {
	h.t.Helper()
	who, err := h.rehearsal.Stage().Caller(h.t.Context(), sid)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, tone := range who.Hearing.Tones {
		if tone > hz-20 && tone < hz+20 {
			return
		}
	}
	h.t.Errorf("%s does not hear %v Hz: %+v", sid, hz, who.Hearing)
}

func onAir(c picture.Card) bool {
	return c.Move == nil && c.Place == call.OnLine(call.AirLine, call.Talking) && c.Trouble == nil
}

func inQueue(name string) func(picture.Card) bool {
	return func(c picture.Card) bool { return c.Move == nil && c.Place == call.InQueue(name) && c.Trouble == nil }
}

func TestAnOutageOfRESTGivesTheButtonBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	dj := h.desk()
	ana, ben := h.waiter("Ana", 620), h.waiter("Ben", 1800)
	h.takes(ana)
	h.card("Ana is on air", ana, onAir)
	cleo := h.waiter("Cleo", 2200)
	h.wrong(stage.RESTFault{Kind: "down"})
	h.takes(ben)
	h.refused(ben, "not_done")
	h.until("the desk says that Twilio does not answer", func(p picture.Picture) bool { return p.Check.LostAt > 0 })
	// Neither who talks nor who waits needs REST.
	h.hearsNow(ana, djTone)
	h.hearsNow(dj, 620)
	h.forget()
	h.hears(ben, "You are next.")
	h.hears(cleo, "You are number 2")
	h.wrong()
	h.until("Twilio answers again", func(p picture.Picture) bool { return p.Check.LostAt == 0 && !p.Check.Now })
	h.takes(ben)
	h.card("Ben is on air", ben, onAir)
	h.hearsTone(ben, 620)
	h.hearsTone(dj, 1800)
	h.same(dj)
}

func TestWhileTwilioIsBusyAPressIsGivenBackAfterTwoSeconds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	dj := h.desk()
	ana := h.waiter("Ana", 620)
	h.wrong(stage.RESTFault{Kind: "busy"})
	began := time.Now()
	h.takes(ana)
	h.refused(ana, "busy")
	if took := time.Since(began); took < time.Second || took > 4*time.Second {
		t.Errorf("the button was given back after %v", took)
	}
	h.same(dj)
	for len(h.asked) > 0 {
		<-h.asked
	}
	// Busy for less than that is not noticed.
	h.wrong(stage.RESTFault{Kind: "busy", Method: "POST", Count: 3})
	h.takes(ana)
	h.card("Ana is on air", ana, onAir)
	h.hearsTone(dj, 620)
	if n := len(h.asked); n != 4 {
		t.Errorf("Twilio was asked %d times: three are refused and one moves her", n)
	}
	h.same(dj)
}

// No callback tells what happens to calls: the desk sees it all the same, soon
// after it asked for a move, and says how many it had wrong.
func TestLostCallbacksAreMadeUpForByComparing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	dj := h.desk()
	ana, ben := h.waiter("Ana", 620), h.waiter("Ben", 1800)
	h.takes(ana)
	h.card("Ana is on air", ana, onAir)
	h.hearsTone(dj, 620)
	if err := h.rehearsal.Stage().PutFaults(t.Context(), stage.Faults{Callbacks: stage.CallbackFaults{Lost: 1}}); err != nil {
		t.Fatal(err)
	}
	h.hangUp(ana)
	h.ends(ana)
	h.takes(ben)
	h.hearsTone(dj, 1800)
	h.hearsTone(ben, djTone)
	h.card("Ben is on air", ben, onAir)
	h.place(ana, "gone")
	h.same(dj)
	if c := h.Picture().Check; c.Mended != 2 || c.MendedAt == 0 {
		t.Errorf("the desk says %+v", c)
	}
	h.wrong()
	if _, err := h.Do(t.Context(), call.OpHold, call.Sid(ben)); err != nil {
		t.Fatal(err)
	}
	h.card("Ben is held", ben, func(c picture.Card) bool { return c.Move == nil && c.Place.State == call.Held })
}

func TestADeedWhoseAnswerIsLostIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	ana := h.waiter("Ana", 620)
	h.wrong(stage.RESTFault{Kind: "withheld", Method: "POST", Count: 1})
	h.moves(ana, call.Screening)
	h.card("Ana is moved", ana, inQueue(call.Screening))
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
				h.card("Ana waits where she was", ana, inQueue(call.OnAir))
				return
			}
			// That was not heard of: Twilio's count in the next wait request tells.
			ben := h.waiter("Ben", 1800)
			h.untilWithin(12*time.Second, "Ana is gone", func(p picture.Picture) bool { return len(p.Cards) == 1 })
			h.card("Ben waits", ben, inQueue(call.OnAir))
			if p := h.Picture(); p.Check.Mended != 1 {
				t.Errorf("%+v, %+v", p.Cards, p.Check)
			}
		})
	}
}
