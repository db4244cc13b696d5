package update

import (
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
	onceKey   = `Software\Microsoft\Windows\CurrentVersion\RunOnce`
	onceName  = "CallinUpdate"
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
