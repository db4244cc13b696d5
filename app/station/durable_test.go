package station_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/station"
)

// untilSaved checks that what is done to Twilio is done when the disk has it and
// not before: decide runs while the disk is slow, or what was decided before comes
// due after a moment of a tenth of a second.
func untilSaved(t *testing.T, s *show, decide func(), does string) {
	t.Helper()
	synctest.Wait()
	s.twilio.told()
	free := s.journal.slow()
	go decide()
	time.Sleep(100 * time.Millisecond)
	synctest.Wait()
	if did := s.twilio.told(); len(did) > 0 {
		t.Errorf("before it was on disk, Twilio was told %v", did)
	}
	free()
	synctest.Wait()
	if did := s.twilio.told(); !slices.Contains(did, does) {
		t.Errorf("when it was on disk, Twilio was told %v, not %q", did, does)
	}
}

func TestNothingIsDoneBeforeItIsOnDisk(t *testing.T) {
	decisions := map[string]struct {
		decide func(s *show)
		does   string
	}{
		"a take":  {func(s *show) { _, _ = s.Do(s.t.Context(), call.OpTake, "B") }, "send B"},
		"a drop":  {func(s *show) { _, _ = s.Do(s.t.Context(), call.OpDrop, "A") }, "send A"},
		"next":    {func(s *show) { _, _ = s.Next(s.t.Context(), "B") }, "send B"},
		"a move":  {func(s *show) { _, _ = s.Move(s.t.Context(), "B", call.Screening) }, "send B"},
		"closing": {func(*show) {}, "send C"},
		"a phone that is lost": {func(s *show) {
			s.seq++
			s.Conference(station.ConferenceEvent{Event: "participant-leave", Conference: "CF1", Line: call.AirLine, Call: "DESK", Desk: true, Sequence: s.seq})
		}, "A held"},
	}
	for what, d := range decisions {
		t.Run(what, func(t *testing.T) {
			perform(t, func(t *testing.T, s *show) {
				s.t = t
				must(s.Do(t.Context(), call.OpTake, "A"))
				s.join("A")
				if what == "closing" { // decided when it can no longer be taken back
					if err := s.CloseShow(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(10*time.Second - time.Millisecond)
				}
				untilSaved(t, s, func() { d.decide(s) }, d.does)
			})
		})
	}
}

// Who is sent on their way out while the show closes is on record as being so:
// after a crash nobody else knows of it.
func TestEveryoneWhoIsSentAwayIsOnDiskFirst(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.journal.onAppend = func(facts []call.Fact) {
			if slices.ContainsFunc(facts, func(f call.Fact) bool { return f.Kind == call.Began && f.By == call.OpClose }) {
				if did := s.twilio.told(); len(did) > 0 {
					t.Errorf("before that was on disk, Twilio was told %v", did)
				}
			}
		}
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
	})
}

// keepsWaiting closes the show, of which one caller does not hear by REST: the move
// is given up, and the caller still in the queue.
func (s *show) keepsWaiting(sid call.Sid) {
	s.t.Helper()
	s.twilio.isDeafTo(sid)
	s.twilio.where = map[call.Sid]call.Whereabouts{sid: {QueueSid: "QU" + call.OnAir}}
	if err := s.closes(); err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(30 * time.Second)
	synctest.Wait()
	s.wants(sid, waiting)
	s.twilio.where = nil
}

// Closing words are said once, by whoever is asked first: what answers with them
// is on disk before.
func TestClosingWordsAreSaidWhenThatIsOnDisk(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.keepsWaiting("A")
		free := s.journal.slow()
		said := make(chan station.Answer, 1)
		go func() { said <- s.Waiting(station.Arrival{Call: "A"}, call.OnAir) }()
		synctest.Wait()
		select {
		case a := <-said:
			t.Errorf("A was told %+v before that was on disk", a)
		default:
		}
		free()
		synctest.Wait()
		select {
		case a := <-said:
			if a.Words != station.Thanks {
				t.Errorf("A is told %+v", a)
			}
		default:
			t.Error("A is told nothing, or was before")
		}
	})
}

// A caller is not left in silence for a disk that takes too long.
func TestADiskThatIsSlowKeepsNoCallerFromTheirAnswer(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.keepsWaiting("A")
		free := s.journal.slow()
		defer free()
		asked := time.Now()
		if a := s.Waiting(station.Arrival{Call: "A"}, call.OnAir); a.Words != station.Thanks || time.Since(asked) > time.Second {
			t.Errorf("A is told %+v after %v", a, time.Since(asked))
		}
	})
}

func TestATextIsOnDiskBeforeItIsSent(t *testing.T) {
	texting(t, func(t *testing.T, s *show, texts *texter) {
		a := station.Arrival{Call: "A", Number: "+15550100101"}
		s.Arrive(a)
		s.Waiting(a, call.OnAir)
		time.Sleep(time.Hour)
		synctest.Wait()
		free := s.journal.slow()
		s.Ended("A", "completed")
		synctest.Wait()
		if len(texts.sent) > 0 {
			t.Errorf("texts were sent before that was on disk: %v", texts.sent)
		}
		free()
		synctest.Wait()
		if len(texts.sent) != 1 {
			t.Errorf("texts that were sent: %v", texts.sent)
		}
	})
}

// Every decision is refused while the disk is known to refuse, and nothing of it
// remains: it could not be kept.
func TestNoDecisionIsMadeThatCannotBeKept(t *testing.T) {
	name := "Ana"
	decisions := map[string]func(*show) error{
		"take":       func(s *show) error { _, err := s.Do(s.t.Context(), call.OpTake, "B"); return err },
		"drop":       func(s *show) error { _, err := s.Do(s.t.Context(), call.OpDrop, "A"); return err },
		"hold":       func(s *show) error { _, err := s.Do(s.t.Context(), call.OpHold, "A"); return err },
		"move":       func(s *show) error { _, err := s.Move(s.t.Context(), "B", call.Screening); return err },
		"next":       func(s *show) error { _, err := s.Next(s.t.Context(), ""); return err },
		"note":       func(s *show) error { _, err := s.Note(s.t.Context(), "B", station.Note{Name: &name}); return err },
		"lock":       func(s *show) error { return s.Lock(s.t.Context(), "B", true) },
		"order":      func(s *show) error { return s.Order(s.t.Context(), "C", "B") },
		"close":      func(s *show) error { return s.closes() },
		"unlock pin": func(s *show) error { return s.UnlockPin(s.t.Context()) },
		"forget": func(s *show) error {
			return s.Forget(s.t.Context(), "+15550100", func(context.Context, string) ([]call.SavedFile, error) { panic("it was erased nevertheless") })
		},
		"delete a message": func(s *show) error { return s.DeleteVoicemail(s.t.Context(), "RE1") },
	}
	for what, decide := range decisions {
		t.Run(what, func(t *testing.T) {
			perform(t, func(t *testing.T, s *show) {
				s.t = t
				s.Close()
				s.recordings = true
				s.start()
				must(s.Do(t.Context(), call.OpTake, "A"))
				s.join("A")
				s.Recorded(station.Arrival{Call: "V"}, "RE1", 7)
				for range 5 {
					s.TypedPin("", "T", djs, false)
				}
				synctest.Wait()
				s.journal.kill(true)
				s.OptOut("+15550100199", true) // the first that the disk refuses
				synctest.Wait()
				before, kept := s.Picture(), len(s.journal.facts)
				s.twilio.told()
				if err := decide(s); code(err) != "not_saved" {
					t.Errorf("it was told %v", err)
				}
				synctest.Wait()
				if after := s.Picture(); after.Seq != before.Seq {
					t.Errorf("facts %d to %d came of it", before.Seq+1, after.Seq)
				}
				if did := s.twilio.told(); len(did) > 0 {
					t.Errorf("Twilio was told %v", did)
				}
				s.journal.kill(false)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				if len(s.journal.facts) < kept {
					t.Error("facts were lost")
				}
			})
		})
	}
}

func TestNextFollowsOnForTwoSecondsOnly(t *testing.T) {
	for after, follows := range map[time.Duration]bool{1900 * time.Millisecond: true, 2100 * time.Millisecond: false} {
		perform(t, func(t *testing.T, s *show) {
			must(s.Next(t.Context(), "A"))
			time.Sleep(after)
			s.twilio.told()
			s.Ended("A", "completed")
			synctest.Wait()
			if did := s.twilio.told(); slices.Contains(did, "send B") != follows {
				t.Errorf("A hung up %v after Next, and Twilio was told %v", after, did)
			}
			if follows {
				s.join("B")
			}
		})
	}
}

func TestNextDoesNotGoOnToSomebodyThatCannotBeKept(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		must(s.Next(t.Context(), "A"))
		s.journal.kill(true)
		s.OptOut("+15550100199", true) // the first that the disk refuses
		synctest.Wait()
		s.twilio.told()
		s.Ended("A", "completed")
		time.Sleep(time.Second)
		synctest.Wait()
		if did := s.twilio.told(); len(did) > 0 {
			t.Errorf("Twilio was told %v", did)
		}
		s.journal.kill(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		s.wants("B", waiting)
	})
}

func TestADeskThatComesBackHearsNothingOfWhoWasForgotten(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		from := s.Picture().Seq
		topic := "the ferry"
		if _, err := s.Note(t.Context(), "A", station.Note{Topic: &topic}); err != nil {
			t.Fatal(err)
		}
		s.Ended("A", "completed")
		if err := s.Forget(t.Context(), "+15550100100", func(context.Context, string) ([]call.SavedFile, error) { return nil, nil }); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		f := s.Attach(from)
		defer f.Close()
		if f.Picture == nil {
			t.Error("the changes of before are replayed to it")
		}
		told := fmt.Sprintf("%+v", f.Picture)
		for c := range seen(t, f) {
			told += fmt.Sprintf("%+v", c.Cards)
		}
		for _, data := range []string{"+15550100100", "the ferry", "Caller A"} {
			if strings.Contains(told, data) {
				t.Errorf("the desk is told %q", data)
			}
		}
	})
}

func TestAPhoneThatHasEndedTakesNoLine(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.DeskCalls("", "LATE", call.AirLine, false)
		s.Ended("LATE", "completed")
		s.event("participant-join", "LATE", true, false, false) // it is told late
		s.DeskCalls("", "LATE", call.AirLine, true)
		if l := s.Picture().Lines[0]; !l.Phone || l.Direct {
			t.Errorf("the line is %+v", l)
		}
		must(s.Do(t.Context(), call.OpTake, "A"))
		s.join("A")
		s.Ended("DESK", "completed")
		synctest.Wait()
		s.wants("A", held)
	})
}

func TestMessagesAreOfferedUntilThereAreEnough(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		s.Close()
		s.recordings = true
		s.start()
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		const most = 200
		for i := range most {
			a := station.Arrival{Call: call.Sid(fmt.Sprint("V", i))}
			if answer := s.Arrive(a); !answer.Offer {
				t.Fatalf("after %d messages none is offered", i)
			}
			s.LeavesMessage(a)
			s.Recorded(a, fmt.Sprint("RE", i), 3)
			s.Ended(a.Call, "completed")
		}
		late := station.Arrival{Call: "LATE"}
		if answer := s.Arrive(late); answer.Offer {
			t.Errorf("after %d messages one more is offered", most)
		}
		if answer := s.LeavesMessage(late); answer.Place.Kind == call.Voicemail {
			t.Errorf("after %d messages one more is taken", most)
		}
		s.Ended("LATE", "completed")
	})
}

func TestAShowThatCannotBeClosedKeepsItsQueues(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		for _, sid := range []call.Sid{"A", "B", "C"} {
			s.Ended(sid, "completed")
		}
		synctest.Wait()
		s.twilio.told()
		s.journal.kill(true)
		if err := s.closes(); code(err) != "not_saved" {
			t.Errorf("Close: %v", err)
		}
		time.Sleep(10 * time.Second)
		s.journal.kill(false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if did := s.twilio.told(); len(did) > 0 {
			t.Errorf("Twilio was told %v", did)
		}
		if state := s.Picture().Studios[0].Show.State; state != call.ShowOpen {
			t.Errorf("the show is %s", state)
		}
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if state := s.Picture().Studios[0].Show.State; state != call.ShowClosed {
			t.Errorf("closed at last, the show is %s", state)
		}
	})
}

func TestACrowdIsThankedAtOnceAlthoughTheDiskRefuses(t *testing.T) {
	perform(t, func(t *testing.T, s *show) {
		const crowd = 200
		for i := range crowd {
			a := station.Arrival{Call: call.Sid(fmt.Sprint("N", i))}
			s.Arrive(a)
			s.Waiting(a, call.OnAir)
		}
		synctest.Wait()
		s.twilio.told()
		closing := false
		s.journal.onAppend = func(facts []call.Fact) {
			if closing { // that the show closes was kept; nothing is after it
				s.journal.kill(true)
			}
			closing = closing || facts[0].Kind == call.ShowSet && facts[0].Code == string(call.ShowClosing)
		}
		if err := s.closes(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if did := s.twilio.told(); len(did) < crowd {
			t.Errorf("after two seconds %d of %d were sent", len(did), crowd)
		}
		s.journal.onAppend = nil
		s.journal.kill(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
	})
}

func TestWhoCouldNotBeForgottenIsNot(t *testing.T) {
	texting(t, func(t *testing.T, s *show, texts *texter) {
		s.OptOut("+15550100101", true)
		failed := errors.New("the disk has gone")
		if err := s.Forget(t.Context(), "+15550100101", func(context.Context, string) ([]call.SavedFile, error) { return nil, failed }); !errors.Is(err, failed) {
			t.Fatalf("Forget: %v", err)
		}
		a := station.Arrival{Call: "A", Number: "+15550100101"}
		s.Arrive(a)
		s.Waiting(a, call.OnAir)
		time.Sleep(time.Hour)
		s.Ended("A", "completed")
		synctest.Wait()
		if len(texts.sent) > 0 {
			t.Errorf("one who wants no texts was sent %v", texts.sent)
		}
	})
}
