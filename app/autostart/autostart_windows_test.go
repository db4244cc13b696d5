package autostart_test

import (
	"testing"

	"golang.org/x/sys/windows/registry"

	"callin/app/autostart"
)

// The switch is Windows': what is changed in its settings is what it shows.
func TestTheSwitchShowsWhatWindowsWillDo(t *testing.T) {
	p := autostart.Program{Name: "Callin test", Path: `C:\Program Files\Callin\callin.exe`, Args: []string{"--data", `D:\the "show"\`}}
	is := func(want bool, when string) {
		t.Helper()
		if on, err := p.On(); err != nil || on != want {
			t.Errorf("%s it is %v (%v)", when, on, err)
		}
	}
	set := func(on bool) {
		t.Helper()
		if err := p.Set(on); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = p.Set(false) })
	key := func(path string) registry.Key {
		t.Helper()
		key, _, err := registry.CreateKey(registry.CURRENT_USER, `Software\Microsoft\Windows\CurrentVersion\`+path, registry.ALL_ACCESS)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { key.Close() })
		return key
	}
	run, approved := key("Run"), key(`Explorer\StartupApproved\Run`)
	is(false, "at first")
	set(true)
	is(true, "once it is set")
	if line, _, err := run.GetStringValue(p.Name); err != nil || line != `"C:\Program Files\Callin\callin.exe" --data "D:\the \"show\"\\"` {
		t.Errorf("Windows starts %s (%v)", line, err)
	}
	if err := approved.SetBinaryValue(p.Name, []byte{3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		t.Fatal(err)
	}
	is(false, "switched off in the Task Manager")
	set(true)
	is(true, "switched on again")
	set(false)
	is(false, "once it is taken back")
	if _, _, err := run.GetStringValue(p.Name); err == nil {
		t.Error("something is left")
	}
}
