//go:build !(windows && desktop)

package window

import (
	"os"
	"runtime"
)

// Missing says why no window can open on this computer, in sentences for the desk; it is
// empty when one can. Without a display GTK would end Callin.
func Missing() string {
	if Available && runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return "There is no display here for Callin's own window. The desk works in a browser, at the address that Callin prints."
	}
	return ""
}

// OfferEnd offers nothing: Callin ends as it was started, on a terminal.
func OfferEnd(func() int, func()) {}
