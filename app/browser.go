package app

import (
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// browse opens an address in the system's browser, if there is a display. When
// that does not work, the printed address is there.
func browse(address string, env func(string) string) {
	var c *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	case "darwin":
		c = exec.Command("open", address)
	default:
		if !hasScreen(env) {
			return
		}
		c = exec.Command("xdg-open", address)
	}
	c.Env = withoutSecrets(os.Environ())
	if c.Start() == nil {
		go c.Wait()
	}
}

// withoutSecrets is an environment without what Callin was told in it. Windows
// does not tell capital letters from small ones.
func withoutSecrets(env []string) []string {
	return slices.DeleteFunc(env, func(v string) bool {
		name := strings.ToUpper(v)
		return strings.HasPrefix(name, "TWILIO_") || strings.HasPrefix(name, "CALLIN_")
	})
}
