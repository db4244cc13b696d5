// Package contract holds every door of the desk to one table of operations and
// answers. Only tests import it.
package contract

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/door"
	"callin/app/journal"
	"callin/app/picture"
	"callin/app/station"
)

//go:embed rows.json
var table []byte

// Caller is the call that waits in the room.
const Caller call.Sid = "CA0123456789abcdef0123456789abcdef"

// Desk is the desk that asks, which may do everything.
var Desk = call.Desk{Name: "Contract", Roles: call.Host | call.Producer | call.Manager, Studios: []call.Studio{""}}

// Message is the one that Ben has left in the room.
const Message = "RE0123456789abcdef0123456789abcdef"

// Row is one operation with its body as a page would send it, and what it is told.
type Row struct {
	Name string `json:"name"`
	Op   string `json:"op"`
	Body string `json:"body"`
	Want struct {
		Status int       `json:"status"` // HTTP's
		Code   call.Code `json:"code"`   // none for a success
		Field  string    `json:"field"`
	} `json:"want"`
}

// Refused reports whether the row's operation is to be refused.
func (r Row) Refused() bool { return r.Want.Code != call.Code{} }

// Check compares an answer with the row: result is the decoded JSON object of a
// success, refused the error of a refusal, the other one is nil.
func (r Row) Check(t testing.TB, result map[string]any, refused *call.Error) {
	t.Helper()
	if refused == nil {
		refused = &call.Error{}
	}
	if refused.Code != r.Want.Code || refused.Field != r.Want.Field {
		t.Errorf("%s: refused with code %q, field %q; want %q, %q", r.Name, refused.Code, refused.Field, r.Want.Code, r.Want.Field)
	}
	if !r.Refused() && result == nil {
		t.Errorf("%s: there is no result", r.Name)
	}
	if r.Refused() && (!strings.HasSuffix(refused.Message, ".") || strings.Contains(refused.Message, "json:")) {
		t.Errorf("%s: %q is no sentence for a person", r.Name, refused.Message)
	}
}

// Bound checks that an answer of a door has the headers that bind the page.
func Bound(t testing.TB, what string, got http.Header, connect ...string) {
	t.Helper()
	want := httptest.NewRecorder()
	door.Secure(connect, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).
		ServeHTTP(want, httptest.NewRequest(http.MethodGet, "/", nil))
	for name := range want.Header() {
		if got.Get(name) != want.Header().Get(name) {
			t.Errorf("%s: %s is %q, want %q", what, name, got.Get(name), want.Header().Get(name))
		}
	}
}

// Room is a desk's seat in a room in which the show is open, Caller waits in the queue on-air and
// no softphone is on the line, with the rows to ask it in order. The show of another
// studio, b, is closed.
func Room(t testing.TB) (desk.Seat, []Row) {
	t.Helper()
	return RoomWhere(t, false), rows(t)
}

// RoomWhere is Room where producers may air, or may not.
func RoomWhere(t testing.TB, producersAir bool) desk.Seat {
	t.Helper()
	return roomOf(t, picture.Studio{Show: picture.Show{Name: "Contract", ParkMs: 1000, ProducersAir: producersAir}})
}

// roomOf is a room whose first studio is as it is said.
func roomOf(t testing.TB, first picture.Studio) desk.Seat {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	book, err := journal.Memory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	s, err := station.New(context.Background(), station.Options{
		Station: picture.Station{Rehearsal: true}, Desks: []call.Desk{Desk}, Studios: []picture.Studio{first, {ID: "b", Show: picture.Show{Name: "Beside", ParkMs: 1000}}},
		Journal: book, Script: script, Carrier: carrier{}, Recordings: carrier{}, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Close)
	feed := s.Attach(-1)
	defer feed.Close()
	if err := s.Seat(Desk, "").Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for open := false; !open; {
		c, err := feed.Next(ctx)
		if err != nil {
			t.Fatal("the show does not open: ", err)
		}
		open = len(c.Studios) > 0 && c.Studios[0].Show.State == call.ShowOpen
	}
	who := station.Arrival{Call: Caller, Number: "+12015550100"}
	s.Arrive(who)
	s.Waiting(who, call.OnAir)
	s.Recorded(station.Arrival{Call: "CA00000000000000000000000000000001", Number: "+12015550101", Name: "Ben"}, Message, 7)
	recording := func(_ context.Context, recording string) ([]byte, error) { return []byte("RIFF " + recording), nil }
	softphone := func(call.Desk, call.Studio) (desk.Softphone, error) {
		return desk.Softphone{Lines: desk.Lines{Air: call.AirLine}}, nil
	}
	check := func(call.Desk) (desk.Softphone, error) { return desk.Softphone{}, nil }
	speak := func(_ context.Context, sentence string) ([]byte, error) { return []byte("RIFF " + sentence), nil }
	doctor := func(context.Context) (desk.Checkup, error) {
		const untold = "Only a page knows it."
		return desk.Checkup{Findings: []desk.Finding{{ID: "disk", State: desk.Fine, What: "There is room."}, {ID: string(desk.Microphone), State: desk.Unlooked, What: untold}, {ID: string(desk.Sound), State: desk.Unlooked, What: untold}}}, nil
	}
	room := &desk.Room{Station: s, Record: book, Doctor: doctor, Costs: costs{}, Speak: speak, Exports: t.TempDir(), Softphone: softphone, PhoneCheck: check, Recording: recording, Stage: stage{}, Desks: desks{}, SignOut: func() error { return nil }, Log: log}
	return room.Seat(Desk)
}

func rows(t testing.TB) []Row {
	t.Helper()
	unlock := `{"call":"` + string(Caller) + `","on":false}`
	stands := strings.NewReplacer(
		"$CALL", string(Caller),
		"$LONGEST", unlock+strings.Repeat(" ", desk.Limit-len(unlock)),
		"$TOO_LONG", unlock+strings.Repeat(" ", desk.Limit-len(unlock)+1),
		"$MEGABYTE", `{"call":"`+string(Caller)+`","name":"`+strings.Repeat("x", 1<<20)+`"}`,
	)
	var rows []Row
	decoder := json.NewDecoder(bytes.NewReader(table))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&rows); err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		rows[i].Body = stands.Replace(rows[i].Body)
	}
	return rows
}

// Halfway is a record that cannot be read to its end.
type Halfway struct{ desk.Record }

// After gives as many facts as are asked for at first, and then an error.
func (Halfway) After(_ context.Context, _ call.Studio, from, _ int64, most int) ([]call.Fact, error) {
	if from > 1 {
		return nil, errors.New("disk I/O error")
	}
	facts := make([]call.Fact, most)
	for i := range facts {
		facts[i] = call.Fact{Seq: int64(i + 1), Kind: call.Ended, Call: "CA1", Code: "completed"}
	}
	return facts, nil
}

// carrier says yes to everything and has nobody in any list.
type carrier struct{}

func script(call.Sid, station.Answer) string { return "<Response/>" }

func (carrier) Redirect(context.Context, call.Sid, call.Place, string, int64) error { return nil }
func (carrier) RedirectTo(context.Context, call.Sid, string) error                  { return nil }
func (carrier) SetParticipant(context.Context, string, call.Sid, call.State) error  { return nil }
func (carrier) End(context.Context, call.Sid) error                                 { return nil }

func (carrier) Find(context.Context, call.Sid) (call.Found, error) {
	return call.Found{Status: "in-progress"}, nil
}

func (carrier) Survey(context.Context, []string, []string) (map[call.Sid]call.Whereabouts, error) {
	return nil, nil
}

func (carrier) OpenQueue(_ context.Context, name string, _ int) (string, error) {
	return "QU" + name, nil
}

func (carrier) DeleteRecording(context.Context, string) error { return nil }

func (carrier) DeleteQueue(context.Context, string) error { return nil }

// desks are none, and none can be given out.
type desks struct{}

var errNoDesk = &call.Error{Code: call.CodeNoSuchDesk, Message: "There is no such desk."}

func (desks) All() desk.DeskList {
	return desk.DeskList{Desks: []desk.DeskEntry{}, Addresses: []string{}}
}

func (desks) Add(name string, _ call.Roles, _ []call.Studio) (desk.DeskCode, error) {
	return desk.DeskCode{Desk: "new", Code: "123 456"}, nil
}

func (desks) Name(call.DeskID) string                     { return "" }
func (desks) Code(call.DeskID) (desk.DeskCode, error)     { return desk.DeskCode{}, errNoDesk }
func (desks) Rename(call.DeskID, string) error            { return errNoDesk }
func (desks) SetRoles(call.DeskID, call.Roles) error      { return errNoDesk }
func (desks) SetStudios(call.DeskID, []call.Studio) error { return errNoDesk }
func (desks) Revoke(call.DeskID) error                    { return errNoDesk }
func (desks) SignOut(call.DeskID) error                   { return errNoDesk }

func (desks) AddKey(_ call.Roles, _ []call.Studio, pcs int, _ time.Time) (desk.NewKey, error) {
	if pcs < 1 {
		return desk.NewKey{}, &call.Error{Code: call.CodeBadField, Message: "For no PC.", Field: "pcs"}
	}
	return desk.NewKey{ID: "k", Text: "KEY"}, nil
}

func (desks) RevokeKey(string) error {
	return &call.Error{Code: call.CodeNoSuchKey, Message: "There is no such key."}
}

// costs are nothing, and any limit of digits will do.
type costs struct{}

func (costs) Read(context.Context) error { return nil }
func (costs) SetLimit(amount string) error {
	if strings.Trim(amount, "0123456789") != "" {
		return &call.Error{Code: call.CodeBadField, Field: "limit", Message: "Write an amount."}
	}
	return nil
}

// stage makes nobody up.
type stage struct{}

func (stage) Ring(context.Context, string, int, string, string) error { return nil }
func (stage) HangUp(context.Context, call.Sid) error                  { return nil }
func (stage) HangUpAll(context.Context) error                         { return nil }
func (stage) Trouble(context.Context, desk.StageTrouble, int) error   { return nil }

func (stage) Now() (desk.StageNow, <-chan struct{}) {
	return desk.StageNow{Callers: []desk.StageCaller{}}, nil
}
