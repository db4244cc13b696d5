package service

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/windows"
)

// rule is what Windows' firewall knows Callin's rule by.
const rule = "Callin station"

// openFirewall lets desks of the studio's network come to the ports of this program:
// nobody sits at a service whom Windows could ask. It asks netsh, which each Windows has
// and which takes the rule for what it is; firewalls' COM objects would say the same by
// ten calls and a library. A rule of before goes first.
func openFirewall(program string, ports []int) error {
	if err := closeFirewall(); err != nil {
		return err
	}
	if len(ports) == 0 {
		return nil
	}
	var listed []string
	for _, port := range ports {
		listed = append(listed, strconv.Itoa(port))
	}
	return netsh("add", "rule", "name="+rule, "dir=in", "action=allow", "program="+program, "protocol=TCP", "localport="+strings.Join(listed, ","), "profile=domain,private")
}

// closeFirewall takes the rule out again; there may be none.
func closeFirewall() error {
	err := netsh("delete", "rule", "name="+rule)
	var ended *exec.ExitError
	if errors.As(err, &ended) || errors.Is(err, os.ErrNotExist) { // no rule matches, or nothing can have made one
		return nil
	}
	return err
}

// netsh changes Windows' firewall by the program in the system's folder, and by no other
// of its name.
func netsh(words ...string) error {
	system, err := windows.GetSystemDirectory()
	if err != nil {
		return err
	}
	program := filepath.Join(system, "netsh.exe")
	if _, err := os.Stat(program); err != nil {
		return fmt.Errorf("this Windows has no netsh: %w", err)
	}
	return exec.Command(program, append([]string{"advfirewall", "firewall"}, words...)...).Run()
}
