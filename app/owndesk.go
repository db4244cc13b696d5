package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/picture"
	"callin/app/practice"
	"callin/app/speech"
	"callin/app/station"
	"callin/app/update"
	"callin/app/web"
	"callin/app/window"
)

// openDesk opens the desk's doors and returns when the station is to end.
func (s *process) openDesk(ctx context.Context) error {
	s.room = &desk.Room{
		Station: s.show, Recording: s.twilio.Recording, Record: s.journal, Exports: filepath.Join(s.dir, "records"),
		Softphone: s.softphone(), PhoneCheck: s.phoneCheck(), Speak: speech.New().Say, TakeOver: s.takeCallsOver(s.kept), Costs: s.costs, Tracks: s.tracks, Log: s.log,
	}
	s.room.Setup = s.setup()
	s.room.Doctor, s.room.Opened = s.oneAtATime(s.checkup), s.lookAtOpening()
	s.connect = pageSources(s.settings)
	stage := practice.NewStage(s.settings)
	if s.settings.Rehearsal != "" {
		go stage.Follow(ctx)
		s.room.Stage = stage
		if s.ready.Other == "" && s.made() {
			if err := firstRehearsal(ctx, s.show, s.ownDesk()); err != nil {
				return err
			}
		}
	}
	door, err := listen(0, s.kept.DeskPort)
	if err != nil {
		return err
	}
	s.atTheEnd(func() { door.Close() })
	s.kept.DeskPort = port(door)
	sessions := web.NewSessions(door.Addr().String(), s.dir, s.kept.Sessions, s.keepSessions)
	s.room.SignOut = sessions.End
	if err := s.openDoor(); err != nil {
		return err
	}
	s.beside(s.followBook)
	known := len(s.kept.Sessions) > 0
	if err := s.kept.Save(s.dir); err != nil {
		// The show is more than that a page finds the desk again after it.
		s.log.Warn("the desk's address is not kept", "error", err)
	}
	at := desk.WithUpdates(s.room.Seat(s.ownDesk()), s.updates(update.In(s.offeredDir()), func(context.Context) *call.Error { return desk.MayUpdate(s.show.Picture()) }))
	s.atTheEnd(serveDesk(door, web.New(web.Options{
		At: at, Sessions: sessions, Desk: s.deskName(), Host: door.Addr().String(), Page: s.world.Page, Connect: s.connect,
		OnAir: s.onAir, End: s.quits(), Front: s.toFront(),
	}), s.log))
	s.serveMetrics()
	if s.settings.Rehearsal != "" && s.callers(s.world) {
		if err := stage.Show(ctx); err != nil {
			s.log.Warn("nobody rings by themselves", "error", err)
		}
	}
	s.pageOpen = func() bool { return known && s.pageComesBack(ctx, port(door)) }
	s.shows(shown{
		at: at, title: "Callin", signal: rehearsalSignal(s.settings),
		onAir: func() int { return onAir(s.show) },
	})
	return s.wait(ctx, func(life time.Duration) (string, error) {
		return deskAddress(door.Addr().String(), sessions.Code(life)), nil
	})
}

// shown is what is to be known of a desk to show it.
type shown struct {
	at    desk.Backend
	title string
	// signal is where a window's page finds the rehearsal's signalling; empty outside one.
	signal string
	// onAir is how many callers lose their DJ with this Callin.
	onAir func() int
}

// shows is what the doors of this computer lead to from now on.
func (s *process) shows(what shown) {
	s.shown = what
	s.onAirNow.Store(&what.onAir)
	s.atTheEnd(func() { s.onAirNow.Store(nil) })
}

// quits is how another program of this computer ends a desk; nil for a station, which is
// for the desks of others.
func (s *process) quits() func() {
	if s.headless {
		return nil
	}
	return s.quit
}

// keepSessions keeps what the browsers that are let in are known by.
func (s *process) keepSessions(known []string) error {
	s.kept.Sessions = known
	err := s.kept.Save(s.dir)
	if err != nil {
		s.log.Warn("which browsers are let in is not kept", "error", err)
	}
	return err
}

// wait shows the desk, in the window where there is one, until the end.
func (s *process) wait(ctx context.Context, address func(life time.Duration) (string, error)) error {
	if !s.headless {
		s.beside(s.sayUp)
	}
	if s.windowed {
		printed, err := address(untilUsed)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.world.Stdout, "desk:", printed)
		s.sayDoor()
		return window.Run(ctx, s.shown.at, window.Options{
			Title: s.shown.title, Page: s.world.Page, Folder: s.dir, Front: s.front, Version: thisBuild().String(),
			Warn: func(message string) { s.log.Warn("the window", "what", message) }, OpenLogs: s.openLogs, AtLogin: s.atLogin(),
			BrowserURL: func() (string, error) { return address(web.CodeLife) }, Signal: s.shown.signal, Connect: s.connect,
			Browse: func(address string) { browse(address, s.world.Env) },
			OnAir:  s.shown.onAir,
		})
	}
	if s.service {
		if err := s.answering(s.alive); err != nil {
			s.log.Warn("the service manager is not told", "error", err)
		}
	} else if !s.headless { // whose log, which a service's words go to, is no place for a code
		if err := s.showDesk(address); err != nil {
			return err
		}
	}
	s.sayDoor()
	if window.Available && !s.headless {
		ended, end := context.WithCancel(ctx)
		defer end()
		go window.OfferEnd(s.shown.onAir, end)
		ctx = ended
	}
	<-ctx.Done()
	if errors.Is(context.Cause(ctx), practice.ErrEnded) {
		return &call.Error{Code: call.CodeRehearsal, Message: "The rehearsal has ended by itself. Start Callin again."}
	}
	return nil
}

// untilUsed is the life of a printed address: somebody may look at it much later.
const untilUsed = 0

// chooseDoor opens the desk in a window where that can be, and otherwise in the
// browser: no show falls through for want of a window.
func (s *process) chooseDoor() {
	s.windowed = window.Available && !s.headless
	if why := window.Missing(); s.windowed && why != "" {
		s.warn(why)
		s.windowed = false
	}
}

func deskHost(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// deskAddress is where a browser finds the desk, and the code that lets it in.
func deskAddress(host, code string) string { return "http://" + host + "/?code=" + code }

// showDesk prints an address of the desk, and opens another unless a page is open.
func (s *process) showDesk(address func(life time.Duration) (string, error)) error {
	printed, err := address(untilUsed)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.world.Stdout, "desk:", printed)
	if s.noBrowser || s.pageOpen() {
		return nil
	}
	opened, err := address(web.CodeLife)
	if err == nil {
		browse(opened, s.world.Env)
	}
	return err
}

// callers reports whether made-up callers ring by themselves: in a rehearsal
// that this process started, as nobody else drives that one.
func (o options) callers(w World) bool { return !o.noCallers && w.Env("CALLIN_REHEARSAL") == "" }

// firstRehearsal opens the shows at the very first start, so that callers get
// in; later they are as they were left.
func firstRehearsal(ctx context.Context, s *station.Station, by call.Desk) error {
	p := s.Picture()
	if p.Seq > 0 {
		return nil
	}
	for _, st := range p.Studios {
		if err := s.Seat(by, st.ID).Open(ctx); err != nil {
			return err
		}
	}
	return nil
}

// anyOpen reports whether a studio's show is open.
func anyOpen(s *station.Station) bool {
	return slices.ContainsFunc(s.Picture().Studios, func(st picture.Studio) bool { return st.Show.State == call.ShowOpen })
}

func onAir(show *station.Station) int {
	n := 0
	for _, c := range show.Picture().Cards {
		if c.Place.OnAir() {
			n++
		}
	}
	return n
}
