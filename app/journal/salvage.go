package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	"callin/app/call"
)

// SetAside moves the journal at path, with what SQLite keeps beside it, out of
// the way, under a name with the time; it returns that name.
func SetAside(path string, at time.Time) (string, error) {
	aside := fmt.Sprintf("%s-damaged-%s", path, at.UTC().Format("20060102-150405.000"))
	for _, beside := range []string{"", "-wal", "-shm"} {
		err := os.Rename(path+beside, aside+beside)
		if err != nil && (beside == "" || !errors.Is(err, fs.ErrNotExist)) {
			return "", fmt.Errorf("%w: %w", ErrUnwritable, err)
		}
	}
	return aside, nil
}

// salvageWithin is how long reading a damaged journal may hold a start up. It
// is enough for some hundred thousand facts.
const salvageWithin = 3 * time.Second

// Salvage reads the facts of a journal that cannot be opened, up to the first
// that cannot be read. It changes nothing in the file.
func Salvage(ctx context.Context, path string) []call.Fact {
	// The pages of a damaged file may lead round in a circle.
	ctx, cancel := context.WithTimeout(ctx, salvageWithin)
	defer cancel()
	// In a folder that cannot be written to, SQLite reads only what it is told
	// that nobody changes.
	facts := salvage(ctx, path, "mode=ro&_pragma=query_only(ON)")
	if len(facts) == 0 {
		facts = salvage(ctx, path, "mode=ro&immutable=1")
	}
	return facts
}

func salvage(ctx context.Context, path, how string) (facts []call.Fact) {
	source := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: how}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil
	}
	defer db.Close()
	// An earlier Callin's has no studios, and is not changed here.
	for _, studio := range []string{"studio", "''"} {
		// The error is what ends the reading, and is expected.
		_ = (&Journal{db: db}).query(ctx, func(f call.Fact) {
			if len(facts) == 0 || f.Seq > facts[len(facts)-1].Seq {
				facts = append(facts, f)
			}
		}, `SELECT `+strings.Replace(columns, "studio", studio, 1)+everything)
		if len(facts) > 0 {
			break
		}
	}
	return facts
}
