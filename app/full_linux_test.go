package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/journal"
	"callin/app/metrics"
	"callin/app/picture"
	"callin/app/station"
)

// A show on a disk that really fills up, and is given room again. The test runs
// once more in a process of its own, which may mount a small file system.
func TestAShowOutlivesAFullDisk(t *testing.T) {
	if os.Getenv("CALLIN_TEST_MAY_MOUNT") == "" {
		again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		again.Env = append(os.Environ(), "CALLIN_TEST_MAY_MOUNT=yes")
		again.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
		}
		if out, err := again.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Fatal(err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	path := filepath.Join(dir, "journal.db")
	j, err := journal.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := station.New(t.Context(), station.Options{Studios: []picture.Studio{{Show: picture.Show{Name: "Test", ParkMs: 1000}}}, Journal: j, Carrier: nobody{}, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	show := s.Seat(call.Desk{Roles: call.Host}, "")
	show.Start()
	feed := show.Attach(-1)
	defer feed.Close()
	if err := show.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	const caller = call.Sid("CA0123456789abcdef0123456789abcdef")
	show.Arrive(station.Arrival{Call: caller, Number: "+12015550100"})

	ballast, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	for err = nil; err == nil; {
		_, err = ballast.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	// What can still be written are pages that the log has already.
	var refused *call.Error
	for on := true; !errors.As(err, &refused); on = !on {
		err = show.Lock(t.Context(), caller, on)
	}
	observed := &process{show: s, room: &desk.Room{}, dir: dir, lastSigned: func() time.Time { return time.Time{} }, looking: make(chan struct{}, 1)}
	health := metrics.New("", observed.how).Handler()
	isSaid := func(want int) {
		t.Helper()
		for _, path := range []string{"/healthz", "/readyz"} {
			answer := httptest.NewRecorder()
			health.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
			if answer.Code != want {
				t.Errorf("%s is %d: %s", path, answer.Code, answer.Body)
			}
		}
	}
	isSaid(http.StatusServiceUnavailable)
	if is, _ := observed.how(t.Context()); is.Free > 64<<10 {
		t.Errorf("%d bytes are free on a full disk", is.Free)
	}
	if refused.Code != call.CodeNotSaved || show.Picture().Disk == nil {
		t.Errorf("%v; the picture says %+v", refused, show.Picture().Disk)
	}
	show.Ended(caller, "completed")
	if cards := show.Picture().Cards; len(cards) != 0 {
		t.Errorf("the caller hung up and is still shown: %+v", cards)
	}

	if err := errors.Join(ballast.Close(), os.Remove(ballast.Name())); err != nil {
		t.Fatal(err)
	}
	for {
		change, err := feed.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if change.Disk != nil && change.Disk.Code == (call.Code{}) {
			break
		}
	}
	isSaid(http.StatusOK)
	seq := show.Picture().Seq
	show.Close()
	j.Close()
	b, err := journal.Begin(t.Context(), path, true, quiet())
	if err != nil || b.Trouble != nil || b.Last != seq {
		t.Fatalf("the journal ends with fact %d, want %d: %v", b.Last, seq, err)
	}
	defer b.Close()
	next := int64(1)
	if err := b.Read(t.Context(), func(f call.Fact) {
		if f.Seq != next {
			t.Errorf("fact %d where %d belongs", f.Seq, next)
		}
		next++
	}); err != nil {
		t.Error(err)
	}
}
