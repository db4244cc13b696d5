package app

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// On a terminal a secret is not shown while it is typed, and what is typed after it is.
func TestASecretIsNotShownWhileItIsTyped(t *testing.T) {
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminal can be made here: ", err)
	}
	defer screen.Close()
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	types := func(line string) {
		t.Helper()
		if _, err := screen.WriteString(line + "\n"); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 100)
		if n, err := keys.Read(got); err != nil || string(got[:n]) != line+"\n" {
			t.Errorf("%q was typed as %q, %v", line, got[:n], err)
		}
	}
	show := withoutEcho(keys)
	types("a secret")
	show()
	types("a number")
	seen := make([]byte, 100)
	var all string
	for !strings.Contains(all, "number\r\n") {
		n, err := screen.Read(seen)
		if err != nil {
			t.Fatal(err)
		}
		all += string(seen[:n])
	}
	if strings.Contains(all, "secret") || !strings.HasPrefix(all, "\r\n") {
		t.Errorf("the screen has %q", all)
	}
	withoutEcho(strings.NewReader(""))() // no terminal
}
