package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/call"
	"callin/app/desk"
)

// twoShows is a station of two studios, whose shows open in the first two facts, in which
// this happened; what was heard of a call last is its studio's of before.
func twoShows(t *testing.T, happened ...later) desk.Seat {
	t.Helper()
	b := call.ShowIs(call.ShowOpening, nil)
	b.Studio = "b"
	room := aired(t, append([]later{{0, b}}, happened...)...)
	room.By.Studios = []call.Studio{"", "b"}
	return room
}

func of(studio call.Studio, f call.Fact) call.Fact {
	f.Studio = studio
	return f
}

// askIn is ask in one of the studios.
func askIn[Result any](t *testing.T, room desk.Seat, in call.Studio, op, body string) (result Result) {
	t.Helper()
	raw, refused := room.Operate(t.Context(), desk.Ask{Studio: in, Name: op, Body: []byte(body)})
	if refused != nil {
		t.Fatal(op, body, refused)
	}
	if err := json.Unmarshal(raw, &result); err != nil {
		t.Fatal(op, body, err)
	}
	return result
}

var inQueueOfB = call.InQueue("on-air-b")

// exchanged is a show of each studio: Ana is given to the other one, given back and
// aired here; Ben is aired here, given away and aired there; Cleo is given away and
// leaves a message there; Dev is given away and is there still.
func exchanged(t *testing.T) desk.Seat {
	late := "what the other studio types"
	return twoShows(
		t,
		later{10, rang("CA1", "+12015550101", "Ana")},
		later{10, placed("CA1", inQueue)},
		later{20, begins("CA1", call.OpGive, inQueueOfB)},
		later{21, placed("CA1", inQueueOfB)},
		later{25, of("b", call.Fact{Kind: call.Noted, Call: "CA1", Topic: &late})},
		later{30, of("b", begins("CA1", call.OpGive, inQueue))},
		later{31, of("b", placed("CA1", inQueue))},
		later{40, begins("CA1", call.OpTake, talking)},
		later{40, placed("CA1", talking)},
		later{45, call.EndedAs("CA1", "completed")},

		later{50, rang("CA2", "+12015550102", "Ben")},
		later{50, placed("CA2", inQueue)},
		later{51, placed("CA2", talking)},
		later{60, begins("CA2", call.OpGive, inQueueOfB)},
		later{60, placed("CA2", inQueueOfB)},
		later{63, of("b", begins("CA2", call.OpTake, call.OnLine("studio-b", call.Talking)))},
		later{63, of("b", placed("CA2", call.OnLine("studio-b", call.Talking)))},
		later{67, of("b", call.Fact{Kind: call.Noted, Call: "CA2", Topic: &late})},
		later{70, of("b", call.EndedAs("CA2", "completed"))},

		later{80, rang("CA3", "+12015550103", "Cleo")},
		later{80, placed("CA3", inQueue)},
		later{85, begins("CA3", call.OpGive, inQueueOfB)},
		later{85, placed("CA3", inQueueOfB)},
		later{86, of("b", placed("CA3", call.Place{Kind: call.Voicemail}))},
		later{90, of("b", call.Fact{Kind: call.Recorded, Call: "CA3", Recording: "RE1", Seconds: 4})},
		later{90, of("b", call.EndedAs("CA3", "completed"))},

		later{100, rang("CA4", "+12015550104", "Dev")},
		later{100, placed("CA4", inQueue)},
		later{105, begins("CA4", call.OpGive, inQueueOfB)},
		later{105, placed("CA4", inQueueOfB)},
		later{120, of("b", call.ShowIs(call.ShowClosed, nil))},
		later{120, call.ShowIs(call.ShowClosed, nil)},
	)
}

func TestAGivenCallerIsInTheSheetsOfBothStudiosWithTheirShareOfTheCall(t *testing.T) {
	room := exchanged(t)
	type sheet struct {
		Lines  []string
		Totals desk.Totals
	}
	for studio, want := range map[call.Studio]sheet{
		"": {[]string{
			`CA1 "" from 10 to 45, waited 20000, on air 5000, Hung up`,
			`CA2 "" from 50 to 60, waited 1000, on air 9000, Given to Studio B`,
			`CA3 "" from 80 to 85, waited 5000, on air 0, Given to Studio B`,
			`CA4 "" from 100 to 105, waited 5000, on air 0, Given to Studio B`,
		}, desk.Totals{Callers: 4, Aired: 2, GivenAway: 2, LongestWaitMs: 20000, MeanWaitMs: 7750, AiredMs: 14000}},
		"b": {[]string{
			`CA1 "Studio A" from 21 to 31, waited 10000, on air 0, Given to Studio A`,
			`CA2 "Studio A" from 60 to 70, waited 3000, on air 7000, Hung up`,
			`CA3 "Studio A" from 85 to 90, waited 1000, on air 0, Left a message`,
		}, desk.Totals{Callers: 4, Aired: 1, GivenAway: 1, SentAway: 1, StillHere: 1, Messages: 1, AiredMs: 7000}},
	} {
		show := map[call.Studio]string{"": `{"show":1}`, "b": `{"show":2}`}[studio]
		s := askIn[desk.Sheet](t, room, studio, "sheet", show)
		var got sheet
		second := func(ms int64) int64 { return (ms - opened.UnixMilli()) / 1000 }
		for _, c := range s.Callers {
			if c.Ended == 0 {
				if c.Call != "CA4" || studio != "b" || c.Name != "Dev" || c.Left != "Still here: waits in the queue on air b" {
					t.Errorf("studio %q has %+v still", studio, c)
				}
				s.Totals.LongestWaitMs, s.Totals.MeanWaitMs = 0, 0 // up to now
				continue
			}
			got.Lines = append(got.Lines, fmt.Sprintf("%s %q from %d to %d, waited %d, on air %d, %s",
				c.Call, c.From, second(c.Arrived), second(c.Ended), c.WaitedMs, c.AiredMs, c.Left))
		}
		got.Totals = s.Totals
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("studio %q: %s", studio, diff)
		}
		if shows := askIn[desk.Shows](t, room, studio, "shows", `{}`).Shows; len(shows) != 1 || shows[0].Calls != 4 {
			t.Errorf("studio %q has the shows %+v", studio, shows)
		}
		curve := askIn[desk.Curve](t, room, studio, "curve", show)
		if last := curve.Points[len(curve.Points)-1]; curve.MostWaiting != 1 || (last.Waiting == 1) != (studio == "b") {
			t.Errorf("studio %q has the curve %+v", studio, curve)
		}
	}
}

// Each studio's record and CSV tell its part of the call, and nothing that the other
// one typed after it.
func TestARecordTellsFromWhereAndToWhereACallerWasGiven(t *testing.T) {
	room := exchanged(t)
	for studio, want := range map[call.Studio][]string{
		"": {
			"On air 00:09 by a press that is not known · Given to Studio B", "Rang in", "Waits in the queue on air", "On air", "Given at the desk to another studio",
			"Given to Studio B",
		},
		"b": {
			"From Studio A · On air 00:07 by Take at the desk · Hung up", "From Studio A: waits in the queue on air b",
			"Take was pressed at the desk", "On air", "Card: topic “what the other studio types”", "Hung up",
		},
	} {
		show := map[call.Studio]string{"": `{"show":1,"search":"ben"}`, "b": `{"show":2,"search":"ben"}`}[studio]
		lines := askIn[desk.Page](t, room, studio, "record", show).Lines
		if len(lines) != 1 {
			t.Fatalf("studio %q: Ben has the lines %+v", studio, lines)
		}
		got := []string{lines[0].What}
		for _, step := range lines[0].Steps {
			got = append(got, step.What)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("studio %q: %s", studio, diff)
		}
	}
	if ana := askIn[desk.Page](t, room, "", "record", `{"show":1,"search":"ana"}`).Lines; len(ana) != 1 || len(ana[0].Steps) != 8 {
		t.Errorf("Ana, who was given back, has the lines %+v", ana)
	}
	for studio, show := range map[call.Studio]int64{"": 1, "b": 2} {
		export, refused := room.Export(t.Context(), studio, show, desk.CSV)
		var text strings.Builder
		if refused != nil || export.Write(t.Context(), &text) != nil {
			t.Fatal(studio, refused)
		}
		rows, err := csv.NewReader(strings.NewReader(text.String())).ReadAll()
		if err != nil || len(rows) != 5 {
			t.Fatalf("studio %q has %q, %v", studio, rows, err)
		}
		ben := rows[2]
		got := strings.Join(append(ben[2:5:5], ben[9], ben[10], ben[13]), "|")
		if want := map[call.Studio]string{
			"": "+1 201 555 0102|||1|9|Given to Studio B", "b": "+1 201 555 0102|what the other studio types|Studio A|3|7|Hung up",
		}[studio]; got != want {
			t.Errorf("studio %q has the line %q", studio, got)
		}
	}
}

// Who is given back when the next show is open goes on in the line of the show in which
// they rang.
func TestACallerWhoComesBackInTheNextShowIsNoNewOne(t *testing.T) {
	room := twoShows(
		t,
		later{10, rang("CA1", "+12015550101", "Ana")},
		later{10, placed("CA1", inQueue)},
		later{20, begins("CA1", call.OpGive, inQueueOfB)},
		later{20, placed("CA1", inQueueOfB)},
		later{30, call.ShowIs(call.ShowClosed, nil)},
		later{40, call.ShowIs(call.ShowOpening, nil)},
		later{50, of("b", begins("CA1", call.OpGive, inQueue))},
		later{50, of("b", placed("CA1", inQueue))},
		later{55, call.EndedAs("CA1", "completed")},
	)
	first := ask[desk.Sheet](t, room, "sheet", `{"show":1}`).Callers
	if len(first) != 1 || first[0].WaitedMs != 15000 || first[0].Left != "Hung up while waiting" {
		t.Errorf("the first show has %+v", first)
	}
	if second := ask[desk.Sheet](t, room, "sheet", `{"show":8}`); second.Totals.Callers != 0 || second.Show.Calls != 0 {
		t.Errorf("the second show has %+v", second)
	}
	if lines := ask[desk.Page](t, room, "record", `{"show":8,"search":"ana"}`).Lines; len(lines) != 0 {
		t.Errorf("the second show's record has %+v", lines)
	}
}

// Two studios may open their shows in the same minute.
func TestSavedRecordsOfTwoStudiosAreTwoFiles(t *testing.T) {
	room := exchanged(t)
	for studio, show := range map[call.Studio]string{"": `{"show":1,"format":"csv"}`, "b": `{"show":2,"format":"csv"}`} {
		name := filepath.Base(askIn[desk.Saved](t, room, studio, "saveRecord", show).Path)
		if strings.HasSuffix(name, "-b.csv") != (studio == "b") {
			t.Errorf("studio %q has its record in %s", studio, name)
		}
	}
	if files, err := os.ReadDir(room.Exports); err != nil || len(files) != 2 {
		t.Errorf("saved are %v, %v", files, err)
	}
}
