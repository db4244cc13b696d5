package window

import (
	"encoding/json"
	"testing"

	"callin/app/call"
	"callin/app/desk/contract"
)

func TestEveryOperationIsAnsweredAsTheContractSays(t *testing.T) {
	room, rows := contract.Room(t)
	d := newDoor(t.Context(), room, Options{}, shell{})
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
