package app

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
	"callin/app/edge"
	"callin/app/remote"
	"callin/app/settings"
	"callin/app/web"
)

// beDesk makes this PC a desk of a station elsewhere. No journal, account or voice
// listener is opened here: the station has them.
func (s *process) beDesk(ctx context.Context, station string) error {
	running, _, err := s.takeFolder(ctx, remoteKind)
	if err != nil {
		return err
	}
	if running {
		kept, _ := s.keptPairing()
		if s.code != "" || kept == nil || kept.Station != station {
			return &call.Error{Code: call.CodeRunning, Message: "Callin is running on this PC already, as a desk. End it, then start it again."}
		}
		return s.leadToRunning(ctx)
	}
	s.tellOfCrash()
	s.chooseDoor()
	paired, err := s.paired(ctx, station)
	if err != nil {
		return err
	}
	s.stderr.hide(paired.Secret)
	return s.openDeskOf(ctx, paired)
}

// openDeskOf opens the doors of this PC onto its desk at a station.
func (s *process) openDeskOf(ctx context.Context, p settings.Paired) error {
	var pin certificate.Pin
	if err := pin.UnmarshalText([]byte(p.Pin)); err != nil {
		return &settings.Error{Where: filepath.Join(s.dir, "station.json"), Message: "What this PC keeps of its station is damaged. Pair it again."}
	}
	door, err := listen(0, s.kept.DeskPort)
	if err != nil {
		return err
	}
	s.atTheEnd(func() { door.Close() })
	s.kept.DeskPort = port(door)
	host := door.Addr().String()
	sessions := web.NewSessions(host, s.dir, s.kept.Sessions, s.keepSessions)
	known := len(s.kept.Sessions) > 0
	if err := s.kept.Save(s.dir); err != nil {
		s.log.Warn("the desk's address is not kept", "error", err)
	}
	pass := remote.NewPass()
	at := remote.Options{
		Station: p.Station, Pin: pin, Name: p.Name, Secret: p.Secret, Signal: pass.Address(host),
		SignOut: sessions.End, Exports: filepath.Join(s.dir, "records"), Version: thisBuild().String(), Warnings: s.warnings, LogFile: s.options.log, Policy: s.settings.Policy, Log: s.log,
	}
	if err := s.greet(ctx, &at, &p); err != nil {
		return err
	}
	seat := remote.New(at)
	s.atTheEnd(seat.Close)
	here := desk.WithUpdates(wakeful{seat, s.keeper()}, s.updates(seat.Offered, seat.MayUpdate))
	s.shows(shown{at: here, title: "Callin: " + at.Name, onAir: seat.OnAir})
	place, err := edge.Of(p.Edge, p.Region)
	if err != nil { // an edge of a newer Callin
		s.log.Warn("the station's edge is not known here", "edge", p.Edge, "region", p.Region)
	}
	s.connect = place.Sources()
	if p.Rehearsal {
		s.shown.signal = at.Signal
		s.connect = []string{"ws://" + host}
	}
	page := web.New(web.Options{
		At: here, Sessions: sessions, Desk: s.deskName(), Host: host, Page: s.world.Page, Connect: s.connect,
		OnAir: s.onAir, End: s.quits(), Front: s.toFront(),
	})
	s.atTheEnd(serveDesk(door, withSignalling(page, seat, pass, p.Rehearsal), s.log))
	s.pageOpen = func() bool { return known && s.pageComesBack(ctx, port(door)) }
	return s.wait(ctx, func(life time.Duration) (string, error) {
		return deskAddress(host, sessions.Code(life)), nil
	})
}

// withSignalling has the desk's door carry a rehearsal's signalling too.
func withSignalling(page http.Handler, seat *remote.Seat, pass remote.Pass, rehearsal bool) http.Handler {
	if !rehearsal {
		return page
	}
	both := http.NewServeMux()
	both.Handle(remote.SignalPath, seat.Signalling(pass))
	both.Handle("/", page)
	return both
}

// greetWithin is how long a start waits for the station: the desk opens without it, and
// says that it is not reached.
const greetWithin = 3 * time.Second

// greet asks the station what it is called and where it uses Twilio now, and whether this is still a desk of it.
// What would stay so is said at once where there is a terminal to say it in; a window's
// page says it.
func (s *process) greet(ctx context.Context, at *remote.Options, p *settings.Paired) error {
	seat := remote.New(*at)
	defer seat.Close()
	ctx, cancel := context.WithTimeout(ctx, greetWithin)
	defer cancel()
	about, refused := seat.About(ctx)
	if refused == nil {
		at.Name = about.Name
		if p.Name != about.Name || p.Edge != about.Edge || p.Region != about.Region {
			p.Name, p.Edge, p.Region = about.Name, about.Edge, about.Region
			s.keepAbout(*p)
		}
		_, refused = seat.Operate(ctx, desk.Ask{Name: "shows", Body: []byte("{}")})
	}
	if refused == nil || refused.Code == call.CodeNotAllowed {
		s.log.Info("this PC is a desk of a station elsewhere", "station", p.Station, "name", at.Name)
		return nil
	}
	s.log.Warn("the station", "station", p.Station, "what", refused.Message)
	switch refused.Code {
	case call.CodeNoSession, call.CodeOtherKey, call.CodeNotTrusted:
		if !s.windowed {
			return refused
		}
	}
	return nil
}

// keepAbout keeps what the station has said of itself; where the pairing is the
// computer's, it is told anew at each start.
func (s *process) keepAbout(p settings.Paired) {
	if own, err := settings.LoadPaired(s.dir); own == nil || err != nil {
		return
	}
	if err := p.Save(s.dir); err != nil {
		s.log.Warn("what the station is called, and where it uses Twilio, is not kept", "error", err)
	}
}
