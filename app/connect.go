package app

import (
	"os"
	"path/filepath"

	"callin/app/connect"
	"callin/app/desk"
	"callin/app/secret"
	"callin/app/settings"
	"callin/app/tunnel"
)

// setup is how the station is connected with an account.
func (s *process) setup() desk.Setup {
	on, off := s.kinds()
	dir := filepath.Join(s.data, kindOf(on))
	trials := &trials{run: tunnel.Run, to: deskHost(s.kept.VoicePort), log: s.log, own: s.tunnel}
	s.atTheEnd(trials.stop)
	return connect.New(connect.Options{
		Trip: trip(s.loaded), Tunnel: trials.up,
		Data: s.data, Dir: dir, Settings: s.loaded, Twilio: s.loaded.Rehearsal, Secrets: func() *secret.Store { return s.secretsOf(on, dir) },
		Port: s.kept.VoicePort, Here: s.here,
		Open: func() bool { return anyOpen(s.show) },
		Again: func(account bool) {
			next := off
			if account {
				next = on
			}
			if to := filepath.Join(s.data, kindOf(next)); to != s.dir {
				s.leadPageTo(to)
			}
			s.again()
		},
		AgainWithNewKey: s.againWithNewKey,
		Log:             s.log,
	})
}

// kinds are the settings as they are to be, with an account and without.
func (s *process) kinds() (on, off settings.Settings) {
	on, off = s.loaded, s.loaded
	on.AccountSid, on.Connected = "set up", true
	off.AccountSid, off.Connected = "", false
	return on, off
}

// leadPageTo has the pages that are open find the desk of another kind of start, at the
// same address and without a new code.
func (s *process) leadPageTo(dir string) {
	kept, err := settings.LoadKept(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err == nil {
		kept.DeskPort, kept.Sessions = s.kept.DeskPort, s.kept.Sessions
		err = kept.Save(dir)
	}
	if err != nil {
		s.log.Warn("pages that are open do not find the desk again", "error", err)
	}
}
