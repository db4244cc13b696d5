package app

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/settings"
	"callin/app/update"
)

// stampedUpdateKey is the public half, in base64, of the key that releases are signed
// with: build/package stamps it.
var stampedUpdateKey string

// updatePatience is how long an update waits, see update.Patience.
var updatePatience = update.Usual

func updateKey() ed25519.PublicKey {
	key, err := base64.StdEncoding.DecodeString(stampedUpdateKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil
	}
	return key
}

// updateDir is where what a desk brings of newer versions is kept, and offeredDir what a
// station offers.
func (o options) updateDir() string { return filepath.Join(o.data, "update") }

func (o options) offeredDir() string { return filepath.Join(o.data, "updates") }

// afterUpdate looks whether an update was under way, before a desk starts. end is whether
// this start is to end, as what updates Callin starts it.
func (o *options) afterUpdate(w World) (end bool) {
	begin := update.Begin(o.updateDir(), stampedVersion)
	if begin.End {
		fmt.Fprintln(w.Stdout, begin.Says)
		return true
	}
	o.updateSays = begin.Says
	return false
}

// applyUpdate is the command that a copy of the program goes on with an update by.
func applyUpdate(args []string, w World) int {
	if len(args) != 1 {
		return 2
	}
	if err := update.Apply(args[0], w.Stdin, updatePatience); err != nil {
		fmt.Fprintln(w.Stderr, "callin:", err)
		return 1
	}
	return 0
}

// updates are those of the Callin on this computer. from is who offers them unless the
// settings name an address.
func (s *process) updates(from update.Source, may func(context.Context) *call.Error) *update.Updates {
	program, err := ownProgram()
	if err != nil {
		s.log.Warn("the path of the program is not known", "error", err)
	}
	none := ""
	switch s.settings.Updates {
	case "":
	case settings.NoUpdates:
		from, none = nil, "Updates are switched off on this PC, by its settings or by who looks after it."
	default:
		from = update.At(s.settings.Updates)
	}
	kind := update.KindOf(program)
	if s.headless {
		kind = "" // nobody is there to press
	}
	u := update.New(update.Options{
		Key: updateKey(), Version: stampedVersion, Program: program, Kind: kind, System: runtime.GOOS + "/" + runtime.GOARCH,
		Source: from, None: none, Dir: s.updateDir(), May: whileQuiet(may), End: s.quit, Args: again(s.args), Log: s.log,
	})
	s.beside(u.Run)
	return u
}

// quietWithin is how long is waited for who was on air at this desk itself a moment ago:
// Windows is told that nobody is within two seconds.
const quietWithin = 3 * time.Second

// whileQuiet refuses an update also while somebody is on air at another desk of this
// computer, whoever runs it: an installer ends them all.
func whileQuiet(may func(context.Context) *call.Error) func(context.Context) *call.Error {
	return func(ctx context.Context) *call.Error {
		if refused := may(ctx); refused != nil {
			return refused
		}
		err := becomeQuiet(ctx, "", quietWithin, false)
		switch {
		case errors.Is(err, errOnAir):
			return &call.Error{Code: call.CodeUpdate, Message: "Somebody is on air at another desk of this PC. Callin is updated when nobody is."}
		case err != nil:
			return &call.Error{Code: call.CodeUpdate, Message: words(err)}
		}
		return nil
	}
}

// ownProgram is the path of the program: for a console's the one with the window, where
// that is beside it.
func ownProgram() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if name, console := strings.CutSuffix(path, ".com"); console {
		if _, err := os.Stat(name + ".exe"); err == nil {
			path = name + ".exe"
		}
	}
	return path, nil
}

// again are the arguments of a desk that is started again: what was to be done once was
// done.
func again(args []string) (kept []string) {
	for i := 0; i < len(args); i++ {
		name := strings.TrimLeft(args[i], "-")
		switch {
		case name == "code":
			i++
		case strings.HasPrefix(name, "code="), name == "take-over", strings.HasPrefix(name, "take-over="):
		default:
			kept = append(kept, args[i])
		}
	}
	return kept
}

// sayUp tells an update that waits for it that the desk's door answers.
func (s *process) sayUp(ctx context.Context) {
	for ctx.Err() == nil {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+deskHost(s.kept.DeskPort)+"/", nil)
		if err != nil {
			return
		}
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				if err := update.Up(s.updateDir(), stampedVersion); err != nil {
					s.log.Warn("the update is not told that the desk is up", "error", err)
				}
				return
			}
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// offered is the folder of what this station offers its desks; empty where updates are
// off.
func (s *process) offered() string {
	if s.settings.Updates == settings.NoUpdates {
		return ""
	}
	return s.offeredDir()
}
