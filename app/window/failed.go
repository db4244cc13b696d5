//go:build desktop

package window

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
)

// browserData is where WebView2 keeps what the page keeps: chosen devices, keys, who is let in. By default it would be
// called as the program is, and callin.com is the same desk as callin.exe.
func browserData() string { return filepath.Join(os.Getenv("AppData"), "callin.exe") }

// webViewFailed is how Wails' log says that the browser in the window has ended; then it shows a box, and ends the
// program when that is closed.
const webViewFailed = "Process failed with kind 0"

// messages are what Wails says on the screen.
func messages() *windows.Messages {
	all := windows.DefaultMessages()
	all.WebView2ProcessCrash = "Callin's window has failed. Its desk is in the browser now, and callers are where they were.\n\n" +
		"Leave this box open until the show is over: OK ends Callin."
	return all
}

// saidByWails is Wails' log: what is wrong goes into Callin's, and for a window that has failed the desk opens in the
// browser.
type saidByWails struct {
	logger.Logger
	warn   func(message string)
	failed func()
}

func (s saidByWails) Warning(message string) { s.warn(message) }

func (s saidByWails) Error(message string) {
	s.warn(message)
	if strings.Contains(message, webViewFailed) {
		s.failed()
	}
}
