package tracks

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	"callin/app/call"
)

// Track is a file of a show's, named with its folder, and how many bytes it has.
type Track struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// Files are those of a show, and the folder that has theirs.
func (r *Recorder) Files(show Show) (files []Track, err error) {
	for part := 1; ; part++ {
		name := r.name(show, part)
		there, err := os.ReadDir(filepath.Join(r.Dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		for _, entry := range there {
			if is, err := entry.Info(); err == nil && isOurs(entry.Name()) && is.Mode().IsRegular() {
				files = append(files, Track{name + "/" + entry.Name(), is.Size()})
			}
		}
	}
}

// isOurs is whether a file is one of a recording's, not one that is being written.
func isOurs(name string) bool {
	return filepath.Ext(name) == ".wav" || name == lineFile || name == reaperFile || name == auditionFile
}

// Open opens one of a show's files, by its name in Files.
func (r *Recorder) Open(show Show, name string) (*os.File, error) {
	files, err := r.Files(show)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(files, func(f Track) bool { return f.Name == name }) {
		return nil, fs.ErrNotExist
	}
	return os.Open(filepath.Join(r.Dir, filepath.FromSlash(name)))
}

// all are the folders of all shows, those that are written to now as they are.
func (r *Recorder) all() (all []*recording, err error) {
	entries, err := os.ReadDir(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		dir := filepath.Join(r.Dir, entry.Name())
		if f := r.now(dir); f != nil {
			all = append(all, f)
			continue
		}
		line, lineErr := readTimeline(dir)
		if lineErr == nil {
			all = append(all, &recording{dir: dir, line: line})
		} else if !errors.Is(lineErr, fs.ErrNotExist) && !errors.Is(lineErr, syscall.ENOTDIR) {
			err = errors.Join(err, lineErr)
		}
	}
	return all, err
}

// now is the folder that is written to now.
func (r *Recorder) now(dir string) *recording {
	for _, st := range r.studios {
		for _, f := range st.parts {
			if f.dir == dir {
				return f
			}
		}
	}
	return nil
}

// margin is how much more than a caller's own time is silenced: the time line is as exact as
// news of calls is.
const margin = time.Second

// Erase takes calls out of all that is kept: who they were, and their sound on their lanes.
// What other tracks have of it, such as the host's microphone beside a loudspeaker, stays.
func (r *Recorder) Erase(_ context.Context, calls []call.Sid) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	all, err := r.all()
	if err != nil {
		return err
	}
	for _, f := range all {
		if !slices.ContainsFunc(f.line.Spans, func(s span) bool { return slices.Contains(calls, s.Call) }) {
			continue
		}
		if err := f.erase(calls); err != nil {
			return err
		}
	}
	return nil
}

func (f *recording) erase(calls []call.Sid) (err error) {
	if len(f.waves) == 0 {
		if err := f.open(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.close()) }()
	}
	for i := range f.line.Spans {
		s := &f.line.Spans[i]
		if !slices.Contains(calls, s.Call) {
			continue
		}
		from, to := f.line.around(i, f.end())
		if s.Lane < len(f.waves) {
			if err := f.waves[s.Lane].silence(from, to); err != nil {
				return err
			}
		}
		s.Call, s.Name = "", ""
	}
	return errors.Join(f.sync(), f.line.write(f.dir))
}

// around is a span with a margin, but for what others had of the lane; of one that several shared all is this one's.
func (l *timeline) around(i int, end int64) (from, to int64) {
	s := l.Spans[i]
	more := samples(margin.Milliseconds(), l.Rate)
	from, to = max(0, s.From-more), end
	if s.To != nil {
		to = *s.To + more
	}
	for k, other := range l.Spans {
		if k == i || s.Shared || other.Lane != s.Lane || other.Call == s.Call {
			continue
		}
		if other.From >= s.From {
			to = min(to, max(other.From, s.From))
		} else if other.To != nil {
			from = max(from, min(*other.To, s.From))
		}
	}
	return from, to
}

// Prune removes the recordings of shows that were opened before a time, and reports how many.
func (r *Recorder) Prune(before time.Time) (removed int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all, err := r.all()
	for _, f := range all {
		if f.line.Opened >= before.UnixMilli() || len(f.waves) > 0 {
			continue
		}
		if gone := os.RemoveAll(f.dir); gone != nil {
			err = errors.Join(err, gone)
		} else {
			removed++
		}
	}
	return removed, err
}

// Folder is where a show's files are, if it has any.
func (r *Recorder) Folder(show Show) string {
	dir := filepath.Join(r.Dir, r.name(show, 1))
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// diskFull is what Windows calls a disk without room, ERROR_DISK_FULL.
const diskFull = syscall.Errno(112)

// isFull is whether a disk has no room.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || runtime.GOOS == "windows" && errors.Is(err, diskFull)
}
