package autostart_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callin/app/autostart"
)

// The switch is the system's: what a desktop or its user changes there is what it shows.
func TestTheSwitchShowsWhatTheSystemWillDo(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	p := autostart.Program{Name: "Callin", Path: "/opt/My $tation/callin", Args: []string{"--data", `/srv/50% "live"`}}
	is := func(want bool, when string) {
		t.Helper()
		if on, err := p.On(); err != nil || on != want {
			t.Errorf("%s it is %v (%v)", when, on, err)
		}
	}
	is(false, "at first")
	for range 2 {
		if err := p.Set(true); err != nil {
			t.Fatal(err)
		}
		is(true, "once it is set")
	}
	path := filepath.Join(dir, "autostart", "callin.desktop")
	text, err := os.ReadFile(path)
	if want := `Exec="/opt/My \\$tation/callin" "--data" "/srv/50%% \\"live\\""` + "\n"; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("the entry is %s (%v), want %s", text, err, want)
	}
	for _, off := range []string{"Hidden=true\n", "X-GNOME-Autostart-enabled=false\n", "Hidden = true\n"} {
		if err := os.WriteFile(path, append(text[:len(text):len(text)], off...), 0o600); err != nil {
			t.Fatal(err)
		}
		is(false, "switched off with "+strings.TrimSpace(off))
	}
	elsewhere := p
	elsewhere.Path = "/opt/older/callin"
	if err := elsewhere.Set(true); err != nil {
		t.Fatal(err)
	}
	is(false, "where another program of that name is started")
	for range 2 {
		if err := p.Set(false); err != nil {
			t.Fatal(err)
		}
		is(false, "once it is taken back")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("something is left: %v", err)
	}
}
