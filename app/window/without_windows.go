//go:build desktop

package window

import (
	"github.com/wailsapp/go-webview2/webviewloader"
	"golang.org/x/sys/windows"
)

// Missing says why no window can open on this computer, in sentences for the
// desk; it is empty when one can. Wails itself would only offer to download
// what is missing, and end.
func Missing() string {
	return unfit(webviewloader.GetAvailableCoreWebView2BrowserVersionString(""))
}

// OfferEnd asks on the screen whether to end Callin, and calls end when
// somebody says so: a desk in the browser has no window to close, and a program
// without a console no Ctrl-C.
func OfferEnd(onAir func() int, end func()) {
	for {
		switch ask("Callin is running. Its desk is in the browser.\n\nEnd Callin?") {
		case yes:
			if n := onAir(); n == 0 || ask(takenOff(n)) == yes {
				end()
				return
			}
		case noScreen:
			return
		}
	}
}

// What ask returns.
const (
	noScreen = 0
	yes      = 6 // IDYES
)

// ask asks a question that an Enter by mistake answers with No.
func ask(question string) int32 {
	text, _ := windows.UTF16PtrFromString(question) // there is no zero in them
	title, _ := windows.UTF16PtrFromString("Callin")
	answer, _ := windows.MessageBox(0, text, title, windows.MB_YESNO|windows.MB_ICONQUESTION|windows.MB_DEFBUTTON2)
	return answer
}
