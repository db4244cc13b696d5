package app

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"callin/app/folder"
)

const (
	// largestLog is when a log is put aside for a new one, in bytes, and oldLogs
	// how many are kept then.
	largestLog = 5 << 20
	oldLogs    = 3
)

// logFile is the log on disk, for who starts Callin without a terminal. Its
// writer sees to it that one Write comes after the other.
type logFile struct {
	path string
	file *os.File // nil when it could not be opened again
	size int64
}

// starts is the first line of a log.
func starts() string { return thisBuild().String() + " starts" }

// openLog goes on with the log in dir, which only its owner can read.
func openLog(dir string) (*logFile, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := folder.CheckOwn(dir); err != nil { // what is there may be another's
		return nil, err
	}
	l := &logFile{path: filepath.Join(dir, "callin.log")}
	if err := l.open(); err != nil {
		return nil, err
	}
	_, err := l.Write([]byte(starts() + "\n"))
	return l, err
}

func (l *logFile) open() error {
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		_, err = folder.MakePrivate(l.path)
	}
	if err != nil {
		file.Close()
		return err
	}
	l.file, l.size = file, info.Size()
	return nil
}

// Write writes a line, with its time if it has none.
func (l *logFile) Write(p []byte) (int, error) {
	line := p
	if !bytes.HasPrefix(p, []byte("time=")) {
		line = append([]byte("time="+time.Now().Format(time.RFC3339)+" "), p...)
	}
	if l.file == nil || l.size+int64(len(line)) > largestLog {
		if err := l.turn(); err != nil {
			return 0, err
		}
	}
	n, err := l.file.Write(line)
	l.size += int64(n)
	return len(p), err
}

// turn puts the log aside and begins a new one. Another Callin of the same
// folder may have done so already.
func (l *logFile) turn() error {
	ours := false
	if l.file != nil {
		was, err := l.file.Stat()
		is, err2 := os.Stat(l.path)
		ours = err == nil && err2 == nil && os.SameFile(was, is)
		l.file.Close() // Windows renames no file that is open
		l.file = nil
	}
	if ours {
		for n := oldLogs; n > 1; n-- {
			_ = os.Rename(l.aside(n-1), l.aside(n)) // there may be none
		}
		_ = os.Rename(l.path, l.aside(1)) // else it goes on being written
	}
	if err := l.open(); err != nil {
		return err
	}
	if l.size == 0 {
		_, err := l.Write([]byte(thisBuild().String() + " goes on\n"))
		return err
	}
	l.size = min(l.size, largestLog/2) // not at every line where it cannot be put aside
	return nil
}

func (l *logFile) aside(n int) string { return fmt.Sprintf("%s.%d", l.path, n) }

func (l *logFile) close() {
	_, _ = l.Write([]byte("Callin ends\n")) // what has no such line was no end in order
	if l.file != nil {
		l.file.Close()
	}
}

// all writes to each of its writers, whatever becomes of the others: a program
// that was started without a terminal has no standard error.
type all []io.Writer

func (a all) Write(p []byte) (int, error) {
	for _, to := range a {
		_, _ = to.Write(p)
	}
	return len(p), nil
}
