//go:build soak

package app_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// columns are what is sampled, in the CSV's order. Bytes are in KiB but for
// the journal.
var columns = []string{
	"seconds", "calls", "callers_rung", "facts", "journal_bytes", "wal_bytes",
	"station_rss_kib", "station_threads", "station_files", "rehearsal_rss_kib", "rehearsal_threads", "rehearsal_files",
}

// steady are those that must not grow.
var steady = []string{"wal_bytes", "station_threads", "station_files", "rehearsal_threads", "rehearsal_files"}

// curves are the samples of a run.
type curves struct {
	interval time.Duration
	path     string // without .csv and .svg
	rows     [][]float64
}

// sample takes one row.
func (c *curves) sample(s *site, at time.Duration, rung int) error {
	p, err := s.look()
	if err != nil {
		return err
	}
	row := []float64{math.Round(at.Seconds()), float64(len(p.Cards)), float64(rung), float64(p.Seq), 0, 0}
	for i, end := range []string{"journal.db", "journal.db-wal"} {
		found, err := filepath.Glob(filepath.Join(s.data, "*", end))
		if err != nil || len(found) != 1 {
			return fmt.Errorf("%s is in %q, not in one place", end, found)
		}
		info, err := os.Stat(found[0])
		if err != nil {
			return err
		}
		row[4+i] = float64(info.Size())
	}
	for _, pid := range []int{s.station.Process.Pid, s.twilio.Process.Pid} {
		rss, threads, files, err := process(pid)
		if err != nil {
			return err
		}
		row = append(row, rss, threads, files)
	}
	c.rows = append(c.rows, row)
	return nil
}

// process reads /proc: the resident memory in KiB, the threads, the open files.
func process(pid int) (rss, threads, files float64, err error) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return 0, 0, 0, err
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		switch n, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64); name {
		case "VmRSS":
			rss = n
		case "Threads":
			threads = n
		}
	}
	open, err := os.ReadDir(filepath.Join(dir, "fd"))
	return rss, threads, float64(len(open)), err
}

func (c *curves) column(name string) []float64 {
	for i, n := range columns {
		if n == name {
			all := make([]float64, len(c.rows))
			for j, row := range c.rows {
				all[j] = row[i]
			}
			return all
		}
	}
	panic("no column " + name)
}

// verdict is one line of the judgement.
type verdict struct {
	ok   bool
	what string
}

func (v verdict) String() string {
	if v.ok {
		return "steady  " + v.what
	}
	return "GROWS   " + v.what
}

const (
	// most is how much higher the second half's peak may be than the first's, and
	// how much dearer a fact may become.
	most = 0.25
	// few files or threads more than that are no growth: connections come and go.
	few = 8
	// These are in KiB of memory for each caller who rang. The station's room
	// for the last ends and SQLite's for the journal's pages, 2 MiB, fill up
	// over thousands of callers; a call that is not let go of costs more. The
	// rehearsal keeps 5000 requests, full after ten minutes or so, and, as Twilio
	// keeps calls, 10 000 of them. Go's collector lets twice of all that stand.
	stationACaller   = 3
	rehearsalACaller = 40
)

// verdicts judges the second half, the first being for warming up.
func (c *curves) verdicts() (all []verdict) {
	if len(c.rows) < 16 {
		return []verdict{{false, fmt.Sprintf("%d samples are too few to judge", len(c.rows))}}
	}
	half := len(c.rows) / 2
	for _, name := range steady {
		all = append(all, peaks(name, c.column(name)))
	}
	return append(
		all,
		perCaller("station_rss_kib", c.column("callers_rung")[half:], c.column("station_rss_kib")[half:], stationACaller),
		perCaller("rehearsal_rss_kib", c.column("callers_rung")[half:], c.column("rehearsal_rss_kib")[half:], rehearsalACaller),
		perFact(c.column("facts"), c.column("journal_bytes")),
	)
}

// fit is the slope of the line through points, by least squares, and twice its
// standard error: what is measured swings, so that the slope is known only so well.
func fit(x, y []float64) (slope, sure, mean float64) {
	n := float64(len(x))
	var meanX float64
	for i := range x {
		meanX += x[i] / n
		mean += y[i] / n
	}
	var xx, xy float64
	for i := range x {
		xx += (x[i] - meanX) * (x[i] - meanX)
		xy += (x[i] - meanX) * (y[i] - mean)
	}
	slope = xy / xx
	var rest float64
	for i := range x {
		off := y[i] - mean - slope*(x[i]-meanX)
		rest += off * off
	}
	return slope, 2 * math.Sqrt(rest/(n-2)/xx), mean
}

// peaks says that a curve grows if its second half rises above its first: what
// merely swings has been as high before.
func peaks(name string, values []float64) verdict {
	half := len(values) / 2
	first, second := slices.Max(values[:half]), slices.Max(values[half:])
	limit := first + max(few, most*first)
	return verdict{
		second <= limit,
		fmt.Sprintf("%-20s at most %.0f in the first half, %.0f in the second (limit %.0f)", name, first, second, limit),
	}
}

// perCaller says that memory grows if even the least slope that fits it is more
// than a caller may cost.
func perCaller(name string, rung, rss []float64, most float64) verdict {
	slope, sure, mean := fit(rung, rss)
	return verdict{
		slope-sure <= most,
		fmt.Sprintf("%-20s mean %.0f KiB, %+.1f ± %.1f KiB a caller (at most %.0f)", name, mean, slope, sure, most),
	}
}

// perFact holds the journal's bytes for each fact of the second half against
// those of the first: a fact costs the same however long the journal is. The
// file grows in steps, when SQLite brings its log in.
func perFact(facts, bytes []float64) verdict {
	half := len(facts) / 2
	first, _, _ := fit(facts[:half], bytes[:half])
	second, sure, _ := fit(facts[half:], bytes[half:])
	return verdict{
		second-sure <= first*(1+most),
		fmt.Sprintf("%-20s %.0f ± %.0f bytes a fact in the second half, %.0f in the first (at most %.0f %% more)", "journal", second, sure, first, 100*most),
	}
}

// goroutines ends both processes with SIGQUIT and counts what Go then prints.
// What they said is kept beside path: it is too long for a terminal.
func (s *site) goroutines(path string) (station, twilio int) {
	s.t.Helper()
	end := func(c *exec.Cmd, name string) int {
		if err := c.Process.Signal(syscall.SIGQUIT); err != nil {
			s.t.Fatal(err)
		}
		_ = c.Wait() // exit status 2
		said := c.Stderr.(*bytes.Buffer)
		if err := os.WriteFile(path+"-"+name+".txt", said.Bytes(), 0o644); err != nil {
			s.t.Fatal(err)
		}
		defer said.Reset()
		// Those numbered 0 are the scheduler's own, one a thread.
		return bytes.Count(said.Bytes(), []byte("\ngoroutine ")) - bytes.Count(said.Bytes(), []byte("\ngoroutine 0 "))
	}
	return end(s.station, "station"), end(s.twilio, "rehearsal")
}

// spare is how many goroutines more there may be than in the calm: those of
// connections kept open for the next request.
const spare = 20

// held holds goroutines against those of a show with nobody in it.
func held(what string, calm, after int) verdict {
	return verdict{after <= calm+spare, fmt.Sprintf("%-20s %d when everybody has gone, %d after a short calm show (at most %d more)", what, after, calm, spare)}
}

// write writes the samples as a table and as a drawing.
func (c *curves) write() error {
	var table bytes.Buffer
	w := csv.NewWriter(&table)
	_ = w.Write(columns) // to memory
	for _, row := range c.rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = strconv.FormatFloat(v, 'f', -1, 64)
		}
		_ = w.Write(cells)
	}
	w.Flush()
	if err := os.WriteFile(c.path+".csv", table.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(c.path+".svg", c.draw(), 0o644)
}

// draw draws each column in a field of its own, from 0 to its greatest.
func (c *curves) draw() []byte {
	const across, wide, high, gap = 3, 380, 130, 40
	names := columns[1:]
	var b bytes.Buffer
	rows := (len(names) + across - 1) / across
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n",
		across*(wide+gap)+gap, rows*(high+2*gap)+gap)
	fmt.Fprintln(&b, `<rect width="100%" height="100%" fill="#fff"/>`)
	at := c.column("seconds")
	for i, name := range names {
		x, y := gap+i%across*(wide+gap), gap+i/across*(high+2*gap)
		values, top := c.column(name), 1.0
		for _, v := range values {
			top = max(top, v)
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s: up to %.0f</text>`, x, y-6, html.EscapeString(name), top)
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#f4f4f4"/>`, x, y, wide, high)
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end" fill="#777">%.0f min</text>`, x+wide, y+high+14, at[len(at)-1]/60)
		fmt.Fprint(&b, `<polyline fill="none" stroke="#06c" points="`)
		for j, v := range values {
			fmt.Fprintf(&b, "%.1f,%.1f ", float64(x)+at[j]/at[len(at)-1]*wide, float64(y)+high-v/top*high)
		}
		fmt.Fprintln(&b, `"/>`)
	}
	fmt.Fprintln(&b, "</svg>")
	return b.Bytes()
}

// TestSoakRule shows the rule curves that it must tell apart.
func TestSoakRule(t *testing.T) {
	at := make([]float64, 100)
	make100 := func(f func(x float64) float64) []float64 {
		all := make([]float64, len(at))
		for i := range at {
			at[i] = 5 * float64(i)
			all[i] = f(at[i])
		}
		return all
	}
	swings := func(x float64) float64 { return 20 + 10*math.Sin(x) }
	leaks := func(x float64) float64 { return swings(x) + x/15 }
	if v := peaks("swings", make100(swings)); !v.ok {
		t.Error(v)
	}
	if v := peaks("leaks", make100(leaks)); v.ok {
		t.Error(v)
	}
	if v := perCaller("leaks", make100(func(x float64) float64 { return x }), make100(func(x float64) float64 { return 1000 + 50*x }), 40); v.ok {
		t.Error(v)
	}
	facts := make100(func(x float64) float64 { return x })
	if v := perFact(facts, make100(func(x float64) float64 { return 200 * x })); !v.ok {
		t.Error(v)
	}
	if v := perFact(facts, make100(func(x float64) float64 { return x * x })); v.ok {
		t.Error(v)
	}
}
