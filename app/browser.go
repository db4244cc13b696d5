package app

import (
	"os/exec"
	"runtime"
)

// openBrowser opens the desk in the system's browser, if there is a display.
// When that does not work, the printed address is there.
func openBrowser(address string, env func(string) string) {
	var c *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	case "darwin":
		c = exec.Command("open", address)
	default:
		if env("DISPLAY") == "" && env("WAYLAND_DISPLAY") == "" {
			return
		}
		c = exec.Command("xdg-open", address)
	}
	if c.Start() == nil {
		go c.Wait()
	}
}
