//go:build linux

package tunnel

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// This test's own program is cloudflared under that name, and what is killed over it.
func TestMain(m *testing.M) {
	switch {
	case strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == "cloudflared":
		os.Exit(fakeCloudflared(os.Args[1:]))
	case os.Getenv(isParent) != "":
		beParent()
	}
	goleak.VerifyTestMain(settling{m}, beats...)
}

// beats are of ngrok's library, which notices within half a minute that a session has
// ended.
var beats = []goleak.Option{
	goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).requester"),
	goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).check"),
}

// settling lets the library's pause between two tries pass, at whose end it notices too.
type settling struct{ *testing.M }

func (s settling) Run() int {
	code := s.M.Run()
	for late := time.Now().Add(3 * time.Second); goleak.Find(beats...) != nil && time.Now().Before(late); {
		runtime.Gosched()
	}
	return code
}
