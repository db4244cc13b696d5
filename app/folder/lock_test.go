package folder_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"callin/app/folder"
)

// taking makes this test's program take a folder and wait to be killed.
const taking = "CALLIN_TEST_TAKES"

func TestMain(m *testing.M) {
	dir := os.Getenv(taking)
	if dir == "" {
		os.Exit(m.Run())
	}
	held, err := folder.Take(dir)
	fmt.Println(err)
	if err == nil {
		defer held.Close()
		bufio.NewReader(os.Stdin).ReadString('\n')
	}
}

// another takes a folder in a process of its own.
func another(t *testing.T, dir string) (said string, kill func()) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), taking+"="+dir)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() { c.Process.Kill(); c.Wait(); in.Close() }
	t.Cleanup(kill)
	said, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return said[:len(said)-1], kill
}

// A folder is one process's, also where nothing can be written, and free again
// when that process was killed.
func TestAFolderIsOneProcesss(t *testing.T) {
	for name, mode := range map[string]os.FileMode{"that can be written": 0o700, "that cannot": 0o500} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Chmod(dir, mode); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(dir, 0o700) })
			said, kill := another(t, dir)
			if said != "<nil>" {
				t.Fatal(said)
			}
			if _, err := folder.Take(dir); !errors.Is(err, folder.ErrTaken) {
				t.Errorf("while another has it: %v", err)
			}
			if held, err := folder.Take(t.TempDir()); err != nil {
				t.Errorf("another folder: %v", err)
			} else {
				held.Close()
			}
			kill()
			held, err := folder.Take(dir)
			if err != nil {
				t.Fatalf("after that one was killed: %v", err)
			}
			if said, _ := another(t, dir); said != folder.ErrTaken.Error() {
				t.Errorf("the other way round: %s", said)
			}
			held.Close()
			if said, _ := another(t, dir); said != "<nil>" {
				t.Errorf("once it was given back: %s", said)
			}
		})
	}
}

// Where the system cannot tell, that is no "nobody has it".
func TestAFolderThatCannotBeLookedIntoIsSaidToBe(t *testing.T) {
	_, err := folder.Take("lock_test.go/none")
	if err == nil || errors.Is(err, folder.ErrTaken) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
