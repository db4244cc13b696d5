package app

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/journal"
	"callin/app/picture"
	"callin/app/station"
	"callin/app/web"
)

// nobody is a Twilio without calls.
type nobody struct{ station.Carrier }

func (nobody) Survey(context.Context, []string, []string) (map[call.Sid]call.Whereabouts, error) {
	return nil, nil
}

func (nobody) OpenQueue(_ context.Context, name string, _ int) (string, error) {
	return "QU" + name, nil
}

// archive is a desk whose journal has two shows: a short one, and one in which
// 300 callers rang in.
func archive(t *testing.T) (desk.Seat, string) {
	t.Helper()
	dir := t.TempDir()
	j, err := journal.Open(t.Context(), filepath.Join(dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	facts := []call.Fact{{Kind: call.ShowSet, Code: "opening"}, {Kind: call.ShowSet, Code: "closed"}, {Kind: call.ShowSet, Code: "opening"}}
	for i := range 300 {
		sid, number, name, topic := call.Sid(fmt.Sprintf("CA%032x", i)), fmt.Sprintf("+12015550%03d", i), fmt.Sprintf("Caller %03d", i), "=SUM(A1)"
		facts = append(
			facts,
			call.Fact{Kind: call.Arrived, Call: sid, Number: &number, Name: &name},
			call.Fact{Kind: call.Noted, Call: sid, Topic: &topic},
			call.Fact{Kind: call.Ended, Call: sid, Code: "completed"},
		)
	}
	facts = append(facts, call.Fact{Kind: call.ShowSet, Code: "closed"})
	for i := range facts {
		facts[i].Seq, facts[i].At = int64(i+1), 1767600000000+int64(i)*1000
	}
	if err := j.Append(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	show, err := station.New(t.Context(), station.Options{Studios: []picture.Studio{{Name: "Studio A", Show: picture.Show{Name: "Test", ParkMs: 1000}}, {ID: "b", Name: "Studio B"}}, Journal: j, Carrier: nobody{}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	show.Start()
	t.Cleanup(show.Close)
	room := &desk.Room{Station: show, Record: j, Exports: filepath.Join(dir, "records"), Desks: named{}, Log: log}
	return room.Seat(contract.Desk), dir
}

func ask[Result any](t *testing.T, r desk.Seat, op, body string) (result Result) {
	t.Helper()
	raw, refused := r.Operate(t.Context(), desk.Ask{Name: op, Body: []byte(body)})
	if refused != nil {
		t.Fatal(op, body, refused)
	}
	if err := json.Unmarshal(raw, &result); err != nil {
		t.Fatal(op, body, err)
	}
	return result
}

// named are desks of which Joe's was revoked.
type named struct{ desk.Desks }

func (named) Name(id call.DeskID) string { return map[call.DeskID]string{"joe1": "Joe at home"}[id] }

// served is a room's door for browsers.
func served(t *testing.T, room desk.Seat) (*httptest.Server, *web.Sessions) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	host := server.Listener.Addr().String()
	sessions := web.NewSessions(host, t.TempDir(), nil, func([]string) error { return nil })
	server.Config.Handler = web.New(web.Options{At: room, Sessions: sessions, Host: host, Page: fstest.MapFS{"index.html": {}}})
	server.Start()
	t.Cleanup(server.Close)
	return server, sessions
}

func TestEveryCallerOfAShowIsListedSearchedAndExported(t *testing.T) {
	room, _ := archive(t)
	shows := ask[struct{ Shows []call.Edition }](t, room, "shows", `{}`).Shows
	if len(shows) != 2 || shows[0].Show != 3 || shows[0].Calls != 300 || shows[0].Closed == 0 || shows[1].Calls != 0 {
		t.Fatalf("the shows are %+v", shows)
	}
	seen, last, pages := 0, int64(1<<62), 0
	for before := int64(0); ; pages++ {
		p := ask[desk.Page](t, room, "record", fmt.Sprintf(`{"show":3,"before":%d}`, before))
		for _, l := range p.Lines {
			if l.Seq >= last {
				t.Fatalf("line %d follows %d", l.Seq, last)
			}
			if last = l.Seq; l.Caller != nil && len(l.Steps) != 3 {
				t.Errorf("%s has the steps %+v", l.Caller.Name, l.Steps)
			}
		}
		seen += len(p.Lines)
		if before = p.Before; before == 0 {
			break
		}
	}
	if seen != 302 || pages != 3 { // the callers, the opening and the closing
		t.Errorf("%d lines on %d further pages, want 302 on 3", seen, pages)
	}
	for search, want := range map[string]int{"CALLER 112": 1, "0112 rang": 1, "+12015550112": 1, "sum(a1) 112": 1, "opened": 1, "nobody": 0} {
		if p := ask[desk.Page](t, room, "record", fmt.Sprintf(`{"show":3,"search":%q}`, search)); len(p.Lines) != want {
			t.Errorf("%q is found %d times, want %d", search, len(p.Lines), want)
		}
	}

	server, sessions := served(t, room)
	browser := http.DefaultClient
	get := func(path string) (int, string) {
		r, err := browser.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		return r.StatusCode, string(b)
	}
	if status, _ := get("/api/record/3.csv"); status != http.StatusUnauthorized {
		t.Errorf("without a key: %d", status)
	}
	browser = contract.Enter(t, server.URL+"/?code="+sessions.Code(0))
	_, text := get("/api/record/3.csv")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 301 {
		t.Fatalf("the CSV has %d rows, not one for each caller and the heads: %v", len(rows), err)
	}
	var facts []struct {
		Seq  int64
		Name string
		Fact call.Fact
	}
	if _, text := get("/api/record/3.json"); json.Unmarshal([]byte(text), &facts) != nil || len(facts) != 903 || facts[1].Name != "Caller 000" || *facts[2].Fact.Topic != "=SUM(A1)" {
		t.Errorf("the JSON has %d facts", len(facts))
	}
	for _, path := range []string{"9.csv", "3.exe", "x", "3", "-1.json"} {
		if status, _ := get("/api/record/" + path); status != http.StatusNotFound && status != http.StatusBadRequest {
			t.Errorf("%s: %d", path, status)
		}
	}
	saved := ask[struct{ Path string }](t, room, "saveRecord", `{"show":3,"format":"csv"}`).Path
	b, err := os.ReadFile(saved)
	if err != nil || string(b) != text {
		t.Errorf("%s is not what a browser downloads: %v", saved, err)
	}
	if _, text := get("/api/record/3.json"); strings.Count(text, `"what":"The record was saved as `) != 3 {
		t.Errorf("the JSON does not tell of the three files saved before")
	}
	if info, err := os.Stat(saved); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v", info.Mode())
	}
}

func TestAPersonIsForgottenAndTheRecordStays(t *testing.T) {
	room, dir := archive(t)
	if got := ask[struct{ Calls int }](t, room, "forget", `{"number":"+1 (201) 555-0112"}`).Calls; got != 1 {
		t.Errorf("%d calls were forgotten", got)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "journal.db*"))
	for _, file := range files {
		if b, _ := os.ReadFile(file); strings.Contains(string(b), "+12015550112") || strings.Contains(string(b), "Caller 112") {
			t.Errorf("%s has the person still", file)
		}
	}
	p := ask[desk.Page](t, room, "record", `{"show":3,"search":"caller 112"}`)
	all := ask[desk.Sheet](t, room, "sheet", `{"show":3}`)
	if len(p.Lines) != 0 || len(all.Callers) != 300 {
		t.Errorf("%d lines tell of the person, %d calls are in the record", len(p.Lines), len(all.Callers))
	}
	caller := station.Arrival{Call: "CA1", Number: "+12015550113"}
	room.Station.Arrive(caller)
	if _, err := room.Operate(t.Context(), desk.Ask{Name: "forget", Body: []byte(`{"number":"+12015550113"}`)}); err == nil || !strings.Contains(err.Error(), "on_the_phone") {
		t.Errorf("a caller on the telephone: %v", err)
	}
}

// What a browser saved Callin cannot delete: it names the files that the person is
// in, and no others, and the record goes on naming them.
func TestWhoIsForgottenIsNamedTheFilesThatHoldThem(t *testing.T) {
	room, _ := archive(t)
	server, sessions := served(t, room)
	browser := contract.Enter(t, server.URL+"/?code="+sessions.Code(0))
	download := func(file string) (name string) {
		answer, err := browser.Get(server.URL + "/api/record/" + file)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		_, params, err := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
		if _, halfway := io.Copy(io.Discard, answer.Body); err != nil || halfway != nil {
			t.Fatal(err, halfway)
		}
		return params["filename"]
	}
	forget := func(number string) (names []string) {
		answer, err := browser.Post(server.URL+"/api/op/forget", "application/json", strings.NewReader(`{"number":"`+number+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var told desk.Forgotten
		if err := json.NewDecoder(answer.Body).Decode(&told); err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(answer.Status, err)
		}
		for _, f := range told.Files {
			if age := time.Since(time.UnixMilli(f.At)); age < 0 || age > time.Minute {
				t.Errorf("%s was saved %v ago", f.Name, age)
			}
			names = append(names, f.Name)
		}
		return names
	}
	if names := forget("+12015550100"); len(names) > 0 {
		t.Errorf("before anything was saved: %v", names)
	}
	download("1.csv") // of a show in which nobody rang
	csv, json := download("3.csv"), download("3.json")
	saved := ask[desk.Saved](t, room, "saveRecord", `{"show":3,"format":"csv"}`).Path
	ask[desk.Saved](t, room, "saveRecord", `{"show":3,"format":"csv"}`) // in place of the one before
	if err := room.Station.Seat(contract.Desk, "").Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	download(fmt.Sprintf("%d.csv", ask[desk.Shows](t, room, "shows", `{}`).Shows[0].Show)) // of a show in which nobody has rung yet
	late := station.Arrival{Call: "CA9", Number: "+12015550999"}
	room.Station.Arrive(late)
	room.Station.Ended(late.Call, "completed")
	want := []string{csv, json, saved}
	if names := forget("+12015550112"); !slices.Equal(names, want) || !strings.HasSuffix(csv, ".csv") {
		t.Errorf("named are %v, want %v", names, want)
	}
	for _, number := range []string{"+12015550999", "+12015550100", "+12015550112"} {
		if names := forget(number); len(names) > 0 {
			t.Errorf("%s is in none, or has been named them: %v", number, names)
		}
	}
	told := ask[desk.Page](t, room, "record", fmt.Sprintf(`{"show":%d,"search":"data was deleted %s"}`, ask[desk.Shows](t, room, "shows", `{}`).Shows[0].Show, json)).Lines
	if len(told) != 1 || !strings.Contains(told[0].What, saved) {
		t.Errorf("the record tells of %+v", told)
	}
}

// Where an old copy cannot be removed from the journal, the files are named all
// the same: once it is tried again, nothing tells of them any more.
func TestTheFilesAreNamedAlsoWhereAnOldCopyIsLeft(t *testing.T) {
	room, _ := archive(t)
	room.Record = halfErased{room.Record}
	ask[desk.Saved](t, room, "saveRecord", `{"show":3,"format":"json"}`)
	_, refused := room.Operate(t.Context(), desk.Ask{Name: "forget", Body: []byte(`{"number":"+12015550112"}`)})
	if refused == nil || refused.Code != call.CodeNotDeleted || !strings.Contains(refused.Message, "records"+string(filepath.Separator)+"callin-") {
		t.Errorf("told is %v", refused)
	}
}

// halfErased is a journal that another program reads.
type halfErased struct{ desk.Record }

func (h halfErased) Forget(ctx context.Context, number string) (call.Erased, error) {
	erased, err := h.Record.Forget(ctx, number)
	return erased, cmp.Or(err, error(&call.Error{Code: call.CodeNotDeleted, Message: "Once more."}))
}

func TestThePhonesOfADeskAreNoCallersInTheRecord(t *testing.T) {
	j, err := journal.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	number := "+12015550101"
	facts := []call.Fact{
		call.ShowIs(call.ShowOpening, nil),
		{Kind: call.Dialled, Call: "DESK", Line: "studio"},
		call.PhoneHas("studio", "DESK", call.PhoneOnLine),
		call.PhoneHasNot("studio", "LATE", call.PhoneOlder),
		{Kind: call.PinTyped, Call: "TEL"},
		call.EndedAs("DESK", "completed"),
		{Kind: call.Arrived, Call: "CA1", Number: &number},
		call.EndedAs("CA1", "completed"),
	}
	for i := range facts {
		facts[i].Seq, facts[i].At = int64(i+1), int64(i+1)
	}
	if err := j.Append(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	room := (&desk.Room{Record: j, Desks: named{}, Log: quiet()}).Seat(contract.Desk)
	said := []string{
		"The show was opened", "The desk's phone came to studio", "A phone came too late for studio: a newer one has it",
		"A telephone typed a wrong PIN", "CA1: Hung up while waiting",
	}
	lines := ask[desk.Page](t, room, "record", `{"show":1}`).Lines
	if len(lines) != len(said) {
		t.Fatalf("the record has %d lines: %+v", len(lines), lines)
	}
	for i, l := range lines {
		got := l.What
		if l.Caller != nil {
			got = string(l.Caller.Call) + ": " + got
		}
		if want := said[len(said)-1-i]; got != want {
			t.Errorf("fact %d is told as %q, not %q", l.Seq, got, want)
		}
	}
}
