// Package journal keeps a station's facts on disk, in SQLite. What Append has
// returned for survives a crash of Callin and of the machine.
package journal

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"

	"callin/app/call"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Journal is one file of facts. Its methods may be called at the same time.
type Journal struct{ db *sql.DB }

// Open opens the journal at path, makes it when there is none, and brings an
// older one up to date. Only its owner can read the file.
func Open(ctx context.Context, path string) (*Journal, error) {
	// SQLite gives its -wal and -shm files the mode of the file itself.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	// busy_timeout comes first, so that the other pragmas can wait too.
	// locking_mode=EXCLUSIVE: two stations on one journal would each believe
	// their own picture, so the second one does not start.
	// synchronous=FULL: a commit in the write-ahead log is flushed to the disk.
	source := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "_pragma=busy_timeout(2000)&_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	db.SetMaxOpenConns(1) // SQLite takes one writer at a time
	if err := migrate(ctx, db); err != nil {
		db.Close()
		return nil, fmt.Errorf("journal: %w", err)
	}
	return &Journal{db: db}, nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// Close closes the file.
func (j *Journal) Close() error { return j.db.Close() }

// Append writes facts, all or none, and returns when they are on disk. A
// number that is there already is an error.
func (j *Journal) Append(ctx context.Context, facts []call.Fact) error {
	tx, err := j.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(ctx, `INSERT INTO facts (seq, at, kind, call, body) VALUES (?, ?, ?, ?, ?)`)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer insert.Close()
	for _, f := range facts {
		body, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("journal: fact %d: %w", f.Seq, err)
		}
		if _, err := insert.ExecContext(ctx, f.Seq, f.At, string(f.Kind), string(f.Call), string(body)); err != nil {
			return fmt.Errorf("journal: fact %d: %w", f.Seq, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// Read gives every fact to each, in order.
func (j *Journal) Read(ctx context.Context, each func(call.Fact)) error {
	rows, err := j.db.QueryContext(ctx, `SELECT seq, at, kind, call, body FROM facts ORDER BY seq`)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f call.Fact
		var body []byte
		if err := rows.Scan(&f.Seq, &f.At, &f.Kind, &f.Call, &body); err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		if err := json.Unmarshal(body, &f); err != nil {
			return fmt.Errorf("journal: fact %d: %w", f.Seq, err)
		}
		each(f)
	}
	return rows.Err()
}
