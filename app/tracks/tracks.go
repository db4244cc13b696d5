// Package tracks keeps a show's isolated tracks on the station's disk: one WAVE file for each
// lane and one for the host, in step to the sample, and the time line of who was on which
// lane when.
//
// The page that is on the air hands over chunks of about a second, which say where they
// belong: the take, which is one run of one page's clock, and the sample in it. So a chunk
// that comes twice, late or in another order goes to the same place, and what never comes is
// silence of its length. A Recorder has a folder for each show (recording.go), in it the files
// (wave.go) and the time line (timeline.go). What is kept is listed, given out, silenced and
// removed in kept.go.
package tracks

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"callin/app/call"
)

// Show is a broadcast that is recorded.
type Show struct {
	Studio call.Studio
	// Number is that of the fact that opened it, and Opened when that was, in milliseconds
	// since 1970.
	Number int64
	Opened int64
	// Lanes is how many the studio has.
	Lanes int
}

// OnLane is a caller on a lane, which counts from 1, and since when.
type OnLane struct {
	Lane  int
	Call  call.Sid
	Name  string
	State call.State
	Since int64
	// Shared is whether others may be on the lane, too.
	Shared bool
}

// Status is how the recording of a studio stands.
type Status struct {
	Studio call.Studio
	// On is whether sound is written now: some came within the last seconds.
	On bool
	// Since is when the recording of this show began, and Folder where its files are; 0 and
	// empty while there is none.
	Since  int64
	Folder string
	// Host is whether there is a track of the host: with a console there may be none.
	Host bool
	// Trouble is why nothing is written; nil for no reason.
	Trouble *call.Error
}

// Options are what a recorder is made of.
type Options struct {
	// Dir is the folder that has those of the shows.
	Dir string
	// Show is the one that is open in a studio, or was last.
	Show func(ctx context.Context, in call.Studio) (Show, error)
	// Now is the station's clock, in milliseconds since 1970.
	Now func() int64
	// Free is how many bytes can still be written where Dir is.
	Free func(dir string) (uint64, error)
	// Tell is told how a recording stands whenever that changes, one after the other.
	Tell func(Status)
	// Zone is the station's time of day, by which folders are named.
	Zone *time.Location
	Log  *slog.Logger
}

const (
	// quiet is how long nothing may come before the recording is said to stand still.
	quiet = 5 * time.Second
	// spare is how much of the disk is left to the show's own journal.
	spare = 500 << 20
)

// Recorder writes the tracks of all studios. Its methods may be called at the same time.
type Recorder struct {
	Options
	// run tells this process from another one: what that has answered may not be on the disk.
	run string

	mu      sync.Mutex
	studios map[call.Studio]*studio
	ended   bool
}

// studio is what is recorded in one.
type studio struct {
	// parts are the current show's, the last one for what comes now.
	parts []*recording
	show  Show
	// lanes are who is on them now, and open whether the show may still go on.
	lanes []OnLane
	open  bool
	told  Status
	still *time.Timer
}

// New makes a recorder. run is a word that no other run of the station has.
func New(run string, o Options) *Recorder {
	return &Recorder{Options: o, run: run, studios: map[call.Studio]*studio{}}
}

// Close finishes the files.
func (r *Recorder) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	for _, st := range r.studios {
		if st.still != nil {
			st.still.Stop()
		}
		r.finish(st)
	}
}

func (r *Recorder) studio(in call.Studio) *studio {
	st := r.studios[in]
	if st == nil {
		st = &studio{told: Status{Studio: in}}
		r.studios[in] = st
	}
	return st
}

// Kept says what became of a chunk.
type Kept struct {
	// Run tells one run of the station from the next: what an earlier one was given and has
	// not said to be on the disk is to be sent once more.
	Run string `json:"run"`
	// Synced is whether all that was taken until now is on the disk, whatever happens.
	Synced bool `json:"synced"`
}

// Why a chunk is not taken.
var (
	errFull    = &call.Error{Code: call.CodeTracksFull, Message: "The station's disk is nearly full, so the tracks are not recorded. The show goes on. Free some space: recording then goes on by itself."}
	errLongest = &call.Error{Code: call.CodeTracksLongest, Message: "The tracks have reached twelve hours, the most of one show. Close the show and open it again to record on."}
	errDisk    = &call.Error{Code: call.CodeTracksDisk, Message: "The station cannot write the tracks to its disk. The show goes on. See that Callin may write there and that the disk is well."}
	errLeft    = &call.Error{Code: call.CodePhoneOffLine, Message: "This desk is not on the air, so it records nothing."}
)

// Take writes a chunk. until is up to when the desk was on the air: what it has heard later
// is not the show's.
func (r *Recorder) Take(ctx context.Context, by call.DeskID, in call.Studio, until int64, data []byte) (Kept, error) {
	c, err := parse(data)
	if err != nil {
		return Kept{}, err
	}
	now := r.Now()
	if c.heard(now) > until+slack.Milliseconds() {
		return Kept{}, errLeft
	}
	show, err := r.Show(ctx, in)
	if err != nil {
		return Kept{}, fmt.Errorf("the show that is recorded: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return Kept{}, errLeft
	}
	st := r.studio(in)
	synced, err := r.write(st, show, by, now, c)
	if told, ok := err.(*call.Error); ok && told.Code != call.CodeBadField {
		r.status(st, func(s *Status) { s.On, s.Trouble = false, told })
	}
	if err != nil {
		return Kept{}, err
	}
	last := st.parts[len(st.parts)-1]
	r.status(st, func(s *Status) {
		s.On, s.Trouble, s.Since, s.Folder, s.Host = true, nil, st.parts[0].line.Began, last.dir, c.Host
	})
	r.expect(st)
	if !st.open && len(st.lanes) == 0 { // it was on its way when the show ended
		r.over(st)
	}
	return Kept{Run: r.run, Synced: synced}, nil
}

// slack is how far the clocks of a page and of the station may be apart, with what a chunk
// takes on its way.
const slack = 5 * time.Second

func (r *Recorder) write(st *studio, show Show, by call.DeskID, now int64, c chunk) (synced bool, err error) {
	if c.most() > show.Lanes {
		return false, wrong("the studio has no such lane")
	}
	if err := r.begin(st, show); err != nil {
		return false, r.broken(err)
	}
	if free, err := r.Free(r.Dir); err == nil && free < spare+uint64(len(c.sound)) {
		return false, errFull
	}
	f := st.of(c)
	if f == nil {
		if f, err = r.recording(st, c.Rate); err != nil {
			return false, r.broken(err)
		}
	}
	synced, err = f.write(by, now, c)
	if told, ok := err.(*call.Error); ok {
		return false, told
	}
	if err != nil {
		return false, r.broken(err)
	}
	r.stand(f, now, st.lanes)
	return synced, nil
}

// broken is what a disk's error is called at a desk; the log has its text.
func (r *Recorder) broken(err error) error {
	r.Log.Warn("the isolated tracks cannot be written", "error", err)
	if isFull(err) {
		return errFull
	}
	return errDisk
}

// begin makes a studio's recording that of a show: its folders that there are already are
// gone on with.
func (r *Recorder) begin(st *studio, show Show) error {
	if st.show.Number == show.Number && st.show.Lanes == show.Lanes {
		return nil
	}
	r.finish(st)
	there, err := r.there(show)
	if err != nil {
		return err
	}
	st.show, st.parts = show, there
	return nil
}

// of is the folder that has a chunk's take.
func (st *studio) of(c chunk) *recording {
	for _, f := range st.parts {
		if f.take(c.Take) != nil {
			return f
		}
	}
	return nil
}

// recording is the one for takes that begin now: the last one, or one more where a page's clock
// has another rate, as files of two rates cannot be in step.
func (r *Recorder) recording(st *studio, rate int) (*recording, error) {
	if n := len(st.parts); n > 0 && st.parts[n-1].line.Rate == rate {
		return st.parts[n-1], nil
	}
	f, err := r.make(st.show, len(st.parts)+1, rate)
	if err == nil {
		st.parts = append(st.parts, f)
	}
	return f, err
}

// Lanes takes in who is on a studio's lanes now, and whether its show is open.
func (r *Recorder) Lanes(in call.Studio, open bool, lanes []OnLane) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	st := r.studio(in)
	st.lanes, st.open = lanes, open
	if n := len(st.parts); n > 0 {
		r.stand(st.parts[n-1], r.Now(), lanes)
	}
	if !open && len(lanes) == 0 {
		r.over(st)
	}
}

// over ends a recording.
func (r *Recorder) over(st *studio) {
	r.finish(st)
	r.status(st, func(s *Status) { *s = Status{Studio: s.Studio} })
}

// stand notes who is on the lanes in a folder's time line.
func (r *Recorder) stand(f *recording, now int64, lanes []OnLane) {
	if err := f.at(now, lanes); err != nil {
		r.Log.Warn("the time line of the isolated tracks could not be written", "folder", f.dir, "error", err)
	}
}

// finish writes what is to be written of a recording and closes its files. What still comes
// of it opens them again.
func (r *Recorder) finish(st *studio) {
	for _, f := range st.parts {
		if err := f.finish(); err != nil {
			r.Log.Warn("the isolated tracks could not be finished", "folder", f.dir, "error", err)
		}
	}
	st.parts, st.show = nil, Show{}
}

// expect has it told when no more sound comes.
func (r *Recorder) expect(st *studio) {
	if st.still != nil {
		st.still.Reset(quiet)
		return
	}
	st.still = time.AfterFunc(quiet, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.ended {
			r.status(st, func(s *Status) { s.On = false })
		}
	})
}

// status tells how a recording stands, if that has changed.
func (r *Recorder) status(st *studio, change func(*Status)) {
	now := st.told
	change(&now)
	if now != st.told {
		st.told = now
		r.Tell(now)
	}
}

// samples is how many fit into a time in milliseconds.
func samples(ms int64, rate int) int64 { return int64(math.Round(float64(ms) * float64(rate) / 1000)) }
