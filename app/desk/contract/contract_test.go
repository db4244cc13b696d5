package contract

import (
	"encoding/json"
	"testing"

	"callin/app/desk"
)

// The room itself keeps the contract, and a refusal changes nothing.
func TestTheRoomAnswersEveryRow(t *testing.T) {
	room, rows := Room(t)
	for _, row := range rows {
		before := room.Station.Picture().Seq
		raw, refused := room.Operate(t.Context(), desk.Ask{Name: row.Op, Body: []byte(row.Body)})
		var result map[string]any
		if refused == nil {
			if err := json.Unmarshal(raw, &result); err != nil {
				t.Errorf("%s: %v", row.Name, err)
				continue
			}
		}
		row.Check(t, result, refused)
		if after := room.Station.Picture().Seq; row.Refused() && after != before {
			t.Errorf("%s: a refusal changed the picture", row.Name)
		}
	}
}
