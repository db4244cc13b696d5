package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"callin/app/certificate"
	"callin/app/remote"
	"callin/app/settings"
)

// leaveStation is callin leave.
func leaveStation(args []string, w World) int {
	j, err := parseJoin("leave", args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(w.Stdout, leaveUsage)
		return 0
	}
	if err != nil {
		fmt.Fprint(w.Stderr, "callin: these words are not understood.\n\n", leaveUsage)
		return 2
	}
	ctx, stop := untilEnded()
	defer stop()
	s := j.process(w)
	if s.dir = s.own(); j.machine {
		s.dir = w.Machine
	}
	if err := s.leave(ctx, j.machine); err != nil {
		fmt.Fprintln(s.stderr, "callin:", words(err))
		return 1
	}
	return 0
}

// leave signs this PC's desk out at its station and forgets it. A station that is not
// reached keeps nobody from leaving.
func (s *process) leave(ctx context.Context, machine bool) error {
	paired, unreadable := settings.LoadPaired(s.dir)
	wanted, _ := settings.LoadRequest(s.dir) // which is removed in any case
	if machine && wanted == nil {
		wanted, _ = settings.LoadRequest(privateOf(s.dir))
	}
	if paired == nil && unreadable == nil && wanted == nil {
		fmt.Fprintln(s.world.Stdout, "This PC is no desk of a station elsewhere.")
	}
	signedOut := true
	if paired != nil {
		signedOut = s.signOutAt(ctx, *paired)
	}
	forget := errors.Join(settings.ForgetRequest(s.dir), settings.ForgetPaired(s.dir))
	if machine || signedOut { // else the station knows this PC again by its id alone
		forget = errors.Join(forget, settings.ForgetComputerID(s.dir))
	}
	if machine {
		forget = errors.Join(forget, forgetPrivate(s.dir))
		for _, dir := range []string{s.dir, filepath.Dir(s.dir)} {
			_ = os.Remove(dir) // which may have something else in it
		}
	}
	if forget != nil {
		return refusedStart("What lets this PC in cannot be removed from " + s.dir + ". See that you may write there; what --machine has made is an administrator's to remove.")
	}
	return nil
}

func (s *process) signOutAt(ctx context.Context, p settings.Paired) bool {
	s.stderr.hide(p.Secret)
	var pin certificate.Pin
	if pin.UnmarshalText([]byte(p.Pin)) == nil {
		if refused := remote.Leave(ctx, p.Station, pin, p.Secret); refused == nil {
			fmt.Fprintf(s.world.Stdout, "%s is signed out at %s.\n", p.Desk, p.Station)
			return true
		}
	}
	fmt.Fprintf(s.world.Stdout, "The station at %s is not reached, so %s stays signed in there until a manager signs it out or revokes it.\n", p.Station, p.Desk)
	return false
}
