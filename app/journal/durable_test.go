package journal

import (
	"path/filepath"
	"testing"
)

// What Append has returned for survives that the machine loses its power: SQLite
// then flushes each commit (its documentation: PRAGMA synchronous, 2 is FULL).
func TestEachCommitIsFlushedToTheDisk(t *testing.T) {
	j, err := Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for pragma, want := range map[string]string{
		"synchronous": "2", "journal_mode": "wal", "locking_mode": "exclusive", "secure_delete": "1",
	} {
		var is string
		if err := j.db.QueryRowContext(t.Context(), `PRAGMA `+pragma).Scan(&is); err != nil || is != want {
			t.Errorf("%s is %q, %v; want %q", pragma, is, err, want)
		}
	}
}
