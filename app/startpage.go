package app

import (
	"cmp"
	"context"
	"errors"
	"os"
	"runtime"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/settings"
	"callin/app/setup"
)

// unseen is whether nobody reads what this start prints: from a menu, at login or for a page that had the station
// begin again there is no terminal, and a page says why the desk does not come.
func (s *process) unseen() bool {
	switch {
	case s.headless:
		return false
	case s.anew:
		return true
	}
	return !s.noBrowser && !isTerminal(s.world.Stderr) && hasScreen(s.world.Env)
}

// hasScreen is whether there is one on which a browser could open.
func hasScreen(env func(string) string) bool {
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin" || env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != ""
}

// explain says on a page why Callin does not start, unless one has said it already.
func (s *process) explain(ctx context.Context, why error) {
	if s.explained || !s.unseen() || ctx.Err() != nil {
		return
	}
	if !s.holds { // what another Callin keeps, which may run, is not touched
		dir, err := os.MkdirTemp("", "callin-")
		if err != nil {
			return
		}
		defer os.RemoveAll(dir)
		s.dir, s.kept = dir, settings.Kept{}
	}
	at := newUnjoined(desk.StationNow{})
	end, err := s.showUnpaired(ctx, at)
	if err != nil {
		s.log.Warn("why Callin does not start is on no page", "error", err)
		return
	}
	defer end()
	at.ends(ctx, desk.StationNow{Why: s.notStarted(why)})
}

func (s *process) notStarted(why error) string {
	return "Callin has not started. " + cmp.Or(sentences(why), "What is wrong stands at the end of its log, "+s.options.log+".")
}

// untilTwilioAnswers makes the account ready; where nobody reads what is printed it waits until Twilio answers,
// as a computer may have started before its network, and a page says so.
func (s *process) untilTwilioAnswers(ctx context.Context, prepare func() (setup.Ready, error)) (setup.Ready, error) {
	ready, err := prepare()
	if !isUnreachable(err) || !s.unseen() {
		return ready, err
	}
	at := newUnjoined(desk.StationNow{})
	end, unshown := s.showUnpaired(ctx, at)
	if unshown != nil {
		return ready, err
	}
	defer end()
	for isUnreachable(err) {
		s.log.Warn("Twilio does not answer; it is tried again", "error", err)
		at.tell(desk.StationNow{Why: "Twilio does not answer, so the desk cannot open. See that this computer reaches the internet. Trying again…"})
		select {
		case <-time.After(joinPause):
		case <-ctx.Done():
			return ready, err
		}
		ready, err = prepare()
	}
	if err != nil {
		at.ends(ctx, desk.StationNow{Why: s.notStarted(err)})
		return ready, err
	}
	at.done()
	return ready, nil
}

func isUnreachable(err error) bool {
	var refused *call.Error
	return errors.As(err, &refused) && refused.Code == call.CodeUnreachable
}
