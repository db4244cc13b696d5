package update

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// apart has a process outlive this one and its console.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.DETACHED_PROCESS}
}

const (
	onceKey = `Software\Microsoft\Windows\CurrentVersion\RunOnce`
	// onceName begins with what has Windows forget it once it was run, and not before: the
	// power may be cut again meanwhile. plainName is what it was called without.
	onceName  = "!" + plainName
	plainName = "CallinUpdate"
	entriesAt = `Software\Microsoft\Windows\CurrentVersion\Uninstall`
)

// atLogon has Windows go on with the update at the next logon: after a power cut the
// program itself may be no whole file, and could not.
func atLogon(helper, dir string) {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, onceKey, registry.SET_VALUE)
	if err != nil {
		return // then the next start of the desk does
	}
	defer key.Close()
	_ = key.SetStringValue(onceName, `"`+helper+`" `+Command+` "`+dir+`"`)
}

func notAtLogon() {
	key, err := registry.OpenKey(registry.CURRENT_USER, onceKey, registry.SET_VALUE)
	if err != nil {
		return
	}
	defer key.Close()
	_ = key.DeleteValue(onceName)
	_ = key.DeleteValue(plainName)
}

// toDisk has a file be on the disk. Of folders Windows itself keeps the order.
func toDisk(path string) error {
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// installed puts right which version Apps shows, after the installer of another one: it
// would refuse this one's installer as older.
func installed(folder, version string) {
	entries, err := registry.OpenKey(registry.CURRENT_USER, entriesAt, registry.ENUMERATE_SUB_KEYS)
	if err != nil {
		return
	}
	defer entries.Close()
	names, _ := entries.ReadSubKeyNames(-1) // none after an error
	for _, name := range names {
		entry, err := registry.OpenKey(registry.CURRENT_USER, entriesAt+`\`+name, registry.QUERY_VALUE|registry.SET_VALUE)
		if err != nil {
			continue
		}
		at, _, err := entry.GetStringValue("InstallLocation")
		if err == nil && strings.EqualFold(filepath.Clean(at), filepath.Clean(folder)) {
			_ = entry.SetStringValue("DisplayVersion", version)
		}
		entry.Close()
	}
}
