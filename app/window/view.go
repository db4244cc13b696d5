package window

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"

	"callin/app/folder"
)

// view is how the window was left, and is opened again.
type view struct {
	// Place is the window's while it is neither maximised nor on the full screen; nil at
	// the first start.
	Place      *place `json:"place,omitempty"`
	Maximised  bool   `json:"maximised,omitempty"`
	FullScreen bool   `json:"fullScreen,omitempty"`
	// Zoom is the page's, in percent; 0 before anybody has changed it.
	Zoom int `json:"zoom,omitempty"`
}

// place is where a window is on the screens, in the system's own units.
type place struct {
	X, Y, Width, Height int
}

const viewFile = "window.json"

// viewIn is the view that was kept in a folder; what cannot be read is as none.
func viewIn(dir string) (v view) {
	text, err := os.ReadFile(filepath.Join(dir, viewFile))
	if err != nil || json.Unmarshal(text, &v) != nil {
		return view{}
	}
	if p := v.Place; p != nil && (p.Width < 1 || p.Height < 1) {
		v.Place = nil
	}
	return v
}

// change changes the view and keeps it. A view that cannot be kept holds until the end.
func (d *Door) change(change func(*view)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&d.view)
	if text, err := json.Marshal(d.view); err == nil {
		_ = folder.Write(filepath.Join(d.options.Folder, viewFile), text)
	}
}

func (d *Door) left() view {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.view
}

// Zoom is the page's zoom, in percent.
func (d *Door) Zoom() int {
	if zoom := d.left().Zoom; zoom > 0 {
		return zoom
	}
	return 100
}

// KeepZoom keeps the page's zoom, in percent.
func (d *Door) KeepZoom(percent int) { d.change(func(v *view) { v.Zoom = percent }) }

// MenuKeys has the menu show what the page's commands are pressed with.
func (d *Door) MenuKeys(keys map[string]string) {
	d.mu.Lock()
	same := maps.Equal(d.keys, keys)
	d.keys = keys
	d.mu.Unlock()
	if !same {
		d.shell.relabel()
	}
}

// FullScreen goes to the full screen, or back.
func (d *Door) FullScreen() { d.shell.fullScreen() }

// Copy puts a text on the clipboard, also without a press on the page.
func (d *Door) Copy(text string) error { return d.shell.copy(text) }

// StartsAtLogin reports whether the system starts Callin when its user logs in.
func (d *Door) StartsAtLogin() (bool, error) { return d.options.AtLogin.On() }

// StartAtLogin has the system start Callin when its user logs in, or no more.
func (d *Door) StartAtLogin(on bool) error { return d.options.AtLogin.Set(on) }
