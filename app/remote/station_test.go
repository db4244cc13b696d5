package remote

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/pairing"
	"callin/app/picture"
	"callin/app/web"
)

// The door of the other tests is no more than what was agreed on; this is the station's.
func TestTheStationsOwnDoorAnswersAsTheContractSays(t *testing.T) {
	room, rows := contract.Room(t)
	log := slog.New(slog.DiscardHandler)
	book, err := pairing.Open(t.TempDir(), pairing.Options{Station: "contract", OwnManager: true, Guessed: func(*call.Error) {}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	added, code, err := book.Add("Kate's PC", contract.Desk.Roles, contract.Desk.Studios)
	if err != nil {
		t.Fatal(err)
	}
	room.Station.SetDesks([]call.Desk{contract.Desk, added})
	server := httptest.NewUnstartedServer(web.NewStation(web.StationOptions{
		Room: room.Room, Book: book, Name: contract.StationName, Page: fstest.MapFS{"index.html": {}}, Log: log,
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	pin := certificate.PinOf(server.Certificate())
	paired, refused := Pair(t.Context(), server.URL, pin, code)
	if refused != nil || paired.Name != contract.StationName || paired.Desk.ID != added.ID || paired.Rehearsal {
		t.Fatalf("paired as %+v, %v", paired, refused)
	}
	seat := New(Options{Station: server.URL, Pin: pin, Secret: paired.Secret, SignOut: func() error { return nil }, Exports: t.TempDir(), Log: log})
	t.Cleanup(seat.Close)
	for _, row := range rows {
		raw, refused := seat.Operate(t.Context(), desk.Ask{Name: row.Op, Body: []byte(row.Body)})
		var result map[string]any
		if refused == nil {
			if err := json.Unmarshal(raw, &result); err != nil {
				t.Errorf("%s: %v", row.Name, err)
				continue
			}
		}
		row.Check(t, result, refused)
	}
	feed := attach(t, seat)
	var first picture.Picture
	if err := json.Unmarshal(feed.until("picture").Data, &first); err != nil || first.You != added.ID {
		t.Fatalf("the picture is %q's, %v", first.You, err)
	}
	if err := book.Revoke(added.ID); err != nil {
		t.Fatal(err)
	}
	if now := feed.told(); !now.Ended {
		t.Errorf("once it is revoked it is told %+v", now)
	}
}
