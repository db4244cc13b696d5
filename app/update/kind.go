package update

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// installFile lies beside the program, where an installer has said how it installed it.
const installFile = "install.json"

// KindOf is how the program at a path was installed; empty where no installer says so.
func KindOf(program string) string {
	var said struct {
		Kind string `json:"kind"`
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(program), installFile))
	if err != nil || json.Unmarshal(text, &said) != nil {
		return ""
	}
	return said.Kind
}

// installedAt is when an installer has last put something in the place of the program, which
// writes installFile anew: a time of the system's, 0 for never.
func installedAt(program string) int64 {
	info, err := os.Stat(filepath.Join(filepath.Dir(program), installFile))
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}

// how says what to do for a newer version on an install that does not update itself.
func how(program, kind string) string {
	switch {
	case kind == PerUser:
		return "There is no installer of it for this PC."
	case kind != "":
		return "Callin is installed here for all users of the PC: its administrator brings the newer one, by its installer or the fleet's software deployment."
	case runtime.GOOS == "linux" && strings.HasPrefix(program, "/usr/"):
		return "Install it as this one was: sudo apt install with the newer package."
	}
	return "Bring it here as this one was: where an MSI has installed it by the fleet's software deployment, else put the newer files in the place of these, with Callin ended."
}
