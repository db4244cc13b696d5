package window

import (
	"encoding/json"
	"log/slog"
	"testing"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/remote"
)

func TestEveryOperationIsAnsweredAsTheContractSays(t *testing.T) {
	t.Run("at a station here", func(t *testing.T) {
		room, rows := contract.Room(t)
		answersAll(t, room, rows)
	})
	t.Run("at a station elsewhere", func(t *testing.T) {
		room, rows := contract.Room(t)
		answersAll(t, elsewhere(t, room), rows)
	})
}

// elsewhere is a seat by way of HTTPS.
func elsewhere(t *testing.T, room desk.Seat) desk.Backend {
	station := contract.NewStation(room)
	server := station.Serve(t)
	seat := remote.New(remote.Options{
		Station: server.URL, Pin: certificate.PinOf(server.Certificate()), Secret: station.Secret,
		SignOut: func() error { return nil }, Exports: t.TempDir(), Log: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(seat.Close)
	return seat
}

func answersAll(t *testing.T, at desk.Backend, rows []contract.Row) {
	d := newDoor(t.Context(), at, Options{}, shell{})
	defer d.close()
	for _, row := range rows {
		var got struct {
			OK    map[string]any
			Error *call.Error
		}
		if text := d.Operate("", row.Op, row.Body); json.Unmarshal([]byte(text), &got) != nil {
			t.Errorf("%s: %q", row.Name, text)
			continue
		}
		row.Check(t, got.OK, got.Error)
	}
}
