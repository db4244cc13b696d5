package update

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// A disk that fills up as the old files are kept leaves the desk as it was, and it runs. The
// test runs once more in a process of its own, which may mount a small file system.
func TestAFullDiskLeavesADeskThatRuns(t *testing.T) {
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
	p := newPC(t)
	info, err := os.Stat(filepath.Join(p.installed, "callin"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(p.data, "update")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	// Room for the copy that does all this, and not for another one.
	if err := syscall.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=%d", info.Size()*3/2)); err != nil {
		t.Fatal(err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	p.update(installs)
	p.runs("0.2.0", "Callin was not updated to 0.3.0: the program's files could not be kept, as there is no room, or there are too many. Callin 0.2.0 runs.")
	p.asBefore()
}
