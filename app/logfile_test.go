package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// broken is the standard error of a program that has none.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the handle is invalid") }

// A start by an icon has no standard error: why it failed is in the log, and only
// its owner can read it.
func TestWhatWentWrongIsInTheLogOnDisk(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "callin.log")
	if err := os.WriteFile(path, []byte("from before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"settings that are not there": {[]string{"--settings", filepath.Join(data, "none.toml")}, "no such file"},
		"a page that is not there":    {[]string{"--settings", os.DevNull}, "build/run"},
	} {
		args := append([]string{"station", "--data", data}, c.args...)
		w := World{Stdout: broken{}, Stderr: broken{}, Env: func(string) string { return "" }, Page: fstest.MapFS{}}
		if code := Main(args, w); code != 1 {
			t.Errorf("%s: it ended with %d", name, code)
		}
		if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), c.says) || !strings.HasPrefix(string(text), "from before") {
			t.Errorf("%s: the log says %q, %v", name, text, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
}

func TestALogDoesNotGrowForEver(t *testing.T) {
	dir := t.TempDir()
	l, err := openLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	another, err := openLog(dir) // such as a rehearsal beside a show
	if err != nil {
		t.Fatal(err)
	}
	defer another.close()
	defer l.close()
	lines := bytes.Repeat([]byte(strings.Repeat("x", 99)+"\n"), 1<<20/100)
	const written = 6 * largestLog
	for n := 0; n < written; n += len(lines) {
		for _, to := range []*logFile{l, another} {
			if _, err := to.Write(lines); err != nil {
				t.Fatal(err)
			}
		}
	}
	fmt.Fprint(l, "the last words")
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1+oldLogs {
		t.Errorf("there are %v, %v", files, err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Size() > 2*largestLog || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %d bytes, %v, %v", f.Name(), info.Size(), info.Mode(), err)
		}
	}
	if text, err := os.ReadFile(l.path); err != nil || !strings.HasSuffix(string(text), "the last words") {
		t.Errorf("the last words are not in %s: %v", l.path, err)
	}
}
