package desk_test

import (
	"encoding/json"
	"testing"

	"callin/app/desk"
	"callin/app/desk/contract"
)

// FuzzOperations asks for operations with bodies of any content: the answer is
// JSON or words for a person, never a crash.
func FuzzOperations(f *testing.F) {
	room, rows := contract.Room(f)
	for _, row := range rows {
		f.Add(row.Op, []byte(row.Body))
	}
	f.Fuzz(func(t *testing.T, op string, body []byte) {
		answer, refused := room.Operate(t.Context(), desk.Ask{Name: op, Body: body})
		switch {
		case refused != nil && refused.Message == "":
			t.Errorf("%s %q: %v", op, body, refused)
		case refused == nil && !json.Valid(answer):
			t.Errorf("%s %q is answered by %q", op, body, answer)
		}
	})
}
