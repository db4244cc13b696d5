package app

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"
)

// Only build/package gives a number: a build of its own may have anything in it.
func TestABuildSaysWhichItIs(t *testing.T) {
	const commit = "25dcacf0a1b2c3d4e5f60718293a4b5c6d7e8f90"
	info := func(settings ...string) *debug.BuildInfo {
		i := &debug.BuildInfo{Main: debug.Module{Version: "v0.9.9"}}
		for ; len(settings) > 0; settings = settings[2:] {
			i.Settings = append(i.Settings, debug.BuildSetting{Key: settings[0], Value: settings[1]})
		}
		return i
	}
	for says, b := range map[string]build{
		"Callin 0.2.0 (25dcacf, 2026-11-26)":               {version: "0.2.0", commit: commit, date: "2026-11-26T10:00:00Z"},
		"Callin, a build of its own (25dcacf, 2026-11-26)": ownBuild(info("vcs.revision", commit, "vcs.time", "2026-11-26T10:00:00Z", "vcs.modified", "false")),
		"Callin, a build of its own (25dcacf and changes)": ownBuild(info("vcs.revision", commit, "vcs.modified", "true")),
		"Callin, a build of its own":                       ownBuild(nil),
	} {
		if b.String() != says {
			t.Errorf("it says %q, not %q", b, says)
		}
	}
}

// Whoever is sent a log sees at once of which Callin it is.
func TestEveryLogBeginsWithWhichCallinItIs(t *testing.T) {
	var printed bytes.Buffer
	if code := Main([]string{"version"}, World{Stdout: &printed}); code != 0 || !strings.HasPrefix(printed.String(), thisBuild().String()+"\n") {
		t.Fatalf("callin version ends with %d: %s", code, &printed)
	}
	dir := t.TempDir()
	var stderr bytes.Buffer
	service := []string{"station", "--service", "--data", dir, "--settings", os.DevNull} // which ends for want of a page
	Main(service, World{Stdout: &bytes.Buffer{}, Stderr: &stderr, Env: func(string) string { return "" }, Page: fstest.MapFS{}})
	l, err := openLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	for range 3 {
		if _, err := l.Write(make([]byte, largestLog)); err != nil {
			t.Fatal(err)
		}
	}
	logs := map[string]string{"what a service prints": stderr.String()}
	files, err := filepath.Glob(filepath.Join(dir, "callin.log*"))
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		logs[file] = string(text)
	}
	for name, text := range logs {
		if first, _, _ := strings.Cut(text, "\n"); !strings.Contains(first, thisBuild().String()) {
			t.Errorf("%s begins with %.100q", name, first)
		}
	}
}
