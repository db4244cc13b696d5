package window

import (
	"fmt"
	"strconv"
	"strings"
)

// oldestWebView is the major version of the WebView2 runtime from which on
// Wails opens a window; older ones it wants to update first.
const oldestWebView = 95

// unfit says why no window can open with a version of the WebView2 runtime,
// which is empty where there is none; it says nothing when one can.
func unfit(version string, err error) string {
	major, _, _ := strings.Cut(version, ".")
	number, _ := strconv.Atoi(major)
	why := ""
	switch {
	case err != nil:
		why = fmt.Sprintf("The WebView2 runtime, which Callin's own window needs, cannot be used on this PC (%s)", err)
	case version == "":
		why = "This PC has no WebView2 runtime, which Callin's own window needs"
	case number < oldestWebView:
		why = fmt.Sprintf("The WebView2 runtime of this PC, %s, is too old for Callin's own window", version)
	default:
		return ""
	}
	return why + ". So the desk is in the browser, where all of it works. Microsoft has the runtime (Evergreen) at " +
		"https://developer.microsoft.com/microsoft-edge/webview2; once it is installed, end Callin and start it again."
}
