//go:build desktop

package window

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"callin/app/desk"
)

// Available reports whether this build has a window.
const Available = true

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
	d := newDoor(ctx, at, o, shell{
		emit: func(event string, data any) { <-started; runtime.EventsEmit(inside, event, data) },
	})
	defer d.close()

	ended := make(chan struct{})
	defer close(ended)
	name := sha256.Sum256([]byte(o.Instance))
	return wails.Run(&options.App{
		Title:            o.Title,
		Width:            width,
		Height:           height,
		MinWidth:         minWidth,
		MinHeight:        minHeight,
		BackgroundColour: options.NewRGB(18, 20, 24),
		AssetServer: &assetserver.Options{
			Assets:     o.Page,
			Middleware: func(next http.Handler) http.Handler { return guard(d, html, next) },
		},
		OnStartup: func(wailsCtx context.Context) {
			inside = wailsCtx
			close(started)
			go func() {
				select {
				case <-ctx.Done():
					runtime.Quit(inside)
				case <-ended:
				}
			}()
		},
		OnBeforeClose: func(wailsCtx context.Context) (prevent bool) {
			if !leaves(ctx, wailsCtx, o.OnAir) {
				return true
			}
			d.close()
			return false
		},
		SingleInstanceLock: &options.SingleInstanceLock{
			UniqueId: "callin-" + hex.EncodeToString(name[:8]),
			OnSecondInstanceLaunch: func(options.SecondInstanceData) {
				<-started
				runtime.WindowUnminimise(inside)
				runtime.Show(inside)
			},
		},
		Bind:    append([]any{d}, bound...),
		Windows: &windows.Options{DisablePinchZoom: true},
	})
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
