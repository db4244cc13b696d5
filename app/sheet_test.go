package app

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/journal"
)

// opened is when the show of these tests was opened.
var opened = time.Date(2026, 11, 25, 13, 0, 0, 0, time.UTC)

// later is a fact, so many seconds after the opening.
type later struct {
	after float64
	call.Fact
}

// aired is a desk whose journal has one show, in which this happened.
func aired(t *testing.T, happened ...later) desk.Seat {
	t.Helper()
	room, _ := archive(t)
	j, err := journal.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	facts := []call.Fact{call.ShowIs(call.ShowOpening, nil)}
	for _, h := range happened {
		facts = append(facts, h.Fact)
	}
	for i := range facts {
		facts[i].Seq, facts[i].At = int64(i+1), opened.UnixMilli()
		if i > 0 {
			facts[i].At += int64(happened[i-1].after * 1000)
		}
	}
	if err := j.Append(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	room.Record = j
	return room
}

func rang(sid call.Sid, number, name string) call.Fact {
	return call.Fact{Kind: call.Arrived, Call: sid, Number: &number, Name: &name}
}

func begins(sid call.Sid, op call.Op, to call.Place) call.Fact {
	return call.Fact{Kind: call.Began, Call: sid, By: op, Place: &to}
}

func placed(sid call.Sid, at call.Place) call.Fact {
	return call.Fact{Kind: call.Placed, Call: sid, Place: &at}
}

var (
	inQueue = call.InQueue("on-air")
	talking = call.OnLine("studio", call.Talking)
	held    = call.OnLine("studio", call.Held)
	parked  = call.Place{Kind: call.Park}
	closing = call.Place{Kind: call.Closing}
)

// evening is a show as shows go: Ana is aired and dropped by Next for Ben, who loses
// the desk's phone; Cleo gives up; Dev hears the closing words and leaves a message;
// Eve rings when it is closed.
func evening(t *testing.T) desk.Seat {
	topic, place := "=HYPERLINK(\"http://evil\")", "Leeds;=1+1"
	droppedByNext := begins("CA1", call.OpDrop, parked)
	droppedByNext.Next = "CA2"
	droppedByNext.Desk = "joe1"
	nextOfJoe := begins("CA2", call.OpNext, talking)
	nextOfJoe.Desk = "joe1"
	return aired(
		t,
		later{0, call.ShowIs(call.ShowOpen, nil)},
		later{1, call.PhoneHas("studio", "DESK", call.PhoneOnLine)},
		later{10, rang("CA1", "+12015550101", "Ana")},
		later{12, placed("CA1", inQueue)},
		later{13, call.Fact{Kind: call.Noted, Call: "CA1", Topic: &topic, Location: &place}},
		later{20, rang("CA2", "+447700900123", "Ben")},
		later{22, placed("CA2", inQueue)},
		later{30, rang("CA3", "", "=cmd|'/c calc'!A1")},
		later{31, placed("CA3", inQueue)},
		later{40, begins("CA1", call.OpNext, talking)},
		later{40.2, call.LeftAs("CA1", "redirected")},
		later{41, placed("CA1", talking)},
		later{90, call.Fact{Kind: call.Troubled, Code: string(call.TroubleTwilio), On: true}},
		later{100, droppedByNext},
		later{100, nextOfJoe},
		later{100.2, placed("CA1", parked)},
		later{108, placed("CA2", talking)}, // after eight seconds
		later{110.2, call.EndedAs("CA1", "completed")},
		later{112, call.LeftAs("CA3", call.QueueHangup)},
		later{112, call.EndedAs("CA3", "completed")},
		later{130, call.Fact{Kind: call.Troubled, Code: string(call.TroubleTwilio), Seconds: 40}},
		later{138, call.PhoneHasNot("studio", "DESK", call.PhoneOnLine)},
		later{138, begins("CA2", call.OpLost, held)},
		later{138.5, placed("CA2", held)},
		later{150, rang("CA4", "+12015550104", "Dev")},
		later{151, placed("CA4", inQueue)},
		later{160, call.EndedAs("CA2", "completed")},
		later{200, call.ShowIs(call.ShowClosing, nil)},
		later{200, begins("CA4", call.OpClose, closing)},
		later{201, placed("CA4", closing)},
		later{202, call.ShowIs(call.ShowClosed, nil)},
		later{203, placed("CA4", call.Place{Kind: call.Voicemail})},
		later{212, call.Fact{Kind: call.Recorded, Call: "CA4", Recording: "RE1", Seconds: 7}},
		later{213, call.EndedAs("CA4", "completed")},
		later{300, rang("CA5", "+12015550105", "Eve")},
		later{301, placed("CA5", closing)},
		later{305, call.EndedAs("CA5", "completed")},
	)
}

func TestTheSheetOfAShowSaysWhatBecameOfEachCaller(t *testing.T) {
	s := ask[desk.Sheet](t, evening(t), "sheet", `{"show":1}`)
	var got []string
	for _, c := range s.Callers {
		got = append(got, fmt.Sprintf("%s: waited %d, on air %d, by %q, %s %q", c.Call, c.WaitedMs, c.AiredMs, c.Taken, c.Left, c.Failed))
	}
	want := []string{
		`CA1: waited 31000, on air 59200, by "Next at the desk", Dropped by Next at the desk “Joe at home” []`,
		`CA2: waited 88000, on air 30500, by "Next at the desk “Joe at home”", Hung up ["On air (Twilio took 8 s)" "Put on hold by Callin: the desk's phone was lost"]`,
		`CA3: waited 82000, on air 0, by "", Hung up while waiting []`,
		`CA4: waited 51000, on air 0, by "", Left a message []`,
		`CA5: waited 1000, on air 0, by "", Not let in: the show was closed, or full []`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(desk.Totals{
		Callers: 5, Aired: 2, GaveUp: 1, SentAway: 1, NotLetIn: 1, Messages: 1, Failed: 1,
		LongestWaitMs: 88000, MeanWaitMs: 63000, AiredMs: 89700,
	}, s.Totals); diff != "" {
		t.Error(diff)
	}
	var wrong []string
	for _, trouble := range s.Troubles {
		wrong = append(wrong, trouble.What)
	}
	if diff := cmp.Diff([]string{"Twilio did not answer", "The desk's phone was lost"}, wrong); diff != "" {
		t.Error(diff)
	}
}

func TestTheRecordHasALineForEachCallerWithWhatHappenedInTheDesksWords(t *testing.T) {
	room := evening(t)
	lines := ask[desk.Page](t, room, "record", `{"show":1,"search":"ana"}`).Lines
	if len(lines) != 1 {
		t.Fatalf("Ana has the lines %+v", lines)
	}
	var got []string
	for _, step := range lines[0].Steps {
		got = append(got, step.What)
	}
	if diff := cmp.Diff([]string{
		"Rang in", "Waits in the queue on air", "Card: location “Leeds;=1+1”, topic “=HYPERLINK(\"http://evil\")”",
		"Next was pressed at the desk", "On air", "Dropped, as Next was pressed at the desk “Joe at home”",
		"Off air; can be brought back for a moment", "The call is over",
	}, got); diff != "" {
		t.Error(diff)
	}
	got = nil
	for _, l := range ask[desk.Page](t, room, "record", `{"show":1,"failed":true}`).Lines {
		got = append(got, l.What)
	}
	if diff := cmp.Diff([]string{"The desk's phone was lost", "Twilio did not answer", "On air 00:30 by Next at the desk “Joe at home” · Hung up"}, got); diff != "" {
		t.Error("what failed:", diff)
	}
	if all := ask[desk.Page](t, room, "record", `{"show":1}`); len(all.Lines) != 13 || all.Lines[2].What != "The show was closed; who waits hears the closing words" {
		t.Errorf("the record is %+v", all.Lines)
	}
}

// What a spreadsheet makes of a cell follows from its first sign, and from a
// semicolon where that parts cells. LibreOffice and Excel read the rest by the byte
// order mark and by what a date looks like.
func TestTheCsvIsOneLineForEachCallerAndNoFormula(t *testing.T) {
	room := evening(t)
	room.Zone = time.FixedZone("", 3600)
	server, sessions := served(t, room)
	answer, err := contract.Enter(t, server.URL+"/?code="+sessions.Code(0)).Get(server.URL + "/api/record/1.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	text, marked := strings.CutPrefix(string(b), "\ufeff")
	if err != nil || answer.StatusCode != http.StatusOK || !marked || strings.Count(text, "\r\n") != 6 || strings.Count(text, "\n") != 6 {
		t.Fatalf("%d %q, %v", answer.StatusCode, b, err)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{
		{"Name", "Place", "Number", "Topic", "From studio", "Arrived", "Ended", "Arrived (UTC)", "Ended (UTC)", "Waited (s)", "On air (s)", "Message (s)", "Taken by", "How it ended", "What failed", "Call"},
		{"Ana", "Leeds;\u200b=1+1", "+1 201 555 0101", "\u200b=HYPERLINK(\"http://evil\")", "", "2026-11-25 14:00:10", "2026-11-25 14:01:50", "2026-11-25 13:00:10", "2026-11-25 13:01:50", "31", "59", "0", "Next at the desk", "Dropped by Next at the desk “Joe at home”", "", "CA1"},
		{"Ben", "", "\u200b+447 700 900 123", "", "", "2026-11-25 14:00:20", "2026-11-25 14:02:40", "2026-11-25 13:00:20", "2026-11-25 13:02:40", "88", "31", "0", "Next at the desk “Joe at home”", "Hung up", "On air (Twilio took 8 s); Put on hold by Callin: the desk's phone was lost", "CA2"},
		{"\u200b=cmd|'/c calc'!A1", "", "", "", "", "2026-11-25 14:00:30", "2026-11-25 14:01:52", "2026-11-25 13:00:30", "2026-11-25 13:01:52", "82", "0", "0", "", "Hung up while waiting", "", "CA3"},
	}, rows[:4]); diff != "" {
		t.Error(diff)
	}
}

// A call that goes on when the next show is opened is told whole, where it rang in.
func TestACallThatOutlivesItsShowIsToldInIt(t *testing.T) {
	room := aired(
		t,
		later{10, rang("CA1", "+12015550101", "Ana")},
		later{11, placed("CA1", inQueue)},
		later{20, begins("CA1", call.OpTake, talking)},
		later{21, placed("CA1", talking)},
		later{30, call.ShowIs(call.ShowClosed, nil)},
		later{40, call.ShowIs(call.ShowOpening, nil)},
		later{51, call.EndedAs("CA1", "completed")},
	)
	first := ask[desk.Sheet](t, room, "sheet", `{"show":1}`).Callers
	if len(first) != 1 || first[0].AiredMs != 30000 || first[0].Left != "Hung up" {
		t.Errorf("the first show has %+v", first)
	}
	if second := ask[desk.Sheet](t, room, "sheet", `{"show":7}`).Callers; len(second) != 0 {
		t.Errorf("the second show has %+v", second)
	}
	lines := ask[desk.Page](t, room, "record", `{"show":1}`).Lines
	if i := slices.IndexFunc(lines, func(l desk.RecordLine) bool { return l.Caller != nil }); i < 0 || len(lines[i].Steps) != 5 {
		t.Errorf("the record has %+v", lines)
	}
}

// A clock that is put is no time that somebody waited.
func TestTheSheetCountsNoTimeForAClockThatWasPut(t *testing.T) {
	room := aired(
		t,
		later{10, rang("CA1", "+12015550101", "Ana")},
		later{11, placed("CA1", inQueue)},
		later{3615, call.Fact{Kind: call.ClockSet, Step: 3600_000}},
		later{3620, call.EndedAs("CA1", "completed")},
	)
	if c := ask[desk.Sheet](t, room, "sheet", `{"show":1}`).Callers; len(c) != 1 || c[0].WaitedMs != 10000 {
		t.Errorf("the callers are %+v", c)
	}
}

// What the telephone network says is told in the desk's words, or not at all; and who
// brought a caller to air is told also where no press at the desk did.
func TestWhatFailedAndWhoTookACallerAreTold(t *testing.T) {
	bridged := placed("CA2", call.Place{Kind: call.Bridge})
	bridged.Leg = "TEL"
	room := aired(
		t,
		later{1, rang("CA1", "+12015550101", "Ana")},
		later{2, call.LeftAs("CA1", call.QueueFull)},
		later{3, call.EndedAs("CA1", "completed")},
		later{4, call.PhoneHas("studio", "TEL", call.PhoneTelephone)},
		later{5, rang("CA2", "+12015550102", "Ben")},
		later{6, placed("CA2", inQueue)},
		later{7, begins("CA2", call.OpTake, talking)},
		later{8, call.NotDone("CA2", 8, call.CodeBusy, "Twilio was too busy.")},
		later{9, call.LeftAs("CA2", call.QueueBridged)},
		later{9, bridged},
		later{12, call.EndedAs("CA2", "failed")},
	)
	var got []string
	for _, c := range ask[desk.Sheet](t, room, "sheet", `{"show":1}`).Callers {
		got = append(got, fmt.Sprintf("%s: by %q, %s %q", c.Name, c.Taken, c.Left, c.Failed))
	}
	if diff := cmp.Diff([]string{
		`Ana: by "", Hung up while waiting ["The queue was full"]`,
		`Ben: by "* on a telephone", The line broke off ["Not done: Twilio was too busy." "The line broke off"]`,
	}, got); diff != "" {
		t.Error(diff)
	}
}
