package tracks

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"callin/app/call"
)

const (
	// longest is how much of one show is recorded.
	longest = 12 * time.Hour
	// syncEvery is how long what was written may be without being on the disk whatever
	// happens. A page keeps it until then.
	syncEvery = 4 * time.Second
)

// recording has the files of a show, or of a part of it, all of one rate and one length.
type recording struct {
	dir   string
	line  *timeline
	waves []*wave // the host's first; none while they are closed
	// synced is when all of it was on the disk.
	synced time.Time
}

// name is what the folder of a show's part is called: nothing of it comes from outside.
func (r *Recorder) name(s Show, part int) string {
	zone := r.Zone
	if zone == nil {
		zone = time.Local
	}
	name := time.UnixMilli(s.Opened).In(zone).Format("2006-01-02-1504")
	if s.Studio != "" {
		name += "-" + string(s.Studio)
	}
	name += fmt.Sprintf("-show-%d", s.Number)
	if part > 1 {
		name += fmt.Sprintf("-part-%d", part)
	}
	return name
}

// fileOf is what a track's file is called.
func fileOf(track int) string {
	if track == 0 {
		return "host.wav"
	}
	return fmt.Sprintf("lane-%d.wav", track)
}

// there are the folders that a show has already.
func (r *Recorder) there(s Show) (all []*recording, err error) {
	for part := 1; ; part++ {
		dir := filepath.Join(r.Dir, r.name(s, part))
		line, err := readTimeline(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		for len(line.Tracks) <= s.Lanes {
			line.Tracks = append(line.Tracks, fileOf(len(line.Tracks)))
		}
		f := &recording{dir: dir, line: line}
		if err := f.open(); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
}

// make begins a folder.
func (r *Recorder) make(s Show, part, rate int) (*recording, error) {
	dir := filepath.Join(r.Dir, r.name(s, part))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	line := &timeline{Studio: s.Studio, Show: s.Number, Opened: s.Opened, Rate: rate}
	for track := range s.Lanes + 1 {
		line.Tracks = append(line.Tracks, fileOf(track))
	}
	f := &recording{dir: dir, line: line}
	return f, f.open()
}

// open opens the files. One that was cut off is as long as the longest then.
func (f *recording) open() error {
	if len(f.waves) > 0 {
		return nil
	}
	f.synced = time.Now()
	for _, file := range f.line.Tracks {
		w, err := openWave(filepath.Join(f.dir, file), f.line.Rate)
		if err != nil {
			f.close()
			return err
		}
		f.waves = append(f.waves, w)
	}
	if err := f.grow(f.end()); err != nil {
		return err
	}
	f.line.heard = f.end()
	return nil
}

// end is how many samples the files have.
func (f *recording) end() (end int64) {
	for _, w := range f.waves {
		end = max(end, w.frames)
	}
	return end
}

func (f *recording) grow(frames int64) error {
	for _, w := range f.waves {
		if err := w.grow(frames); err != nil {
			return err
		}
	}
	return nil
}

func (f *recording) close() (err error) {
	for _, w := range f.waves {
		err = errors.Join(err, w.Close())
	}
	f.waves = nil
	return err
}

// take is one that has begun here.
func (f *recording) take(id string) *take {
	for i := range f.line.Takes {
		if f.line.Takes[i].ID == id {
			return &f.line.Takes[i]
		}
	}
	return nil
}

// begin notes where a take is in the files. It is on the disk before any of its sound is: a
// station that was started anew then still knows where what comes late belongs.
func (f *recording) begin(by call.DeskID, now int64, c chunk) (*take, error) {
	t := take{ID: c.Take, Desk: by, From: c.From}
	began := c.began(now)
	if began < f.line.Opened-slack.Milliseconds() { // in an earlier show
		t.From = c.At
		began += (c.At - c.From) * 1000 / int64(c.Rate)
	}
	if len(f.line.Takes) == 0 {
		f.line.Began = began
	} else {
		// After all that there is, as far as time has passed; by a clock that was put, right after.
		t.At = max(f.end(), samples(began-f.line.Began, f.line.Rate))
		if t.At > f.most() {
			t.At = f.end()
		}
	}
	f.line.Takes = append(f.line.Takes, t)
	f.line.mark(t.At, "Recording")
	if err := f.line.write(f.dir); err != nil {
		f.line.Takes = f.line.Takes[:len(f.line.Takes)-1]
		f.line.Marks = f.line.Marks[:len(f.line.Marks)-1]
		return nil, err
	}
	return f.take(c.Take), nil
}

// most is how many samples a file may have.
func (f *recording) most() int64 {
	return min(int64(longest/time.Second)*int64(f.line.Rate), longestFile/width)
}

// write writes a chunk where it belongs, and says whether all is on the disk.
func (f *recording) write(by call.DeskID, now int64, c chunk) (synced bool, err error) {
	if err := f.open(); err != nil {
		return false, err
	}
	t := f.take(c.Take)
	switch {
	case t == nil:
		if t, err = f.begin(by, now, c); err != nil {
			return false, err
		}
	case t.Desk != by:
		return false, errLeft
	case c.Rate != f.line.Rate:
		return false, wrong("its rate")
	}
	if c.At < t.From { // of an earlier show, which is over
		return true, nil
	}
	at := t.At + c.At - t.From
	// What comes late never goes over what a later take has written.
	frames := min(int64(c.Frames), f.next(t)-at)
	if frames <= 0 {
		return true, nil
	}
	if at+frames > f.most() {
		return false, errLongest
	}
	for track, w := range f.waves {
		if sound := c.of(track); sound != nil {
			if err := w.put(at, sound[:frames*width]); err != nil {
				return false, err
			}
		}
	}
	if err := f.grow(max(f.end(), at+frames)); err != nil {
		return false, err
	}
	f.line.anchor(at+int64(c.Frames), c.heard(now))
	if time.Since(f.synced) < syncEvery {
		return false, nil
	}
	return true, f.sync()
}

// next is where the take after t begins.
func (f *recording) next(t *take) int64 {
	for i, other := range f.line.Takes[:len(f.line.Takes)-1] {
		if other.ID == t.ID {
			return f.line.Takes[i+1].At
		}
	}
	return math.MaxInt64
}

func (f *recording) sync() error {
	for _, w := range f.waves {
		if err := w.Sync(); err != nil {
			return err
		}
	}
	f.synced = time.Now()
	return nil
}

// at notes who is on the lanes now, and keeps it. Of a recording that is gone on with it
// waits for the first chunk: until then nobody knows which sample is heard now.
func (f *recording) at(now int64, lanes []OnLane) error {
	if f.line.heardAt == 0 || !f.line.change(now, lanes) {
		return nil
	}
	return f.line.write(f.dir)
}

// finish has all on the disk and closes the files.
func (f *recording) finish() error {
	if len(f.waves) == 0 {
		return nil
	}
	return errors.Join(f.sync(), f.close(), f.line.write(f.dir))
}
