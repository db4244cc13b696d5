package tracks

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"callin/app/call"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rate is that of the page's clock: so low that a test can look at each sample.
const rate = 8000

// world is a station's disk with a recorder that may be started anew, and the page's clock.
type world struct {
	*testing.T
	*Recorder
	dir   string
	now   int64
	free  uint64
	show  Show
	told  []Status
	until int64
}

func begin(t *testing.T) *world {
	w := &world{T: t, dir: filepath.Join(t.TempDir(), "tracks"), now: 1_000_000, free: 1 << 40, until: math.MaxInt64 / 2}
	w.show = Show{Number: 12, Opened: w.now - 60_000, Lanes: 2}
	w.start("run1")
	t.Cleanup(func() { w.Recorder.Close() })
	return w
}

// start starts the station's recorder; what ran before was killed.
func (w *world) start(run string) {
	w.Recorder = New(run, Options{
		Dir: w.dir, Now: func() int64 { return w.now }, Free: func(string) (uint64, error) { return w.free, nil },
		Show: func(context.Context, call.Studio) (Show, error) { return w.show, nil },
		Tell: func(s Status) { w.told = append(w.told, s) }, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
	})
	w.Lanes("", true, nil)
}

// sample is what a track has at a moment of a page's clock: it tells all of that.
func sample(track int, at int64) int16 { return int16(1 + (int64(track)*7919+at*31)%30_000) }

// page is a page's clock: a take of it.
type page struct {
	*world
	id     string
	from   int64 // its clock as the take begins
	number int64
}

func (w *world) page(id string, from int64) *page {
	return &page{world: w, id: id, from: from}
}

// chunk is one of a page's: frames from a moment of its clock on, of some tracks, heard up to
// now.
func (p *page) chunk(at, frames int64, ago int64, tracks ...int) []byte {
	p.number++
	var b bytes.Buffer
	head, _ := json.Marshal(map[string]any{
		"take": p.id, "number": p.number, "rate": rate, "from": p.from, "at": at, "frames": frames, "ago": ago,
		"tracks": append([]int{}, tracks...), "host": true,
	})
	b.Write(append(head, '\n'))
	for _, track := range tracks {
		for i := range frames {
			binary.Write(&b, binary.LittleEndian, sample(track, at+i))
		}
	}
	return b.Bytes()
}

func (w *world) takes(by call.DeskID, data []byte) (Kept, error) {
	return w.Take(w.Context(), by, "", w.until, data)
}

func (w *world) taken(by call.DeskID, data []byte) Kept {
	w.Helper()
	kept, err := w.takes(by, data)
	if err != nil {
		w.Fatal(err)
	}
	return kept
}

// tracks are the samples of the show's files, which are looked at as any program does.
func (w *world) tracks() (all [][]int16) {
	w.Helper()
	for track := range w.show.Lanes + 1 {
		data, err := os.ReadFile(filepath.Join(w.dir, "1970-01-01-0015-show-12", fileOf(track)))
		if err != nil {
			w.Fatal(err)
		}
		all = append(all, read(w.T, data))
	}
	return all
}

func read(t *testing.T, data []byte) (samples []int16) {
	t.Helper()
	u32 := func(at int) int { return int(binary.LittleEndian.Uint32(data[at:])) }
	size := u32(40)
	if string(data[:4]) != "RIFF" || string(data[8:16]) != "WAVEfmt " || string(data[36:40]) != "data" ||
		u32(24) != rate || u32(28) != 2*rate || u32(4) != size+36 || len(data) < 44+size {
		t.Fatalf("not a WAVE file of %d Hz: %d bytes, head %q", rate, len(data), data[:44])
	}
	for i := 0; i < size; i += 2 {
		samples = append(samples, int16(binary.LittleEndian.Uint16(data[44+i:])))
	}
	return samples
}

// has fails unless all tracks have, at a place of the files, what a page's clock had from a
// moment on.
func (w *world) has(all [][]int16, place, at, frames int64, tracks ...int) {
	w.Helper()
	for track, samples := range all {
		for i := range frames {
			want := int16(0)
			if slices.Contains(tracks, track) {
				want = sample(track, at+i)
			}
			if place+i >= int64(len(samples)) {
				w.Fatalf("%s has %d samples, and none at %d", fileOf(track), len(samples), place+i)
			}
			if got := samples[place+i]; got != want {
				w.Fatalf("%s has %d at %d, want %d", fileOf(track), got, place+i, want)
			}
		}
	}
}

func (w *world) silent(all [][]int16, from, to int64) {
	w.Helper()
	w.has(all, from, 0, to-from)
}

func TestWhatComesTwiceLateOrDisorderedIsWhereItBelongs(t *testing.T) {
	w := begin(t)
	p := w.page("aaaaaaaa", 5000)
	first, second, third := p.chunk(5000, rate, 3000, 0, 1, 2), p.chunk(5000+rate, rate, 2000, 0, 2), p.chunk(5000+2*rate, 4000, 0, 1)
	_ = third
	// The third one is missing, the fourth comes first: the page was silent for a while between.
	fourth := p.chunk(5000+4*rate, rate, 0, 0, 1, 2)
	for _, data := range [][]byte{fourth, second, first, second, fourth} {
		w.taken("d1", data)
	}
	all := w.tracks()
	w.has(all, 0, 5000, rate, 0, 1, 2)
	w.has(all, rate, 5000+rate, rate, 0, 2)
	w.silent(all, 2*rate, 4*rate)
	w.has(all, 4*rate, 5000+4*rate, rate, 0, 1, 2)
	for track, samples := range all {
		if len(samples) != 5*rate {
			t.Errorf("%s has %d samples, want %d", fileOf(track), len(samples), 5*rate)
		}
	}
}

// Killed within a chunk, and not told to end: what was taken is there, and what goes on, from
// the same page's clock and from that of a new page, is in step with it.
func TestWhatWasTakenOutlivesAStationThatIsKilled(t *testing.T) {
	w := begin(t)
	p := w.page("aaaaaaaa", 0)
	w.now += 1000
	if kept := w.taken("d1", p.chunk(0, rate, 0, 0, 1)); kept.Run != "run1" || kept.Synced {
		t.Errorf("it is said to be on the disk: %+v", kept)
	}
	// What is left of a chunk in one of the files.
	path := filepath.Join(w.dir, "1970-01-01-0015-show-12", "lane-1.wav")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte{1, 2, 3})
	f.Close()
	before := w.tracks()
	w.has(before, 0, 0, rate, 0, 1)

	w.start("run2")
	w.now += 1000
	if kept := w.taken("d1", p.chunk(rate, rate, 0, 1, 2)); kept.Run != "run2" {
		t.Errorf("the page cannot know that it was another run: %+v", kept)
	}
	all := w.tracks()
	w.has(all, 0, 0, rate, 0, 1)
	w.has(all, rate, rate, rate, 1, 2)

	w.now += 3500 // a reload, and a new page's clock
	again := w.page("bbbbbbbb", 777)
	w.taken("d1", again.chunk(777, rate, 500, 0, 1, 2))
	all = w.tracks()
	w.silent(all, 2*rate, 4*rate)
	w.has(all, 4*rate, 777, rate, 0, 1, 2)
	// What the page before had still on its way stops where the new one begins.
	w.taken("d1", p.chunk(3*rate+rate/2, rate, 1000, 2))
	all = w.tracks()
	w.has(all, 3*rate+rate/2, 3*rate+rate/2, rate/2, 2)
	w.has(all, 4*rate, 777, rate, 0, 1, 2)

	w.start("run3") // which knows where the page's clock stands in the files
	w.now += 9000
	w.taken("d1", again.chunk(777+rate, rate, 9000, 0, 1, 2))
	w.has(w.tracks(), 5*rate, 777+rate, rate, 0, 1, 2)
}

func TestAPageMayKeepItUntilItIsOnTheDisk(t *testing.T) {
	w := begin(t)
	p := w.page("aaaaaaaa", 0)
	w.taken("d1", p.chunk(0, 100, 0, 0))
	w.studios[""].parts[0].synced = time.Now().Add(-syncEvery)
	if kept := w.taken("d1", p.chunk(100, 100, 0, 0)); !kept.Synced {
		t.Error("it is not said to be on the disk")
	}
}

func TestANearlyFullDiskStopsTheTracksAlone(t *testing.T) {
	w := begin(t)
	p := w.page("aaaaaaaa", 0)
	w.taken("d1", p.chunk(0, rate, 0, 0, 1, 2))
	w.free = spare
	_, err := w.takes("d1", p.chunk(rate, rate, 0, 0, 1, 2))
	var refused *call.Error
	if !errors.As(err, &refused) || refused.Code != call.CodeTracksFull {
		t.Fatalf("on a disk that is nearly full: %v", err)
	}
	if last := w.told[len(w.told)-1]; last.On || last.Trouble != refused {
		t.Errorf("desks are told %+v", last)
	}
	w.has(w.tracks(), 0, 0, rate, 0, 1, 2)
	w.free = 1 << 40
	w.taken("d1", p.chunk(3*rate, rate, 0, 0, 1, 2))
	if last := w.told[len(w.told)-1]; !last.On || last.Trouble != nil {
		t.Errorf("once there is room desks are told %+v", last)
	}
	all := w.tracks()
	w.silent(all, rate, 3*rate)
	w.has(all, 3*rate, 3*rate, rate, 0, 1, 2)
}

func TestOnlyTheDeskOnTheAirWrites(t *testing.T) {
	w := begin(t)
	p := w.page("aaaaaaaa", 0)
	w.taken("d1", p.chunk(0, rate, 0, 1))
	for what, try := range map[string]func() error{
		"another desk on the take of the first": func() error { _, err := w.takes("d2", p.chunk(rate, rate, 0, 1)); return err },
		"what was heard after it left the air": func() error {
			w.until = w.now - 60_000
			_, err := w.takes("d1", p.chunk(rate, rate, 0, 1))
			return err
		},
		"a lane that there is not": func() error { _, err := w.takes("d1", p.chunk(rate, 10, 0, 3)); return err },
	} {
		w.until = math.MaxInt64 / 2
		if try() == nil {
			t.Errorf("%s is written", what)
		}
	}
	w.until = w.now - 60_000
	w.taken("d1", p.chunk(rate, rate, 61_000, 1)) // late, and of when it was there
	w.silent(w.tracks()[:1], 0, rate)
}

func TestAChunkThatMakesNoSenseIsRefused(t *testing.T) {
	w := begin(t)
	good := func(change func(map[string]any)) []byte {
		head := map[string]any{"take": "aaaaaaaa", "number": 1, "rate": rate, "from": 0, "at": 0, "frames": 2, "ago": 0, "tracks": []int{1}, "host": true}
		change(head)
		text, _ := json.Marshal(head)
		return append(text, "\n1234"...)
	}
	if _, err := w.takes("d1", good(func(map[string]any) {})); err != nil {
		t.Fatal("a good one: ", err)
	}
	for what, change := range map[string]func(map[string]any){
		"a path":         func(h map[string]any) { h["take"] = "../../etc/passwd" },
		"no number":      func(h map[string]any) { h["number"] = 0 },
		"no rate":        func(h map[string]any) { h["rate"] = 0 },
		"a rate":         func(h map[string]any) { h["rate"] = 1 << 30 },
		"long ago":       func(h map[string]any) { h["ago"] = int64(1) << 60 },
		"from the end":   func(h map[string]any) { h["at"] = int64(1) << 60 },
		"before it":      func(h map[string]any) { h["from"] = 10 },
		"too long":       func(h map[string]any) { h["frames"] = rate * 3 },
		"too few bytes":  func(h map[string]any) { h["tracks"] = []int{1, 2} },
		"a track twice":  func(h map[string]any) { h["tracks"], h["frames"] = []int{1, 1}, 1 },
		"a negative one": func(h map[string]any) { h["tracks"] = []int{-1} },
		"more than that": func(h map[string]any) { h["file"] = "x" },
		"twelve hours":   func(h map[string]any) { h["at"] = 13 * 3600 * rate },
	} {
		if _, err := w.takes("d1", good(change)); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	for _, data := range [][]byte{nil, []byte("{}"), []byte("\n"), []byte(`{"take":"aaaaaaaa"} {}` + "\n")} {
		if _, err := w.takes("d1", data); err == nil {
			t.Errorf("%q is taken", data)
		}
	}
}

// Names come from outside; whatever they are, the files can be read.
func TestTheTimeLineSaysWhoWasOnWhichLane(t *testing.T) {
	w := begin(t)
	const ana, ben = call.Sid("CA1"), call.Sid("CA2")
	w.Lanes("", true, []OnLane{{1, ana, "Ana, \"A\"\tof\nHull", call.Talking, w.now, false}})
	p := w.page("aaaaaaaa", 0)
	w.now += 1000
	w.taken("d1", p.chunk(0, rate, 0, 0, 1))
	w.now += 500
	w.Lanes("", true, []OnLane{{1, ana, "Ana, \"A\"\tof\nHull", call.Held, w.now, false}, {2, ben, "", call.Talking, w.now, false}})
	w.now += 500
	w.taken("d1", p.chunk(rate, rate, 0, 0, 1, 2))
	dir := filepath.Join(w.dir, "1970-01-01-0015-show-12")
	reaper := func() string { return text(t, dir, reaperFile) }
	// What a crash would leave now: who is still there has no end yet.
	if got, want := reaper(), `#,Name,Start,End,Length
M1,Recording,0:00.000,,
R1,"Lane 1: Ana, ""A"" of Hull",0:00.000,0:01.500,0:01.500
M2,"Lane 1: Ana, ""A"" of Hull, on hold",0:01.500,,
M3,Lane 2: a caller,0:01.500,,
`; got != want {
		t.Errorf("Reaper reads\n%s\nwant\n%s", got, want)
	}
	w.now += 3_600_000
	w.Lanes("", false, nil)
	if got, want := text(t, dir, auditionFile), "Name\tStart\tDuration\tTime Format\tType\tDescription\n"+
		"Recording\t0:00.000\t0:00.000\tdecimal\tCue\t\n"+
		"Lane 1: Ana, \"A\" of Hull\t0:00.000\t0:01.500\tdecimal\tCue\t\n"+
		"Lane 1: Ana, \"A\" of Hull, on hold\t0:01.500\t1:00:00.500\tdecimal\tCue\t\n"+
		"Lane 2: a caller\t0:01.500\t1:00:00.500\tdecimal\tCue\t\n"; got != want {
		t.Errorf("Audition reads\n%q\nwant\n%q", got, want)
	}
	var line timeline
	if err := json.Unmarshal([]byte(text(t, dir, lineFile)), &line); err != nil {
		t.Fatal(err)
	}
	if s := line.Spans[2]; s.Lane != 2 || s.Call != ben || s.From != rate*3/2 || *s.To != rate*3/2+3600*rate+rate/2 {
		t.Errorf("the time line has %+v", s)
	}
	if w.told[len(w.told)-1] != (Status{}) {
		t.Errorf("after the show desks are told %+v", w.told[len(w.told)-1])
	}
	if w.studios[""].parts != nil {
		t.Error("the files are open after the show")
	}
}

// A station that is started anew goes on with the time line, once it knows which sample is heard.
func TestTheTimeLineGoesOnAfterAStationsRestart(t *testing.T) {
	w := begin(t)
	ana := OnLane{1, "CA1", "Ana", call.Talking, w.now, false}
	w.Lanes("", true, []OnLane{ana})
	p := w.page("aaaaaaaa", 0)
	w.now += 1000
	w.taken("d1", p.chunk(0, rate, 0, 0, 1))
	w.start("run2")
	w.Lanes("", true, []OnLane{ana})
	w.now += 9000
	w.free = 0
	if _, err := w.takes("d1", p.chunk(9*rate, rate, 0, 0, 1)); err == nil {
		t.Fatal("it is written on a full disk")
	}
	ben := OnLane{2, "CA2", "Ben", call.Talking, w.now - 4000, false}
	w.Lanes("", true, []OnLane{ana, ben})
	w.free = 1 << 40
	w.taken("d1", p.chunk(9*rate, rate, 0, 0, 1))
	line, err := readTimeline(filepath.Join(w.dir, "1970-01-01-0015-show-12"))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(line.Spans); n != 2 || line.Spans[0].To != nil || line.Spans[1].From != 6*rate {
		t.Errorf("the time line has %+v", line.Spans)
	}
}

func text(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAPersonIsTakenOutOfTheTracks(t *testing.T) {
	w := begin(t)
	const ana, ben = call.Sid("CA1"), call.Sid("CA2")
	on := func(who call.Sid, name string) []OnLane {
		return []OnLane{{1, who, name, call.Talking, w.now, false}, {2, "CA3", "Cleo", call.Talking, 1_000_000, false}}
	}
	p := w.page("aaaaaaaa", 0)
	w.Lanes("", true, on(ana, "Ana"))
	for second := range int64(6) {
		w.now += 1000
		w.taken("d1", p.chunk(second*rate, rate, 0, 0, 1, 2))
		if second == 2 {
			w.Lanes("", true, on(ben, "Ben"))
		}
	}
	check := func() {
		t.Helper()
		all := w.tracks()
		w.has(all, 0, 0, 3*rate, 0, 2)
		w.has(all, 3*rate, 3*rate, 3*rate, 0, 1, 2) // Ben's begins where Ana's ends
		for _, name := range []string{lineFile, reaperFile, auditionFile} {
			if said := text(t, filepath.Join(w.dir, "1970-01-01-0015-show-12"), name); strings.Contains(said, "Ana") || strings.Contains(said, "CA1") || !strings.Contains(said, "Ben") {
				t.Errorf("%s says\n%s", name, said)
			}
		}
	}
	if err := w.Erase(t.Context(), []call.Sid{ana}); err != nil {
		t.Fatal(err)
	}
	check()
	w.now += 1000
	w.Lanes("", false, nil)
	check()
	// Of a show that is over, by a station that was started since.
	w.start("run2")
	if err := w.Erase(t.Context(), []call.Sid{"CA3"}); err != nil {
		t.Fatal(err)
	}
	w.has(w.tracks(), 3*rate, 3*rate, 3*rate, 0, 1)
}

// Of a lane that several share the time line has each, and who is taken out of it takes the lane's sound along for as
// long as they were there, whoever else was.
func TestAPersonIsTakenOutOfASharedLane(t *testing.T) {
	w := begin(t)
	since := map[call.Sid]int64{"CA1": w.now, "CA2": w.now + 2000, "CA3": w.now + 4000}
	p := w.page("aaaaaaaa", 0)
	for second, there := range [][]call.Sid{{"CA1"}, {"CA1"}, {"CA1", "CA2"}, {"CA1", "CA2"}, {"CA1", "CA3"}, {"CA1"}, {"CA1"}, {"CA1"}} {
		var lanes []OnLane
		for _, who := range there {
			lanes = append(lanes, OnLane{2, who, "Name of " + string(who), call.Talking, since[who], true})
		}
		w.Lanes("", true, lanes)
		w.now += 1000
		w.taken("d1", p.chunk(int64(second)*rate, rate, 0, 0, 2))
	}
	w.Lanes("", false, nil)
	dir := filepath.Join(w.dir, "1970-01-01-0015-show-12")
	line, err := readTimeline(dir)
	if err != nil {
		t.Fatal(err)
	}
	var spans []string
	for _, s := range line.Spans {
		spans = append(spans, fmt.Sprintf("%s %d to %d, %t", s.Call, s.From/rate, *s.To/rate, s.Shared))
	}
	if want := []string{"CA1 0 to 8, true", "CA2 2 to 4, true", "CA3 4 to 5, true"}; !slices.Equal(spans, want) {
		t.Errorf("on the lane were %q", spans)
	}
	if err := w.Erase(t.Context(), []call.Sid{"CA2"}); err != nil {
		t.Fatal(err)
	}
	all := w.tracks()
	w.has(all, 0, 0, rate, 0, 2)
	w.has(all, rate, rate, 4*rate, 0) // with a second more on either side
	w.has(all, 5*rate, 5*rate, 3*rate, 0, 2)
	if said := text(t, dir, lineFile); strings.Contains(said, "CA2") || !strings.Contains(said, "CA1") || !strings.Contains(said, "CA3") {
		t.Errorf("the time line says %s", said)
	}
}

func TestTracksAreKeptAsLongAsRecords(t *testing.T) {
	w := begin(t)
	p := w.page("aaaaaaaa", 0)
	w.taken("d1", p.chunk(0, rate, 0, 1))
	files, err := w.Files(w.show)
	if err != nil || len(files) != 6 {
		t.Fatalf("its files are %v, %v", files, err)
	}
	opened := time.UnixMilli(w.show.Opened)
	for _, c := range []struct {
		before time.Time
		want   int
	}{{opened, 0}, {opened.Add(time.Hour), 0}} {
		if n, err := w.Prune(c.before); n != c.want || err != nil {
			t.Errorf("while it is written %d are removed, %v", n, err)
		}
	}
	w.Lanes("", false, nil)
	if n, err := w.Prune(opened); n != 0 || err != nil {
		t.Errorf("too young: %d are removed, %v", n, err)
	}
	if n, err := w.Prune(opened.Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("%d are removed, %v", n, err)
	}
	if files, err := w.Files(w.show); len(files) != 0 || err != nil {
		t.Errorf("its files are %v, %v", files, err)
	}
}

func TestOnlyAShowsOwnFilesAreGivenOut(t *testing.T) {
	w := begin(t)
	p := w.page("aaaaaaaa", 0)
	w.taken("d1", p.chunk(0, rate, 0, 1))
	f, err := w.Open(w.show, "1970-01-01-0015-show-12/lane-1.wav")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	for _, name := range []string{"", "lane-1.wav", "../x", "1970-01-01-0015-show-12/../../secret", "1970-01-01-0015-show-13/lane-1.wav", `1970-01-01-0015-show-12\lane-1.wav`} {
		if _, err := w.Open(w.show, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A page's clock of another rate has files of its own.
func TestAnotherRateIsAnotherFolder(t *testing.T) {
	w := begin(t)
	w.taken("d1", w.page("aaaaaaaa", 0).chunk(0, rate, 0, 1))
	other := bytes.Replace(w.page("bbbbbbbb", 0).chunk(0, rate, 0, 1), fmt.Appendf(nil, `"rate":%d`, rate), []byte(`"rate":48000`), 1)
	w.taken("d1", other)
	files, err := w.Files(w.show)
	if err != nil || len(files) != 12 || files[11].Name != "1970-01-01-0015-show-12-part-2/timeline.json" {
		t.Errorf("the files are %v, %v", files, err)
	}
}

func TestAPageThatGoesOnIntoTheNextShowBeginsThereAtZero(t *testing.T) {
	w := begin(t)
	p := w.page("aaaaaaaa", 0)
	w.taken("d1", p.chunk(0, rate, 0, 1))
	w.now += 7_200_000
	w.show = Show{Number: 99, Opened: w.now - 1000, Lanes: 2}
	w.taken("d1", p.chunk(7200*rate, rate, 0, 1))
	data, err := os.ReadFile(filepath.Join(w.dir, "1970-01-01-0216-show-99", "lane-1.wav"))
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, data); len(got) != rate || got[0] != sample(1, 7200*rate) {
		t.Errorf("it has %d samples", len(got))
	}
}

func TestThatNothingComesAnyMoreIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := begin(t)
		w.taken("d1", w.page("aaaaaaaa", 0).chunk(0, rate, 0, 1))
		w.mu.Lock() // it is told with the recorder's
		last := w.told[len(w.told)-1]
		w.mu.Unlock()
		if !last.On || last.Since == 0 || last.Folder == "" || !last.Host {
			t.Errorf("desks are told %+v", last)
		}
		time.Sleep(quiet + time.Second)
		synctest.Wait()
		if last := w.told[len(w.told)-1]; last.On || last.Folder == "" {
			t.Errorf("when nothing comes any more desks are told %+v", last)
		}
	})
}
