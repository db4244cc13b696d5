package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
)

// Check looks a journal over that no station has open, and changes nothing in it. What
// is not there is sound. The error is one of those of Open.
func Check(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%w: %w", ErrUnwritable, err)
	case info.Size() == 0:
		return nil
	}
	source := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "mode=ro&_pragma=query_only(ON)"}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer db.Close()
	var sound string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&sound); err != nil {
		return meaning(err)
	}
	if sound != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, sound)
	}
	return meaning(readable(ctx, db))
}
