package update

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// What goes on at the next logon is forgotten only once it was run, and nothing is left of
// it, nor of what an older Callin has called so, when the update is over.
func TestWindowsGoesOnAtTheNextLogon(t *testing.T) {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, onceKey, registry.SET_VALUE|registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	t.Cleanup(notAtLogon)
	if err := key.SetStringValue("CallinUpdate", "old"); err != nil {
		t.Fatal(err)
	}
	atLogon(`C:\of a user\callin.exe`, `C:\data`)
	if runs, _, err := key.GetStringValue("!CallinUpdate"); runs != `"C:\of a user\callin.exe" update-apply "C:\data"` {
		t.Errorf("it runs %s, %v", runs, err)
	}
	notAtLogon()
	for _, name := range []string{"!CallinUpdate", "CallinUpdate"} {
		if runs, _, err := key.GetStringValue(name); err == nil {
			t.Errorf("%s still runs %s", name, runs)
		}
	}
}

// Files are flushed also where the system does not flush folders, and what is not there is
// not said to be.
func TestWindowsFlushesFiles(t *testing.T) {
	f, err := os.CreateTemp("", "callin-*")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(f.Name())
	f.Close()
	if err := errors.Join(flush(f.Name()), flush(filepath.Dir(f.Name()))); err != nil {
		t.Error(err)
	}
	if flush(f.Name()+".none") == nil {
		t.Error("what is not there is said to be on the disk")
	}
}
