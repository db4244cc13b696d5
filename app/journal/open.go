package journal

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"syscall"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Why a journal cannot be used.
var (
	// ErrTaken: another program has it open.
	ErrTaken = errors.New("the journal is in use")
	// ErrNewer: a later Callin wrote it.
	ErrNewer = errors.New("the journal is newer than this Callin")
	// ErrDamaged: what is in the file cannot be read as facts.
	ErrDamaged = errors.New("the journal is damaged")
	// ErrUnwritable: the disk is full, or the file or its folder cannot be written to.
	ErrUnwritable = errors.New("the journal cannot be written to")
)

//go:embed migrations/*.sql
var migrations embed.FS

// pragmas, in this order:
// busy_timeout lets the other pragmas wait too.
// locking_mode=EXCLUSIVE keeps other programs out and needs no shared memory,
// which some file systems of a network do not have.
// synchronous=FULL: a commit in the write-ahead log is flushed to the disk.
// secure_delete and temp_store=MEMORY: what is erased is nowhere left.
const (
	pragmas = "_pragma=busy_timeout(2000)" + exclusive + "&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_pragma=temp_store(MEMORY)&_txlock=immediate"
	exclusive = "&_pragma=locking_mode(EXCLUSIVE)"
)

// Open opens the journal at path, makes it when there is none, and brings an
// older one up to date. Only its owner can read the file. The error is one of
// those above wherever it is known which.
func Open(ctx context.Context, path string) (*Journal, error) { return openFile(ctx, path, pragmas) }

// openBeside is Open while other programs read the journal.
func openBeside(ctx context.Context, path string) (*Journal, error) {
	return openFile(ctx, path, strings.Replace(pragmas, exclusive, "", 1))
}

func openFile(ctx context.Context, path, pragmas string) (*Journal, error) {
	// SQLite gives its -wal and -shm files the mode of the file itself.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnwritable, err)
	}
	info, err := f.Stat()
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnwritable, err)
	}
	// SQLite takes what is shorter than a page for a new file.
	if 0 < info.Size() && info.Size() < 512 {
		return nil, fmt.Errorf("%w: the file is %d bytes long", ErrDamaged, info.Size())
	}
	return open(ctx, path, info.Size() > 0, url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: pragmas})
}

// Memory is a journal that lasts only as long as this process: for a show that
// must go on although nothing can be written.
func Memory(ctx context.Context) (*Journal, error) {
	return open(ctx, "", false, url.URL{Scheme: "file", Opaque: ":memory:"})
}

// open opens a journal; old says that it is no new one.
func open(ctx context.Context, path string, old bool, source url.URL) (*Journal, error) {
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	db.SetMaxOpenConns(1) // SQLite takes one writer at a time
	if err := migrate(ctx, db, old); err != nil {
		db.Close()
		return nil, meaning(err)
	}
	return &Journal{db: db, path: path}, nil
}

func migrate(ctx context.Context, db *sql.DB, old bool) error {
	var sound string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&sound); err != nil {
		return err
	}
	if sound != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, sound)
	}
	// A file without facts would be made a journal by the migrations.
	if old {
		if err := readable(ctx, db); err != nil {
			return err
		}
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > knows {
		return ErrNewer
	}
	if _, err = p.Up(ctx); err != nil {
		return err
	}
	return errors.Join(readable(ctx, db), writable(ctx, db))
}

// writable checks that nobody else has the journal: while somebody reads it,
// an exclusive one opens all the same and then refuses every fact.
func writable(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return tx.Rollback()
}

// readable checks, whatever the version says, that facts can be read.
func readable(ctx context.Context, db *sql.DB) error {
	check, err := db.PrepareContext(ctx, `SELECT seq, at, kind, call, body FROM facts ORDER BY seq`)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return check.Close()
}

// meaning gives an error of SQLite's or of the system's one of this package's
// meanings. What SQLite calls by another name than a lock or the disk's state
// is the file's own fault.
func meaning(err error) error {
	var lite *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &lite):
		switch lite.Code() & 0xff { // the primary code
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return fmt.Errorf("%w: %w", ErrTaken, err)
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR:
			return fmt.Errorf("%w: %w", ErrUnwritable, err)
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_CONSTRAINT:
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: %w", ErrUnwritable, err)
	}
	return fmt.Errorf("journal: %w", err)
}
