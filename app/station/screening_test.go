package station_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// screening is a show that screens, with a host's desk and two producers', each with a
// phone on its line; A, B and C wait to be screened.
type screening struct {
	*show
	host, pia, pol station.Seat
}

func screen(t *testing.T, test func(t *testing.T, s screening)) {
	synctest.Test(t, func(t *testing.T) {
		at := func(id call.DeskID, name string, roles call.Roles) call.Desk {
			return call.Desk{ID: id, Name: name, Roles: roles, Studios: []call.Studio{""}}
		}
		desks := []call.Desk{at("", "Host", call.Host), at("pia", "Pia", call.Producer), at("pol", "Pol", call.Producer), at("eye", "Eye", call.Watcher)}
		first := &show{t: t, twilio: &twilio{gone: map[call.Sid]bool{}}, journal: &memory{}, recordings: true, desks: desks}
		first.studios = []picture.Studio{{Number: own, Show: picture.Show{Name: "Test", Screens: true, ParkMs: 10_000}}}
		first.start()
		s := screening{show: first}
		s.host, s.pia, s.pol = s.Station.Seat(desks[0], ""), s.Station.Seat(desks[1], ""), s.Station.Seat(desks[2], "")
		if err := s.host.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, sid := range []call.Sid{"A", "B", "C"} {
			a := station.Arrival{Call: sid, Number: "+1555010010" + string(sid[0]-'A'+'0'), Name: "Caller " + string(sid)}
			s.Arrive(a)
			s.Waiting(a, call.Screening)
		}
		for _, d := range desks[:3] {
			s.phone(d.ID)
		}
		s.feed = s.Attach(-1)
		test(t, s)
		synctest.Wait()
		s.Close()
	})
}

// phone lets a desk's phone come onto its line: a host's to the air.
func (s screening) phone(id call.DeskID) {
	line, leg := id.Line(), call.Sid("PHONE-"+id)
	if id == "" {
		line = call.AirLine
	}
	s.DeskCalls(id, leg, line, false)
	s.on(line, leg, true)
}

func (s screening) on(line string, sid call.Sid, desk bool) {
	s.seq++
	s.Conference(station.ConferenceEvent{Event: "participant-join", Conference: "CF-" + line, Line: line, Call: sid, Desk: desk, Sequence: s.seq})
	synctest.Wait()
}

// answers brings a caller to a producer's line.
func (s screening) answers(by station.Seat, line string, sid call.Sid) {
	s.t.Helper()
	if _, err := by.Do(s.t.Context(), call.OpAnswer, sid); err != nil {
		s.t.Fatal(err)
	}
	synctest.Wait()
	s.on(line, sid, false)
	s.wants(sid, call.OnLine(line, call.Talking))
}

func TestACallerIsScreenedOffAirAndMadeReady(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		s.answers(s.pia, "desk-pia", "B")
		if s.card("B").Place.OnAir() {
			t.Error("who is being screened is on air")
		}
		if words := s.Sent(station.Arrival{Call: "B"}).Words; words != station.NoWords {
			t.Errorf("who is there already is told %q", words)
		}
		notes, rating := "speaks slowly", 4
		if _, err := s.pia.Note(t.Context(), "B", station.Note{Notes: &notes, Rating: &rating}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.pia.Ready(t.Context(), station.Deed{Call: "B"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		a := s.Sent(station.Arrival{Call: "B"})
		if a.Words != station.Ready || a.Place != call.InQueue(call.OnAir) {
			t.Errorf("who was made ready is told %q on the way to %+v", a.Words, a.Place)
		}
		s.Waiting(station.Arrival{Call: "B"}, call.OnAir)
		s.wants("B", call.InQueue(call.OnAir))
		if c := s.card("B"); c.Notes != notes || c.Rating != rating {
			t.Errorf("the card is %+v", c)
		}
		if next := s.Picture().Studios[0].Next; next != "B" {
			t.Errorf("the next one is %s", next)
		}
	})
}

func TestTwoProducersWhoTakeOneCallerAreToldWhoHasThem(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		var errs []error
		for _, by := range []station.Seat{s.pia, s.pol} {
			_, err := by.Do(t.Context(), call.OpAnswer, "A")
			errs = append(errs, err)
		}
		if errs[0] != nil || code(errs[1]) != "moving" || errs[1].(*call.Error).Message != "Caller A is being moved by Pia at this moment. Wait until that is done." {
			t.Errorf("they are told %v", errs)
		}
		synctest.Wait()
		s.on("desk-pia", "A", false)
		for name, by := range map[string]station.Seat{"a host": s.host, "a producer": s.pol} {
			for _, op := range []call.Op{call.OpAnswer, call.OpDrop, call.OpHold, call.OpMessage} {
				if _, err := by.Do(t.Context(), op, "A"); code(err) != "anothers" {
					t.Errorf("%s does %s to another's caller: %v", name, op, err)
				}
			}
			if _, err := by.Ready(t.Context(), station.Deed{Call: "A"}); code(err) != "anothers" {
				t.Errorf("%s makes another's caller ready: %v", name, err)
			}
		}
		if _, err := s.pol.Deed(t.Context(), station.Deed{Op: call.OpAnswer, Call: "A", Over: true}); err != nil {
			t.Errorf("a second press: %v", err)
		}
		synctest.Wait()
		s.on("desk-pol", "A", false)
		s.wants("A", call.OnLine("desk-pol", call.Talking))
	})
}

func TestAProducerTouchesNobodyOnAir(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		s.answers(s.pia, "desk-pia", "A")
		if _, err := s.host.Deed(t.Context(), station.Deed{Op: call.OpTake, Call: "A", Over: true}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.on(call.AirLine, "A", false)
		s.wants("A", call.OnLine(call.AirLine, call.Talking))
		before := s.Picture().Seq
		for _, op := range []call.Op{call.OpHold, call.OpDrop, call.OpMessage} {
			if _, err := s.pia.Do(t.Context(), op, "A"); code(err) != "not_allowed" {
				t.Errorf("%s: %v", op, err)
			}
		}
		if _, err := s.pia.Back(t.Context(), station.Deed{Call: "A"}); code(err) != "not_allowed" {
			t.Errorf("sent back: %v", err)
		}
		for _, op := range []call.Op{call.OpTake, call.OpDeck} {
			if _, err := s.pia.Do(t.Context(), op, "B"); err == nil {
				t.Errorf("a producer does %s", op)
			}
		}
		if _, err := s.pia.Next(t.Context(), ""); code(err) != "not_allowed" {
			t.Errorf("next: %v", err)
		}
		if _, err := s.host.Do(t.Context(), call.OpDrop, "A"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, err := s.pia.Undo(t.Context(), "A"); code(err) != "not_allowed" {
			t.Errorf("a producer brings somebody back to air: %v", err)
		}
		if after := s.Picture().Seq; after-before > 3 {
			t.Errorf("%d facts came of it", after-before)
		}
	})
}

func TestACallerIsSentOnWithWords(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		s.answers(s.pia, "desk-pia", "A")
		if _, err := s.pia.Back(t.Context(), station.Deed{Call: "A", Reason: "Bad line"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if a := s.Sent(station.Arrival{Call: "A"}); a.Words != station.Back || a.Place != call.InQueue(call.Screening) {
			t.Errorf("who waits again is told %q on the way to %+v", a.Words, a.Place)
		}
		s.Waiting(station.Arrival{Call: "A"}, call.Screening)
		if err := s.pia.NotNow(t.Context(), "A"); err != nil {
			t.Fatal(err)
		}
		if c := s.card("A"); c.Reason != "Bad line" || !c.NotNow || c.Rank < s.card("C").Rank || c.Ordered == nil || c.Ordered.Desk != "pia" {
			t.Errorf("who was sent back is %+v", c)
		}
		s.answers(s.pia, "desk-pia", "B")
		if _, err := s.pia.Deed(t.Context(), station.Deed{Op: call.OpDrop, Call: "B", Farewell: call.FarewellTopic}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if a := s.Sent(station.Arrival{Call: "B"}); a.Place.Kind != call.Park || a.Farewell != call.FarewellTopic {
			t.Errorf("who is sent away is told %+v", a)
		}
		if _, err := s.pia.Undo(t.Context(), "B"); err != nil {
			t.Errorf("a producer takes that back: %v", err)
		}
		synctest.Wait()
		s.on("desk-pia", "B", false)
		s.wants("B", call.OnLine("desk-pia", call.Talking))
		if _, err := s.pia.Do(t.Context(), call.OpMessage, "B"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if c := s.card("B"); c.Place.Kind != call.Voicemail {
			t.Errorf("who is to leave a message is %+v", c)
		}
	})
}

// What a producer proposes comes before who just waits, and after whom the host made next.
func TestAHostsNextGoesBeforeAProducersProposals(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		for _, sid := range []call.Sid{"A", "B", "C"} {
			if _, err := s.host.Ready(t.Context(), station.Deed{Call: sid}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			s.Waiting(station.Arrival{Call: sid}, call.OnAir)
		}
		order := func() (sids []call.Sid) {
			cards := s.Picture().Cards
			slices.SortFunc(cards, func(a, b picture.Card) int { return int(1e6 * (a.Rank - b.Rank)) })
			for _, c := range cards {
				sids = append(sids, c.Call)
			}
			return sids
		}
		for _, step := range []struct {
			what string
			err  error
			want []call.Sid
		}{
			{"B is proposed", s.pia.Propose(t.Context(), "B"), []call.Sid{"B", "A", "C"}},
			{"C is made next", s.host.MakeNext(t.Context(), "C"), nil},
		} {
			if step.err != nil {
				t.Fatal(step.what, step.err)
			}
		}
		if err := s.pol.Propose(t.Context(), "A"); err != nil {
			t.Fatal(err)
		}
		if got := order(); !slices.Equal(got, []call.Sid{"C", "A", "B"}) {
			t.Errorf("the order is %v", got)
		}
		if err := s.pol.Propose(t.Context(), "A"); err != nil {
			t.Errorf("proposed once more: %v", err)
		}
		if code(s.pol.Propose(t.Context(), "C")) != "already_there" {
			t.Error("a producer puts a host's next elsewhere")
		}
		for sid, want := range map[call.Sid]picture.Ordered{"C": {As: call.OrderNext}, "A": {Desk: "pol", As: call.OrderProposed}, "B": {Desk: "pia", As: call.OrderProposed}} {
			if got := s.card(sid).Ordered; got == nil || *got != want {
				t.Errorf("%s was put there by %+v", sid, got)
			}
		}
	})
}

func TestADesksPhoneHasNoLineButItsOwn(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		for _, c := range []struct {
			desk call.DeskID
			line string
			may  bool
		}{
			{"pia", "desk-pia", true},
			{"", call.AirLine, true},
			{"", "desk", true},
			{"pia", call.AirLine, false},
			{"pia", "desk-pol", false},
			{"pia", "desk", false},
			{"eye", "desk-eye", false},
			{"nobody", "desk-nobody", false},
			{"", "studio-b", false},
			{"pia", call.OnAir, false},
			{"pia", "", false},
		} {
			if got := s.DeskCalls(c.desk, call.Sid("NEW-"+string(c.desk)+c.line), c.line, false); got != c.may {
				t.Errorf("the phone of %q comes onto %q: %v", c.desk, c.line, got)
			}
		}
	})
}

func TestARevokedDesksPhoneIsEnded(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		s.answers(s.pia, "desk-pia", "A")
		s.twilio.told()
		s.SetDesks([]call.Desk{{Name: "Host", Roles: call.Host, Studios: []call.Studio{""}}, {ID: "pol", Roles: call.Producer, Studios: []call.Studio{""}}})
		synctest.Wait()
		if did := s.twilio.told(); !slices.Contains(did, "end PHONE-pia") || slices.Contains(did, "end PHONE-pol") || slices.Contains(did, "end PHONE-") {
			t.Errorf("it did %q", did)
		}
		s.Ended("PHONE-pia", "completed")
		synctest.Wait()
		s.wants("A", call.OnLine("desk-pia", call.Held))
		s.twilio.told()
		s.on("desk-pia", "PHONE-pia-2", true) // of another of its pages, which was on the way
		if did := s.twilio.told(); !slices.Contains(did, "end PHONE-pia-2") {
			t.Errorf("a phone of a revoked desk that joins its line: it did %q", did)
		}
		for name, by := range map[string]station.Seat{"a host": s.host} {
			if _, err := by.Deed(t.Context(), station.Deed{Op: call.OpHold, Call: "A", Over: true}); code(err) == "not_allowed" {
				t.Errorf("%s cannot have the caller: %v", name, err)
			}
		}
	})
}

func TestWhatIsSaidToHostsStaysUntilOneHasSeenIt(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		if err := s.pia.Say(t.Context(), "Wrap up", true); err != nil {
			t.Fatal(err)
		}
		chat := s.Picture().Chat
		if len(chat) != 1 || chat[0].Text != "Wrap up" || chat[0].Desk != "pia" || !chat[0].ToHost || chat[0].Seen {
			t.Fatalf("the chat is %+v", chat)
		}
		if err := s.host.HasSeen(t.Context(), chat[0].Seq); err != nil {
			t.Fatal(err)
		}
		if chat := s.Picture().Chat; !chat[0].Seen {
			t.Errorf("the chat is %+v", chat)
		}
		if code(s.host.HasSeen(t.Context(), 1)) != "no_such_message" {
			t.Error("what was not said was seen")
		}
		synctest.Wait()
		s.Close()
		s.start()
		if chat := s.Picture().Chat; len(chat) != 1 || !chat[0].Seen {
			t.Errorf("after a restart it is %+v", chat)
		}
	})
}

// talkback lets a desk's second leg join the studio's line to speak to the host alone.
func (s screening) talkback(leg call.Sid, event string) {
	s.seq++
	s.Conference(station.ConferenceEvent{Event: event, Conference: "CF-" + call.AirLine, Line: call.AirLine, Call: leg, Talkback: true, Sequence: s.seq})
	synctest.Wait()
}

func TestTalkbackIsWithTheHostsLegAndNoCaller(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		for _, c := range []struct {
			desk call.DeskID
			line string
			may  bool
		}{{"pia", call.AirLine, true}, {"eye", call.AirLine, false}, {"nobody", call.AirLine, false}, {"pia", "desk-pol", false}, {"pia", "studio-b", false}} {
			if host, may := s.TalksBack(c.desk, "TB-"+call.Sid(c.desk), c.line); may != c.may || may && host != "PHONE-" {
				t.Errorf("%q talks back on %s: to %q, %v", c.desk, c.line, host, may)
			}
		}
		s.talkback("TB-pia", "participant-join")
		if l := s.Picture().Lines[0]; !slices.Equal(l.Talkback, []call.DeskID{"pia"}) || l.Leg != "PHONE-" {
			t.Errorf("the line is %+v", l)
		}
		if s.card("TB-pia") != nil {
			t.Error("it is a caller")
		}
		s.twilio.mu.Lock()
		s.twilio.where = map[call.Sid]call.Whereabouts{"TB-pia": {Line: call.AirLine, Talkback: true}, "PHONE-": {Line: call.AirLine, Desk: true}}
		s.twilio.mu.Unlock()
		time.Sleep(time.Minute) // it is compared with Twilio's lists
		synctest.Wait()
		if did := s.twilio.told(); s.card("TB-pia") != nil || slices.Contains(did, "end TB-pia") {
			t.Errorf("after a comparison it is %+v, and it did %q", s.card("TB-pia"), did)
		}
		s.Ended("PHONE-", "completed") // the host's
		synctest.Wait()
		if did := s.twilio.told(); !slices.Contains(did, "end TB-pia") {
			t.Errorf("nobody hears it, and it did %q", did)
		}
		s.talkback("TB-pia", "participant-leave")
		if l := s.Picture().Lines[0]; len(l.Talkback) != 0 {
			t.Errorf("it has left, and the line is %+v", l)
		}
	})
}

func TestAProducerSpeaksForItsOwnPhoneOnly(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		if err := s.host.Microphone("PHONE-", false, picture.SoundFlows, 0); err != nil {
			t.Fatal(err)
		}
		if err := s.pia.Microphone("PHONE-pia", true, picture.SoundFlows, 0); err != nil {
			t.Fatal(err)
		}
		for _, leg := range []call.Sid{"PHONE-", "PHONE-pol"} {
			if got := code(s.pia.Mute(t.Context(), leg, true)); got != "not_allowed" {
				t.Errorf("it mutes %s: %s", leg, got)
			}
			if got := code(s.pia.Microphone(leg, true, picture.SoundFlows, 0)); got != "not_allowed" {
				t.Errorf("it speaks for %s: %s", leg, got)
			}
			s.pia.LetPhoneGo(leg)
			s.Ended(leg, "completed")
			synctest.Wait()
		}
		for _, l := range s.Picture().Lines {
			if l.ByHand {
				t.Errorf("it let go of the phone of %s", l.Name)
			}
		}
		if m := s.Picture().Microphones; len(m) != 1 || m[0].Line != "desk-pia" || !m[0].Muted {
			t.Errorf("the microphones are %+v", m)
		}
	})
}

func TestAProducerPutsNobodyBeforeAHostsNext(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		for _, sid := range []call.Sid{"A", "B", "C"} {
			if _, err := s.host.Ready(t.Context(), station.Deed{Call: sid}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			s.Waiting(station.Arrival{Call: sid}, call.OnAir)
		}
		if err := s.pia.Order(t.Context(), "C", "A"); err != nil || s.Picture().Studios[0].Next != "C" || s.card("C").Rank <= 0 {
			t.Errorf("it puts C first: %v, %+v", err, s.card("C"))
		}
		if err := s.host.MakeNext(t.Context(), "B"); err != nil {
			t.Fatal(err)
		}
		if got := code(s.pia.Order(t.Context(), "A", "B")); got != "not_allowed" || s.Picture().Studios[0].Next != "B" {
			t.Errorf("it puts A before the host's next: %s", got)
		}
		s.answers(s.pol, "desk-pol", "A")
		if _, err := s.host.Deed(t.Context(), station.Deed{Op: call.OpTake, Call: "A", Over: true}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.on(call.AirLine, "A", false)
		if got := code(s.pia.Lock(t.Context(), "A", true)); got != "not_allowed" {
			t.Errorf("it locks who is on air: %s", got)
		}
	})
}

// What a desk that bypasses its page asks for is refused where the page offers nothing.
func TestADeskGetsNoMoreByBypassingItsPage(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		if s.DeskCalls("pia", "D", "desk-pia", true) {
			t.Error("a producer's phone takes callers straight from the queue")
		}
		s.answers(s.pia, "desk-pia", "A")
		if _, err := s.pia.Do(t.Context(), call.OpAnswer, "B"); code(err) != "already_there" {
			t.Errorf("two callers hear each other: %v", err)
		}
		if _, err := s.pia.Ready(t.Context(), station.Deed{Call: "A"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.Waiting(station.Arrival{Call: "A"}, call.OnAir)
		if _, err := s.host.Next(t.Context(), "A"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.on(call.AirLine, "A", false)
		if _, err := s.pol.Undo(t.Context(), "A"); code(err) != "not_allowed" {
			t.Errorf("a producer takes a Next back: %v", err)
		}
		s.wants("A", call.OnLine(call.AirLine, call.Talking))
	})
}

// What is said to the host's ears is said to one phone of the host's: another one that
// takes the line ends it, and so does the closing of the first.
func TestTalkbackEndsWithTheHostsPhone(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		for _, goes := range []func(){
			func() { s.DeskCalls("", "PHONE-2", call.AirLine, false); s.on(call.AirLine, "PHONE-2", true) },
			func() { s.Ended("PHONE-2", "completed"); synctest.Wait() },
		} {
			s.TalksBack("pia", "TB", call.AirLine)
			s.talkback("TB", "participant-join")
			s.twilio.told()
			goes()
			if did := s.twilio.told(); !slices.Contains(did, "end TB") {
				t.Errorf("it did %q", did)
			}
		}
	})
}

// A right that is taken away ends what was begun by it, at the next look at the latest.
func TestTalkbackEndsWithTheRightToIt(t *testing.T) {
	screen(t, func(t *testing.T, s screening) {
		s.TalksBack("pia", "TB", call.AirLine)
		s.talkback("TB", "participant-join")
		s.twilio.told()
		left := []call.Desk{{Name: "Host", Roles: call.Host, Studios: []call.Studio{""}}, {ID: "pia", Roles: call.Producer, Studios: []call.Studio{"b"}}}
		s.SetDesks(left)
		synctest.Wait()
		if did := s.twilio.told(); !slices.Contains(did, "end TB") {
			t.Errorf("it did %q", did)
		}
		time.Sleep(time.Minute) // the first request may have failed
		synctest.Wait()
		if did := s.twilio.told(); !slices.Contains(did, "end TB") {
			t.Errorf("at a comparison it did %q", did)
		}
	})
}
