//go:build load

package rehearsal

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client/jwt"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/rehearsal/media"
)

// connects is how often each server is connected to. The first time is left out:
// the browser is still warming up.
const connects = 61

// TestConnect measures how long it is from the Voice SDK's connect() in Chromium
// until the call is accepted and until the other side is heard: with a rehearsal,
// which asks its application what to do, and beside it with a bare server that
// answers every call at once. It reports and judges only that all are heard.
func TestConnect(t *testing.T) {
	s := newWorld(t)
	tone := make([]int16, 10*media.Rate)
	source := media.NewTone(800, -12)
	for i := 0; i < len(tone); i += media.FrameSamples {
		var f media.Frame
		source.Pull(&f)
		copy(tone[i:], f[:])
	}
	s.page("/tone.wav", string(media.WriteWAV(tone)))
	s.page("/tone", "<Play>"+s.url("/tone.wav")+"</Play>")
	app, err := s.api.CreateApplication((&api.CreateApplicationParams{}).SetVoiceUrl(s.url("/tone")))
	if err != nil {
		t.Fatal(err)
	}
	key, err := s.api.CreateNewKey(&api.CreateNewKeyParams{})
	if err != nil {
		t.Fatal(err)
	}
	pass := jwt.CreateAccessToken(jwt.AccessTokenParams{
		AccountSid: s.AccountSid, SigningKeySid: *key.Sid, Secret: *key.Secret, Identity: "connects",
	})
	pass.AddGrant(&jwt.VoiceGrant{Outgoing: jwt.Outgoing{ApplicationSid: *app.Sid}})
	token, err := pass.ToJwt()
	if err != nil {
		t.Fatal(err)
	}
	bare := httptest.NewServer(&bareServer{t})
	defer bare.Close()
	for range 2 { // turn by turn: a machine has better minutes and worse ones
		for _, server := range []struct{ name, address string }{{"rehearsal", s.Address}, {"bare server", bare.URL}} {
			accepted, heard := connectTo(t, "ws"+server.address[len("http"):]+"/signal", token)
			t.Logf("%-11s connect() to accept: %s; to audible: %s", server.name, spread(accepted), spread(heard))
		}
	}
}

// connectTo has Chromium connect again and again and returns how long it took.
func connectTo(t *testing.T, signal, token string) (accepted, heard []time.Duration) {
	t.Helper()
	told := make(chan struct {
		Times  [][2]float64 // ms
		Failed string
	}, 1)
	page := http.NewServeMux()
	page.Handle("GET /connect.html", http.FileServer(http.Dir("testdata")))
	page.Handle("GET /twilio.min.js", http.FileServer(http.Dir(filepath.FromSlash("../../frontend/node_modules/@twilio/voice-sdk/dist"))))
	page.HandleFunc("POST /told", func(_ http.ResponseWriter, r *http.Request) {
		var what struct {
			Times  [][2]float64
			Failed string
		}
		if err := json.NewDecoder(r.Body).Decode(&what); err != nil {
			what.Failed = err.Error()
		}
		told <- what
	})
	server := httptest.NewServer(page)
	defer server.Close()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	ask := url.Values{"signal": {signal}, "token": {token}, "times": {strconv.Itoa(connects)}}
	browser := exec.CommandContext(ctx, cmp.Or(os.Getenv("CHROMIUM"), "chromium"),
		"--headless=new", "--mute-audio", "--no-sandbox", "--user-data-dir="+t.TempDir(),
		"--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
		"--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
		server.URL+"/connect.html?"+ask.Encode())
	// What is called chromium may be a script: its group ends with it.
	browser.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	browser.Cancel = func() error { return syscall.Kill(-browser.Process.Pid, syscall.SIGTERM) }
	if err := browser.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop()
		_ = browser.Wait() // it was ended
	}()
	select {
	case what := <-told:
		if what.Failed != "" {
			t.Fatal(what.Failed)
		}
		for _, times := range what.Times[1:] {
			accepted = append(accepted, time.Duration(times[0]*float64(time.Millisecond)))
			heard = append(heard, time.Duration(times[1]*float64(time.Millisecond)))
		}
	case <-ctx.Done():
		t.Fatal("the browser has not finished in time")
	}
	return accepted, heard
}
