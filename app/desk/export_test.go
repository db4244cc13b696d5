package desk_test

import (
	"os"
	"path/filepath"
	"testing"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
)

// What stands in a record are people's names and numbers: a file of it is the
// owner's alone, and there is none that is not whole.
func TestASavedRecordIsWholeAndItsOwnersOnly(t *testing.T) {
	room, _ := contract.Room(t)
	room.Exports = filepath.Join(t.TempDir(), "records")
	whole := room.Record
	room.Record = contract.Halfway{Record: whole}
	for _, body := range []string{`{"show":1,"format":"csv"}`, `{"show":1,"format":"json"}`} {
		if path, refused := room.Operate(t.Context(), desk.Ask{Name: "saveRecord", Body: []byte(body)}); refused == nil || refused.Code != call.CodeFailed {
			t.Errorf("%s: %s, %v", body, path, refused)
		}
		if left, err := os.ReadDir(room.Exports); err != nil || len(left) > 0 {
			t.Errorf("%s: %v is left, %v", body, left, err)
		}
	}
	room.Record = whole
	if _, refused := room.Operate(t.Context(), desk.Ask{Name: "saveRecord", Body: []byte(`{"show":1,"format":"csv"}`)}); refused != nil {
		t.Fatal(refused)
	}
	files, err := filepath.Glob(filepath.Join(room.Exports, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("saved are %v, %v", files, err)
	}
	for path, want := range map[string]os.FileMode{room.Exports: 0o700 | os.ModeDir, files[0]: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s has the mode %v, want %v; %v", path, info.Mode(), want, err)
		}
	}
}
