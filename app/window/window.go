//go:build desktop

package window

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"callin/app/desk"
)

// Available reports whether this build has a window.
const Available = true

// className tells Callin's window from those of other programs, on Windows.
const className = "CallinDesk"

// Sizes of the window in CSS pixels.
const (
	width, height       = 1280, 800
	minWidth, minHeight = 1100, 640
)

// signalled is how long a closing window waits to learn that the whole program
// was told to end: Wails hears a signal at the same time as we do.
const signalled = 200 * time.Millisecond

// Run shows the desk in a window until the person closes it or ctx ends. It
// must be called on the main goroutine, and once. While it asks whether to
// close, the end of ctx waits for the answer.
func Run(ctx context.Context, at desk.Backend, o Options) error {
	return run(ctx, at, o)
}

// run is Run with further bound objects, for tests.
func run(ctx context.Context, at desk.Backend, o Options, bound ...any) error {
	html, err := index(o.Page)
	if err != nil {
		return err
	}
	// Wails' runtime ends the program when it is called with any other context
	// than the one it gives to OnStartup, which may come after the page's
	// first words.
	var inside context.Context
	started := make(chan struct{})
	var bar *menu.Menu
	var d *Door
	d = newDoor(ctx, at, o, shell{
		emit:       func(event string, data any) { <-started; runtime.EventsEmit(inside, event, data) },
		fullScreen: func() { <-started; d.toggleFullScreen(inside) },
		copy:       func(text string) error { <-started; return runtime.ClipboardSetText(inside, text) },
		relabel:    func() { <-started; d.relabel(inside, bar) },
	})
	defer d.close()
	bar = d.menuBar(func(command string) {
		<-started
		switch command {
		case fullScreen:
			d.toggleFullScreen(inside)
		case openBrowser:
			_ = d.OpenBrowser() // the page has a button for it too, which says what is wrong
		case openLogs:
			o.OpenLogs()
		case quit:
			runtime.Quit(inside)
		default:
			d.shell.emit("menu", command)
		}
	})
	was := d.left()
	wide, high := sizeOf(was)

	ended := make(chan struct{})
	defer close(ended)
	return wails.Run(&options.App{
		Title:            o.Title,
		Width:            wide,
		Height:           high,
		Menu:             bar,
		WindowStartState: was.state(),
		MinWidth:         minWidth,
		MinHeight:        minHeight,
		BackgroundColour: options.NewRGB(18, 20, 24),
		AssetServer: &assetserver.Options{
			Assets:     o.Page,
			Middleware: func(next http.Handler) http.Handler { return guard(d, html, next) },
		},
		OnStartup: func(wailsCtx context.Context) {
			inside = wailsCtx
			putBack(was)
			showBar(!was.FullScreen)
			close(started)
			go func() {
				for {
					select {
					case <-ctx.Done():
						runtime.Quit(inside)
						return
					case <-o.Front:
						runtime.WindowUnminimise(inside)
						runtime.Show(inside)
					case <-ended:
						return
					}
				}
			}()
		},
		OnBeforeClose: func(wailsCtx context.Context) (prevent bool) {
			if !leaves(ctx, wailsCtx, o.OnAir) {
				return true
			}
			d.leave(wailsCtx)
			d.close()
			return false
		},
		Bind:    append([]any{d}, bound...),
		Logger:  saidByWails{logger.NewDefaultLogger(), o.Warn, func() { _ = d.OpenBrowser() }},
		Windows: &windows.Options{DisablePinchZoom: true, WindowClassName: className, WebviewUserDataPath: browserData(), Messages: messages()},
	})
}

// state is how the window begins.
func (v view) state() options.WindowStartState {
	switch {
	case v.FullScreen:
		return options.Fullscreen
	case v.Maximised:
		return options.Maximised
	}
	return options.Normal
}

// leave keeps how the window is left.
func (d *Door) leave(ctx context.Context) {
	at, full, large := placeNow(ctx), runtime.WindowIsFullscreen(ctx), runtime.WindowIsMaximised(ctx)
	d.change(func(v *view) {
		v.FullScreen = full
		if !full {
			v.Maximised = large
		}
		if at != nil {
			v.Place = at
		}
	})
}

func (d *Door) toggleFullScreen(ctx context.Context) {
	if runtime.WindowIsFullscreen(ctx) {
		runtime.WindowUnfullscreen(ctx)
		showBar(true)
		return
	}
	d.leave(ctx) // where it comes back to, also at another start
	showBar(false)
	runtime.WindowFullscreen(ctx)
}

// leaves reports whether the window may close now: at once when nobody is on
// air or the program ends, otherwise when the person says so.
func leaves(ctx, wailsCtx context.Context, onAir func() int) bool {
	n := onAir()
	if n == 0 {
		return true
	}
	select {
	case <-ctx.Done():
		return true
	case <-time.After(signalled):
	}
	// Linux and Windows show buttons of their own, Yes and No.
	pressed, err := runtime.MessageDialog(wailsCtx, runtime.MessageDialogOptions{
		Type:          runtime.QuestionDialog,
		Title:         "Close Callin?",
		Message:       takenOff(n),
		Buttons:       []string{"Yes", "No"},
		DefaultButton: "No",
		CancelButton:  "No",
	})
	return err == nil && pressed == "Yes"
}

// takenOff asks whether to end Callin with so many callers on air.
func takenOff(n int) string {
	callers := "A caller is"
	if n > 1 {
		callers = fmt.Sprintf("%d callers are", n)
	}
	return callers + " on air. Closing Callin takes them off the air. Close it?"
}
