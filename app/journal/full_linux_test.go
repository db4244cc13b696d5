package journal_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"callin/app/call"
	"callin/app/journal"
)

// mounted runs the test that calls it once more, in a process that may mount:
// there, it returns a new file system of one megabyte; here, an empty string.
func mounted(t *testing.T) string {
	t.Helper()
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
		return ""
	}
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func TestADiskThatIsFullRefusesAndThenTakesTheSameFacts(t *testing.T) {
	dir := mounted(t)
	if dir == "" {
		return
	}
	j := open(t, filepath.Join(dir, "journal.db"))
	message := make([]byte, 4096)
	for i := range message {
		message[i] = 'x'
	}
	fact := func(seq int64) []call.Fact {
		return []call.Fact{{Seq: seq, Kind: call.Failed, Call: "CA1", Message: string(message)}}
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 512<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	seq, err := int64(0), error(nil)
	for err == nil {
		seq++
		err = j.Append(t.Context(), fact(seq))
	}
	if !errors.Is(err, journal.ErrUnwritable) {
		t.Fatalf("fact %d on a full disk: %v", seq, err)
	}
	for range 3 {
		if err := j.Append(t.Context(), fact(seq)); !errors.Is(err, journal.ErrUnwritable) {
			t.Fatalf("again: %v", err)
		}
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	for last := seq + 5; seq <= last; seq++ {
		if err := j.Append(t.Context(), fact(seq)); err != nil {
			t.Fatalf("fact %d after room was made: %v", seq, err)
		}
	}
	j.Close()
	got := all(t, open(t, filepath.Join(dir, "journal.db")))
	for i, f := range got {
		if f.Seq != int64(i+1) {
			t.Fatalf("fact %d follows %d", f.Seq, i)
		}
	}
	if int64(len(got)) != seq-1 {
		t.Errorf("%d facts, want %d", len(got), seq-1)
	}
}

func TestAFileSystemThatIsReadOnlyIsSaidToBeUnwritable(t *testing.T) {
	dir := mounted(t)
	if dir == "" {
		return
	}
	path := filepath.Join(dir, "journal.db")
	j := open(t, path)
	if err := j.Append(t.Context(), []call.Fact{{Seq: 1, Kind: call.Ended, Call: "CA1"}}); err != nil {
		t.Fatal(err)
	}
	j.Close()
	if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(t.Context(), path); !errors.Is(err, journal.ErrUnwritable) {
		t.Errorf("opening it: %v", err)
	}
	if facts := journal.Salvage(t.Context(), path); len(facts) != 1 {
		t.Errorf("%d facts can be read, want 1", len(facts))
	}
}
