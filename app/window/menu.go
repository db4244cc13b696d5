//go:build desktop

package window

// item is one of the menu's. Its command is the page's, unless the window does it.
type item struct {
	command, words string
	// key is the one that the page hears in the window. Without it the item shows what
	// the page says that the command is pressed with.
	key string
}

// Commands that are not the page's.
const (
	openBrowser = "browser"
	openLogs    = "logs"
	fullScreen  = "fullScreen"
	quit        = "quit"
)

// none is where a line parts the items.
var none = item{}

// No item has a key of the system's: a letter would be taken from who types, and a press
// would be two. The page hears all keys, in the window as in a browser.
var menus = []struct {
	name  string
	items []item
}{
	{"Desk", []item{
		{command: "openClose", words: "Open or close the show"},
		none,
		{command: "record", words: "Record"},
		{command: "sheet", words: "Sheet"},
		{command: "waits", words: "Waits"},
		{command: "costs", words: "Costs"},
		none,
		{command: "desks", words: "Desks"},
		{command: "account", words: "Account"},
		none,
		{command: openBrowser, words: "Open in the browser"},
		{command: quit, words: "Quit"},
	}},
	{"View", []item{
		{command: fullScreen, words: "Full screen", key: "F11"},
		none,
		{command: "zoomIn", words: "Zoom in", key: "Ctrl +"},
		{command: "zoomOut", words: "Zoom out", key: "Ctrl -"},
		{command: "zoomNormal", words: "Normal size", key: "Ctrl 0"},
	}},
	{"Help", []item{
		{command: "keys", words: "Keys"},
		{command: "doctor", words: "Doctor"},
		none,
		{command: openLogs, words: "Open the log folder"},
		{command: "diagnostics", words: "Copy diagnostics"},
		none,
		{command: "version"},
	}},
}

// label is what an item says: its words, and its key as the system writes it.
func (i item) label(keys map[string]string, aside bool) string {
	key := i.key
	if key == "" {
		key = keys[i.command]
	}
	switch {
	case key == "":
		return i.words
	case aside: // Windows puts it at the right
		return i.words + "\t" + key
	}
	return i.words + "  (" + key + ")"
}
