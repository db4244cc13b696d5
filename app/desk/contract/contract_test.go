package contract

import (
	"encoding/json"
	"errors"
	"testing"

	"callin/app/desk"
)

// The room itself keeps the contract, and a refusal changes nothing.
func TestTheRoomAnswersEveryRow(t *testing.T) {
	room, rows := Room(t)
	for _, row := range rows {
		before := room.Studio.Picture().Seq
		raw, err := room.Operate(t.Context(), row.Op, []byte(row.Body))
		var result map[string]any
		var refused Refusal
		var told *desk.Error
		switch {
		case err == nil:
			err = json.Unmarshal(raw, &result)
		case errors.As(err, &told):
			refused, err = Refusal{told.Code.String(), told.Message, told.Field}, nil
		}
		if err != nil {
			t.Errorf("%s: %v", row.Name, err)
			continue
		}
		row.Check(t, result, refused)
		if after := room.Studio.Picture().Seq; row.Want.Code != "" && after != before {
			t.Errorf("%s: a refusal changed the picture", row.Name)
		}
	}
}
