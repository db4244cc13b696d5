package app_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
	"callin/app/setup"
	"callin/app/voice"
)

// The tunnel dies in a show. The desk says so in words; Next puts nobody onto an
// address that does not answer: who was on air is thanked, who is next comes on
// air, and the picture follows. When the tunnel is back, so is everything.
func TestTheShowGoesOnWhenTwilioDoesNotReachCallin(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(h *house, _ *carrier.Twilio) { h.wait = time.Minute })
	h.open()
	ana, ben, cleo := h.waiter("Ana", 440), h.waiter("Ben", 620), h.waiter("Cleo", 1800)
	dj := h.desk()
	onAir := func(c picture.Card) bool { return c.Place.OnAir() && c.Move == nil }
	if _, err := h.Next(t.Context(), call.Sid(ana)); err != nil {
		t.Fatal(err)
	}
	h.card("Ana is on air", ana, onAir)
	h.hearsTone(dj, 440)

	h.deaf.Store(true)
	time.Sleep(300 * time.Millisecond) // for 250 ms after it was reached Callin believes the way in to be open (wayin)
	h.forget()
	pressed := time.Now()
	if _, err := h.Next(t.Context(), call.Sid(ben)); err != nil {
		t.Fatal(err)
	}
	h.card("Ben is on air", ben, onAir)
	if took := time.Since(pressed); took > 6*time.Second {
		t.Errorf("that Ben is on air was known after %v", took)
	}
	h.hearsTone(dj, 620)
	h.hearsTone(ben, djTone)
	h.hears(ana, "Thank you for calling")
	h.until("the desk says what is wrong", func(p picture.Picture) bool {
		return p.WayIn != nil && p.WayIn.Code == call.CodeWayIn && strings.Contains(p.WayIn.Message, h.public)
	})
	if alert, code, err := h.twilio.LastFailed(t.Context()); err != nil || alert == "" || code == 0 {
		t.Errorf("Twilio's debugger says %q %d, %v", alert, code, err)
	}
	h.hangUp(ben)
	h.untilWithin(6*time.Second, "Ben's end is found by asking", func(p picture.Picture) bool { return card(p, call.Sid(ben)) == nil })

	h.deaf.Store(false)
	h.until("Twilio reaches Callin again", func(p picture.Picture) bool { return p.WayIn == nil })
	if _, err := h.Next(t.Context(), call.Sid(cleo)); err != nil {
		t.Fatal(err)
	}
	h.card("Cleo is on air", cleo, onAir)
	h.hearsTone(dj, 1800)
}

// Who is sent to another queue meanwhile hears Twilio's own music there, and our own
// words again when the way is back.
func TestWhoIsMovedWithoutAWayInHearsUsAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(h *house, _ *carrier.Twilio) { h.wait = time.Minute })
	h.open()
	ana := h.waiter("Ana", 440)
	h.deaf.Store(true)
	h.until("the desk says what is wrong", func(p picture.Picture) bool { return p.WayIn != nil })
	h.moves(ana, call.Screening)
	h.card("Ana is moved", ana, inQueue(call.Screening))
	h.forget()
	h.deaf.Store(false)
	h.until("Twilio reaches Callin again", func(p picture.Picture) bool { return p.WayIn == nil })
	h.hears(ana, "You are next")
	h.card("Ana waits where she was moved to", ana, inQueue(call.Screening))
}

// A station whose calls another one has taken says so, and keeps its hands off.
func TestAStationThatIsTakenOverChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	ana := h.waiter("Ana", 440)
	h.desk()
	if _, err := setup.Ensure(t.Context(), h.twilio, setup.Wish{Public: "http://127.0.0.1:9", Rehearsal: true, TakeOver: true}); err != nil {
		t.Fatal(err)
	}
	h.restart() // it would say so within a minute
	h.until("the desk says that it is taken over", func(p picture.Picture) bool {
		return p.WayIn != nil && p.WayIn.Code == call.CodeTakenOver && strings.Contains(p.WayIn.Message, "http://127.0.0.1:9")
	})
	var refused *call.Error
	if _, err := h.Next(t.Context(), call.Sid(ana)); !errors.As(err, &refused) || refused.Code != call.CodeTakenOver {
		t.Errorf("Next: %v", err)
	}
	if err := h.CloseShow(t.Context()); !errors.As(err, &refused) || refused.Code != call.CodeTakenOver {
		t.Errorf("Close: %v", err)
	}
	if _, err := setup.Ensure(t.Context(), h.twilio, setup.Wish{Public: h.public, Station: houseID, Rehearsal: true, TakeOver: true}); err != nil {
		t.Fatal(err)
	}
	h.until("it has them again", func(p picture.Picture) bool { return p.WayIn == nil })
}

// A second studio PC on one account: it starts, says whose the calls are and changes
// nothing; a press takes them over, and nobody's queue or line is the other's.
func TestASecondStationTakesTheCallsByAPressOnly(t *testing.T) {
	t.Parallel()
	first := newSite(t)
	first.start()
	first.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	ana := first.ring()
	first.until("Ana waits", waits(ana))

	second := newSite(t)
	second.stage, second.numbers = first.stage, first.numbers
	second.start()
	second.until("it says whose the calls are", func(p picture.Picture) bool {
		return p.WayIn != nil && p.WayIn.Code == call.CodeTakenOver && strings.Contains(p.WayIn.Message, first.voice)
	})
	for _, op := range []string{"open", "token"} {
		if err := second.ask(op, nil); err == nil || !strings.Contains(err.Error(), "taken_over") {
			t.Errorf("%s: %v", op, err)
		}
	}
	ben := first.ring()
	first.until("Ben waits at the first", waits(ben))

	second.do("takeOver", nil)
	second.until("it has the calls", func(p picture.Picture) bool { return p.WayIn == nil })
	second.do("open", nil)
	second.until("its show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	cleo := second.ring()
	second.until("Cleo waits at the second, and nobody else", func(p picture.Picture) bool {
		return waits(cleo)(p) && len(p.Cards) == 1
	})
	for _, s := range []*site{first, second} {
		twilio, err := carrier.New(carrier.Account{
			AccountSid: s.stage.AccountSid, Username: s.stage.AccountSid, Password: s.stage.AuthToken, Rehearsal: s.stage.Address, Station: s.id,
		})
		if err != nil {
			t.Fatal(err)
		}
		if queues, err := twilio.Queues(t.Context(), call.OnAir, call.Screening); err != nil || len(queues) != 2 {
			t.Errorf("%s has the queues %v, %v", s.id, queues, err)
		}
	}
	first.kill() // or it would say so within a minute
	first.start()
	first.until("the first says whose the calls are", func(p picture.Picture) bool {
		return p.WayIn != nil && p.WayIn.Code == call.CodeTakenOver && strings.Contains(p.WayIn.Message, second.voice)
	})
}

// waits is whether a call waits in the show's queue.
func waits(sid call.Sid) func(picture.Picture) bool {
	return func(p picture.Picture) bool {
		c := card(p, sid)
		return c != nil && c.Place == call.InQueue(call.OnAir) && c.Move == nil
	}
}

// Callers who ring a station that Twilio does not reach hear kind words and wait,
// at Twilio alone; when the way is back they are on the desk, in our own queue.
func TestWhoRingsAStationThatDoesNotAnswerWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(h *house, twilio *carrier.Twilio) {
		h.options.Stranded = twilio.QueueSid(call.Fallback)
		var script voice.Script
		put := func(name, doc string) string {
			t.Helper()
			address, err := h.rehearsal.Stage().PutBin(t.Context(), name, doc)
			if err != nil {
				t.Fatal(err)
			}
			return address
		}
		waits := put("EHwait", script.FallbackWait())
		fallback := put("EHfallback", script.Fallback(waits))
		if wrong := setup.CheckFallback(t.Context(), fallback, h.rehearsal.AccountSid, h.rehearsal.AuthToken); wrong != nil {
			t.Error(wrong)
		}
		for what, address := range map[string]string{"a bin without a queue": waits, "no bin": fallback + "x", "nobody": "http://127.0.0.1:9/twiml/EH"} {
			if wrong := setup.CheckFallback(t.Context(), address, h.rehearsal.AccountSid, h.rehearsal.AuthToken); wrong == nil || wrong.Code != call.CodeFallback {
				t.Errorf("%s: %v", what, wrong)
			}
		}
		if _, err := setup.Ensure(t.Context(), twilio, setup.Wish{Public: h.public, Station: houseID, Rehearsal: true, Fallback: fallback}); err != nil {
			t.Fatal(err)
		}
	})
	h.open()
	h.deaf.Store(true)
	ana := h.ring(stage.Casting{Name: "Ana", Tone: 440})
	h.hears(ana, "the studio cannot be reached at the moment")
	h.hears(ana, "We are coming back to you")
	if c := card(h.Picture(), call.Sid(ana)); c != nil {
		t.Errorf("Callin knows of %+v", c)
	}
	h.deaf.Store(false)
	h.forget()
	h.SetWayIn(nil) // as the watch says, had it looked meanwhile
	h.until("Ana is on the desk", waits(call.Sid(ana)))
	h.hears(ana, "You are next")
}
