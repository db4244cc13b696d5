package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/clients"
	"callin/app/cost"
	"callin/app/desk"
	"callin/app/edge"
	"callin/app/journal"
	"callin/app/metrics"
	"callin/app/pairing"
	"callin/app/picture"
	"callin/app/plain"
	"callin/app/practice"
	"callin/app/presence"
	"callin/app/secret"
	"callin/app/settings"
	"callin/app/setup"
	"callin/app/station"
	"callin/app/tracks"
	"callin/app/tunnel"
	"callin/app/voice"
	"callin/app/wayin"
	"callin/app/web"
)

// station is one that runs, in the order in which it is made.
type process struct {
	options
	world World
	log   *slog.Logger
	// stderr is standard error and the log on disk, without secrets.
	stderr   *veil
	settings settings.Settings
	kept     settings.Kept
	// secrets are where the account's are kept, and tokenGiven is whether its AuthToken is
	// a person's, in settings or environment.
	secrets    *secret.Store
	tokenGiven bool
	tokens     *tokens
	keySecret  string // the API key's
	// loaded are the settings as they were read, without what a rehearsal adds.
	loaded settings.Settings
	// again has the station begin again, with what is set then; againWithNewKey has it make
	// another API key as it does.
	again, againWithNewKey func()
	// dir is where what is kept is.
	dir string
	// cutOff says that the last Callin with this folder was not ended in order; empty
	// when it was.
	cutOff  string
	journal *journal.Beginning
	twilio  *carrier.Twilio
	// id is the station's own at Twilio.
	id    call.StationID
	ready setup.Ready
	show  *station.Station
	watch *wayin.Watch
	costs *cost.Watch
	// tracks are the shows' isolated ones.
	tracks *tracks.Recorder
	room   *desk.Room
	// metrics are the station's, and metricsDoor where they are served; nil for nowhere.
	metrics     *metrics.Metrics
	metricsDoor net.Listener
	lastSigned  func() time.Time
	// tunnel is where Twilio reaches the station by a tunnel; nil without one.
	tunnel *tunneled
	// here is the voice listener's answer at /voice/here/{nonce}.
	here func(nonce string) string
	// looking is held by who looks at the show from outside.
	looking chan struct{}
	// book are the desks that the station has given out, and door is theirs; nil when
	// there is none.
	book *pairing.Book
	door *web.Station
	at   doorway
	// shown is the desk that the doors of this computer lead to.
	shown shown
	// holds is whether dir is this Callin's: no other one has it.
	holds bool
	// explained is whether a page says why this start comes to nothing.
	explained bool
	// quit ends this Callin in order, as another program of this computer or an update asks.
	quit func()
	// windowed is whether the desk opens in a window of its own.
	windowed bool
	// front has the window come forward.
	front chan struct{}
	// pageOpen reports whether a page of the desk is open in a browser.
	pageOpen func() bool
	// warnings are sentences that the desk shows for as long as this runs.
	warnings []string
	// connect is what a desk's page may connect to besides Callin.
	connect []string
	// ends end the parts; the last one made goes first.
	ends []func()
}

// start runs a station with its desk until ctx ends or the window is closed. It
// logs to stderr, and hides there what is secret.
func start(ctx context.Context, o options, w World, stderr *veil) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &process{options: o, world: w, log: slog.New(slog.NewTextHandler(stderr, nil)), stderr: stderr, looking: make(chan struct{}, 1), front: make(chan struct{}, 1)}
	s.again, s.againWithNewKey = func() { cancel(errAgain) }, func() { cancel(errNewKey) }
	s.quit = func() { cancel(nil) }
	defer s.end()
	err := s.run(ctx, cancel)
	if cause := context.Cause(ctx); err == nil && errors.Is(cause, errAgain) {
		return cause
	}
	if err != nil {
		s.explain(ctx, err)
	}
	return err
}

// run is start, of what was made there.
func (s *process) run(ctx context.Context, cancel context.CancelCauseFunc) error {
	set, err := s.world.load(s.options)
	if err != nil {
		return err
	}
	for _, ignored := range set.PolicyIgnored {
		s.log.Warn("the policy", "what", ignored)
	}
	s.stderr.hide(set.AuthToken, set.Pin)
	if err := sensible(s.options.settings, &set); err != nil {
		return err
	}
	if _, err := fs.Stat(s.world.Page, "index.html"); err != nil {
		return &call.Error{Code: call.CodeNoPage, Message: "This build has no page in it. Build and start it with build/run."}
	}
	s.settings, s.loaded = set, set
	if s.updateSays != "" {
		s.warn(s.updateSays)
	}
	s.beside(func(ctx context.Context) {
		presence.Hold(ctx, presence.Options{Desk: !s.headless, OnAir: s.onAir, End: s.quit, Log: s.log})
	})
	if station, err := s.elsewhere(); err != nil {
		return err
	} else if station != "" {
		return s.beDesk(ctx, station)
	}
	if running, err := s.openFolder(ctx); err != nil {
		return err
	} else if running {
		return s.leadToRunning(ctx)
	}
	if err := s.openSecrets(); err != nil {
		return err
	}
	s.tellOfCrash()
	s.chooseDoor()
	if s.settings.AccountSid == "" {
		if err := s.rehearse(ctx, cancel); err != nil {
			return err
		}
	}
	if err := s.answerTwilio(ctx); err != nil {
		return err
	}
	return s.openDesk(ctx)
}

// errAgain ends a station that is to begin again, and errNewKey one that is to make
// another API key then.
var (
	errAgain  = errors.New("the station begins again")
	errNewKey = fmt.Errorf("%w with another API key", errAgain)
)

// sensible puts right, or refuses, what settings say of things that they do not
// know themselves.
func sensible(path string, set *settings.Settings) error {
	if set.Show = plain.Line(set.Show); !plain.Says(set.Show) { // every caller hears it
		return &settings.Error{Where: path, Message: "show must have a name that can be said."}
	}
	for i := range set.Studios {
		st := &set.Studios[i]
		if st.Show, st.Name = plain.Line(st.Show), plain.Line(st.Name); !plain.Says(st.Show) || !plain.Says(st.Name) {
			return &settings.Error{Where: path, Message: fmt.Sprintf("The studio %q must have a show and a name that can be said.", st.ID)}
		}
	}
	if _, err := clients.ParseProxies(set.Door.Proxies); err != nil {
		return &settings.Error{Where: path, Message: "door_proxies: " + err.Error() + "."}
	}
	if _, err := edge.Of(set.Edge, set.Region); err != nil {
		var wrong *edge.WrongError
		if errors.As(err, &wrong) && set.At[wrong.Setting] != "" {
			path = set.At[wrong.Setting]
		}
		return &settings.Error{Where: path, Message: err.Error()}
	}
	for i, country := range set.TextCountries {
		set.TextCountries[i] = strings.ToUpper(strings.TrimSpace(country))
		if !call.IsCountry(set.TextCountries[i]) {
			return &settings.Error{Where: path, Message: fmt.Sprintf("text_countries knows no country %q. Write two letters for each, such as [\"US\", \"CA\"] or [\"GB\"].", country)}
		}
	}
	return nil
}

func (s *process) end() {
	for _, end := range slices.Backward(s.ends) {
		end()
	}
}

// warn says something in the log and on the desk.
func (s *process) warn(message string) {
	s.log.Warn(message)
	s.warnings = append(s.warnings, message)
}

func (s *process) atTheEnd(end func()) { s.ends = append(s.ends, end) }

// rehearse starts a rehearsal and makes its account the station's. It ends the
// station when it ends by itself.
func (s *process) rehearse(ctx context.Context, cancel context.CancelCauseFunc) error {
	beside, err := practice.Start(ctx, s.stderr, s.kept.RehearsalPort, s.settings.Door.Address != "")
	if err != nil {
		s.log.Error("the rehearsal", "error", err)
		return &call.Error{Code: call.CodeRehearsal, Message: "The rehearsal did not start."}
	}
	s.atTheEnd(beside.Stop)
	go func() { cancel(beside.Wait()) }()
	beside.Into(&s.settings)
	s.stderr.hide(s.settings.AuthToken)
	s.kept.RehearsalPort = beside.Port()
	return nil
}

// answerTwilio makes the account ready and answers for its calls from then on.
func (s *process) answerTwilio(ctx context.Context) error {
	voiceDoor, err := listen(s.settings.VoicePort, s.kept.VoicePort)
	if err != nil {
		return err
	}
	s.atTheEnd(func() { voiceDoor.Close() })
	s.kept.VoicePort = port(voiceDoor)
	before := s.kept.PublicURL
	if err := s.openTunnel(ctx, tunnel.Run, voiceDoor.Addr().String()); err != nil {
		return err
	}
	s.settings.PublicURL = cmp.Or(s.settings.PublicURL, "http://"+voiceDoor.Addr().String())
	s.kept.PublicURL = s.settings.PublicURL

	if err := s.connectAccount(ctx); err != nil {
		return err
	}
	s.openMetrics()
	if err := s.openBook(); err != nil {
		return err
	}
	if err := s.openStudio(ctx, before != "" && before != s.kept.PublicURL); err != nil {
		return err
	}
	listener := voice.New(voice.Options{
		Station: s.show, Script: s.script(), AuthTokens: s.tokens.signing,
		Pin: s.settings.Pin, Wait: s.settings.Wait(), Answered: s.metrics.Answered, Log: s.log,
	})
	s.lastSigned, s.here = listener.LastSigned, listener.Here
	s.watch = wayin.New(wayin.Options{
		Public: s.script().Public, Port: s.kept.VoicePort, Here: listener.Here, LastSigned: listener.LastSigned,
		Failed: s.twilio.LastFailed, Claimed: s.claimed,
		Tunnel: s.tunnel.now, Open: func() bool { return anyOpen(s.show) },
		Tell: s.show.SetWayIn, Log: s.log,
	})
	if s.ready.Other != "" {
		s.watch.Taken(s.ready.Other)
	}
	s.show.Start()
	s.atTheEnd(s.show.Close)
	s.atTheEnd(serveStrangers(voiceDoor, listener, s.log))
	s.beside(s.watch.Run)
	if s.tunnel != nil {
		s.beside(func(ctx context.Context) { s.tunnel.follow(ctx, s.watch.LookAgain) })
	}
	s.beside(s.costs.Run)
	s.beside(s.stayAwake)
	return nil
}

// beside runs something until the station ends.
func (s *process) beside(run func(context.Context)) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); run(ctx) }()
	s.atTheEnd(func() { stop(); <-ended })
}

// name is what the station is called.
func (s *process) name() string { return cmp.Or(s.settings.Name, s.settings.Show) }

// studios are what the station has, with what is set of their shows.
func (s *process) studios() []picture.Studio {
	park := s.settings.Park().Milliseconds()
	all := []picture.Studio{{
		Name: s.settings.StudioName, Number: s.ready.Number, DialIn: s.ready.DialIn, Lanes: call.Studio("").Lanes(s.settings.Lanes), SharedLane: s.settings.SharedLane,
		Show: picture.Show{Name: s.settings.Show, Screens: s.settings.Screens, ProducersAir: s.settings.ProducersAir, Tracks: s.settings.Tracks, ParkMs: park},
	}}
	for i, st := range s.settings.Studios {
		more := picture.Studio{
			ID: call.Studio(st.ID), Name: st.Name, Lanes: call.Studio(st.ID).Lanes(st.Lanes), SharedLane: st.SharedLane,
			Show: picture.Show{Name: st.Show, Screens: st.Screens, ProducersAir: st.ProducersAir, Tracks: st.Tracks, ParkMs: park},
		}
		if i < len(s.ready.Others) { // none where another Callin has the calls
			more.Number, more.DialIn = s.ready.Others[i].Number, s.ready.Others[i].DialIn
		}
		all = append(all, more)
	}
	return all
}

// script is what callers hear at this station.
func (s *process) script() voice.Script {
	return voice.Script{
		Public: strings.TrimRight(s.settings.PublicURL, "/"), Studios: s.studios(), ID: s.id,
	}
}

// openStudio takes the show up where the journal and Twilio have it. moved is whether
// Twilio reached the station at another address until now.
func (s *process) openStudio(ctx context.Context, moved bool) error {
	at := picture.Station{Rehearsal: s.settings.Rehearsal != "", Connected: s.settings.Connected, Version: thisBuild().String(), Warnings: s.warnings, Log: s.options.log, Policy: s.settings.Policy}
	if at.Rehearsal {
		s.settings.Pin = cmp.Or(s.settings.Pin, settings.RehearsalPin)
		at.Pin = s.settings.Pin
	}
	at.Name = s.name()
	at.Telephone = s.ready.DialIn != "" && s.settings.Pin != ""
	if err := s.askForShows(ctx); err != nil {
		s.log.Warn("Twilio could not be asked whether the show is open", "error", err)
	}
	s.costs = s.openCosts()
	parts := station.Options{
		WayIn: func(ctx context.Context) bool { return s.watch.Answers(ctx) },
		Wait:  s.settings.Wait(), Moved: moved,
		Station: at, Studios: s.studios(), Desks: s.desks(), SorryAfter: s.settings.SorryAfter(),
		TextCountries: s.settings.TextCountries, CallsPerNumber: s.settings.CallsPerNumber,
		Journal: costed{counted{s.journal, s.metrics}, s.costs}, Script: s.script().Document, Carrier: s.twilio, Recordings: s.twilio, Pages: s.twilio,
		TwilioNow: s.twilio.Now, Log: s.log,
	}
	if t := s.journal.Trouble; t != nil {
		parts.Disk = &picture.Trouble{Code: t.Code, Message: t.Message, At: time.Now().UnixMilli()}
	}
	if s.settings.FallbackURL != "" {
		parts.Stranded = s.twilio.QueueSid(call.Fallback)
		if wrong := setup.CheckFallback(ctx, s.settings.FallbackURL, s.settings.AccountSid, s.tokens.now()); wrong != nil {
			s.log.Warn("the fallback", "why", wrong.Message)
			parts.Station.Warnings = append(parts.Station.Warnings, wrong.Message)
		}
	}
	if s.settings.SendsTexts() {
		parts.Texts = s.twilio
	}
	show, err := station.New(ctx, parts)
	if err != nil {
		return err
	}
	s.show = show
	s.openTracks()
	clocks := journal.Clocks{Wall: time.Now, Twilio: s.twilio.Now}
	if at.Rehearsal {
		clocks.Twilio = nil
	}
	go s.journal.KeepFor(ctx, s.settings.KeepDays, clocks, s.keepTracksFor, s.log)
	return nil
}

// placeOf is where Twilio is used, as sensible has looked at it.
func placeOf(set settings.Settings) edge.Place { return edge.Place{Edge: set.Edge, Region: set.Region} }

// pageSources are what a page may connect to for its phone, besides Callin, in the
// Content-Security-Policy's notation.
func pageSources(set settings.Settings) []string {
	if set.Rehearsal != "" {
		return []string{signalling(set)}
	}
	return placeOf(set).Sources()
}

// trip times the way to Twilio from this computer, or to the stand-in for it.
func trip(set settings.Settings) edge.Trip {
	if set.Rehearsal != "" {
		return edge.ToStandIn(set.Rehearsal)
	}
	return edge.ToTwilio
}
