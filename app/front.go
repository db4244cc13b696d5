package app

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"callin/app/autostart"
	"callin/app/web"
)

// toFront brings this desk's own window forward, for another start; nil without one.
func (s *process) toFront() func() {
	if !s.windowed {
		return nil
	}
	return func() {
		select {
		case s.front <- struct{}{}:
		default: // it is asked already
		}
	}
}

// bringForward asks the Callin that has the folder, whose desk is at host, to bring its
// own window forward, and reports whether it has one.
func (s *process) bringForward(ctx context.Context, host string) bool {
	code, err := web.LeaveCode(s.dir, host)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+host+web.FrontPath, nil)
	if err != nil {
		return false
	}
	r.Header.Set("Authorization", web.CodeScheme+" "+code)
	letForward()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// openLogs shows the folder of the log on the screen.
func (s *process) openLogs() {
	folder := s.data
	if s.options.log != "" {
		folder = filepath.Dir(s.options.log)
	}
	browse(folder, s.world.Env)
}

// atLogin is this Callin as the system starts it at login: with the same folder and
// settings, straight to the desk.
func (s *process) atLogin() autostart.Program {
	p := autostart.Program{Name: "Callin"}
	if path, err := os.Executable(); err == nil {
		// Windows would show a console beside the other one.
		p.Path = strings.TrimSuffix(path, ".com")
		if p.Path != path {
			p.Path += ".exe"
		}
	}
	usual := options{}
	if usual.places() != nil || usual.data != s.data {
		p.Args = append(p.Args, "--data", s.data)
	}
	if s.named {
		p.Args = append(p.Args, "--settings", s.options.settings)
	}
	return p
}
