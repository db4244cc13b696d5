package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"callin/app/journal"
	"callin/app/picture"
	"callin/app/settings"
	"callin/app/station"
)

// A studio that hangs answers nobody: that is known in time, however often it is
// asked, and nothing gathers meanwhile.
func TestAStudioThatHangsIsNotAlive(t *testing.T) {
	j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	hangs, goesOn := make(chan struct{}), make(chan struct{})
	hung := sync.OnceFunc(func() { close(hangs); <-goesOn })
	clock := time.Now
	show, err := station.New(t.Context(), station.Options{
		Studios: []picture.Studio{{Show: picture.Show{Name: "Test"}}}, Journal: j, Carrier: nobody{}, Log: quiet(),
		Wall: func() time.Time { return clock() }, // it is read under the studio's lock
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &process{show: show, looking: make(chan struct{}, 1)}
	if !s.alive(t.Context()) {
		t.Error("before it hangs")
	}
	clock = func() time.Time { hung(); return time.Now() }
	started := make(chan struct{})
	go func() { defer close(started); show.Start() }()
	<-hangs
	running := 0
	for n := range 50 {
		ctx, done := context.WithTimeout(t.Context(), 2*time.Millisecond)
		if s.alive(ctx) {
			t.Fatal("it hangs")
		}
		done()
		if n == 0 {
			running = runtime.NumGoroutine()
		}
	}
	if more := runtime.NumGoroutine() - running; more > 5 {
		t.Errorf("%d goroutines have gathered", more)
	}
	close(goesOn)
	if !s.alive(t.Context()) {
		t.Error("it goes on")
	}
	<-started
	show.Close()
}

// Settings that a service manager hands over as a credential are for this service
// alone, whatever their mode says, and cannot be changed here.
func TestACredentialIsNoSecretInTheOpen(t *testing.T) {
	data, handed := t.TempDir(), t.TempDir()
	file := filepath.Join(handed, "callin.toml")
	if err := errors.Join(os.WriteFile(file, []byte("pin = \"123456\"\n"), 0o600), os.Chmod(file, 0o440)); err != nil {
		t.Fatal(err)
	}
	set, err := settings.Load(file, true, "", func(string) string { return "" }, settings.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	for _, under := range []string{handed, ""} {
		s := stationIn(data, set)
		var said bytes.Buffer
		s.log = slog.New(slog.NewTextHandler(&said, nil))
		s.options.settings = file
		s.world.Env = func(name string) string { return map[string]string{"CREDENTIALS_DIRECTORY": under}[name] }
		if _, err := s.openFolder(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.end()
		info, err := os.Stat(file)
		left := err == nil && info.Mode().Perm() == 0o440 && !bytes.Contains(said.Bytes(), []byte("secrets"))
		if left != (under != "") {
			t.Errorf("handed over: %t; it is %v, and was said to be %q", under != "", info.Mode(), &said)
		}
	}
}
