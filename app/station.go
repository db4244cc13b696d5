package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/settings"
	"callin/app/setup"
	"callin/app/studio"
	"callin/app/token"
	"callin/app/voice"
	"callin/app/web"
	"callin/app/window"
)

var _ studio.Carrier = (*carrier.Twilio)(nil)

// identity is the studio desk's, as Twilio knows its softphone.
const identity = "callin_studio"

// start runs a station with its desk until ctx ends or the window is closed.
func start(ctx context.Context, o options, w World) error {
	log, hide := logger(w.Stderr)
	s, err := settings.Load(o.settings, w.Env)
	if err != nil {
		return err
	}
	if _, err := fs.Stat(w.Page, "index.html"); err != nil {
		return &call.Error{Code: "no_page", Message: "This build has no page in it. Build and start it with build/run."}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	// A rehearsal's calls are never kept beside a real show's.
	kind := "station"
	if s.AccountSid == "" || s.Rehearsal != "" {
		kind = "rehearsal"
	}
	dir := filepath.Join(o.data, kind)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("the folder %s cannot be made", dir)
	}
	kept, err := settings.LoadKept(dir)
	if err != nil {
		return err
	}
	book, err := openBook(ctx, filepath.Join(dir, "journal.db"), log)
	if err != nil && answers(ctx, kept) {
		log.Info("Callin is running already; this is its desk")
		o.show(deskAddress(kept), w)
		return nil
	}
	if err != nil {
		return err
	}
	defer book.Close()
	if s.AccountSid == "" {
		child, err := rehearse(ctx, w.Stderr, kept.RehearsalPort)
		if err != nil {
			log.Error("the rehearsal", "error", err)
			return &call.Error{Code: "rehearsal", Message: "The rehearsal did not start."}
		}
		defer child.stop()
		go func() { cancel(child.wait()) }()
		child.into(&s)
		kept.RehearsalPort = child.port()
	}
	hide(s.AuthToken, kept.DeskKey, kept.KeySecret)

	listening, err := listen(s.VoicePort, kept.VoicePort)
	if err != nil {
		return err
	}
	defer listening.Close()
	if s.PublicURL == "" {
		s.PublicURL = "http://" + listening.Addr().String()
	}
	kept.VoicePort = port(listening)

	twilio, err := carrier.New(carrier.Account{
		AccountSid: s.AccountSid, Username: s.AccountSid, Password: s.AuthToken,
		Public: s.PublicURL, Rehearsal: s.Rehearsal,
	})
	if err != nil {
		return err
	}
	ready, err := prepare(ctx, twilio, s, &kept)
	if err != nil {
		return err
	}
	hide(kept.KeySecret)
	if err := kept.Save(dir); err != nil { // a key that is not kept is made again at every start
		log.Warn("the API key is not kept", "error", err)
	}
	if ready.Trial {
		log.Warn("this is a trial account: five calls at once, ten minutes a call, and Twilio replaces what a show needs. Upgrade it before a show")
	}

	at := studio.Station{Rehearsal: s.Rehearsal != "", Number: ready.Number, DialIn: ready.DialIn}
	if at.Rehearsal {
		s.Pin = cmp.Or(s.Pin, settings.RehearsalPin)
		at.Pin = s.Pin
	}
	at.Telephone = ready.DialIn != "" && s.Pin != ""
	if err := book.askTwilio(ctx, twilio); err != nil {
		log.Warn("Twilio could not be asked whether the show is open", "error", err)
	}
	parts := studio.Options{
		Station:  at,
		ShowName: s.Show, Screens: s.Screens, Park: s.Park(), SorryAfter: s.SorryAfter(),
		Journal: book, Disk: book.trouble, Carrier: twilio, Log: log,
	}
	parts.Recordings = twilio
	if s.SendsTexts() {
		parts.Texts = twilio
	}
	show, err := studio.New(ctx, parts)
	if err != nil {
		return err
	}
	go book.keepFor(ctx, s.KeepDays, log)
	show.Start()
	defer show.Close()
	stopVoice := serve(listening, slowest, voice.New(voice.Options{
		Studio: show, Public: s.PublicURL, AuthToken: s.AuthToken, ShowName: s.Show, Pin: s.Pin,
		Park: s.Park(), Wait: s.Wait(), Log: log,
	}), log)
	defer stopVoice()

	room := &desk.Room{Studio: show, Recording: twilio.Recording, Record: book, Exports: filepath.Join(dir, "records"), Softphone: softphone(s, ready, kept), Log: log}
	connect := []string{"https://eventgw.twilio.com", "wss://voice-js.roaming.twilio.com"}
	if s.Rehearsal != "" {
		room.Stage = newStage(s)
		connect = []string{signalling(s)}
		if err := firstRehearsal(ctx, show); err != nil {
			return err
		}
	}
	door, err := listen(0, kept.DeskPort)
	if err != nil {
		return err
	}
	defer door.Close()
	kept.DeskPort = port(door)
	if err := kept.Save(dir); err != nil {
		// The show is more than that a page finds the desk again after it.
		log.Warn("the desk's address is not kept", "error", err)
	}
	host := door.Addr().String()
	stopWeb := serve(door, 0, web.New(web.Options{Room: room, Key: kept.DeskKey, Host: host, Page: w.Page, Connect: connect}), log)
	defer stopWeb()

	address := deskAddress(kept)
	if s.Rehearsal != "" && o.callers(w) {
		if err := newStage(s).show(ctx); err != nil {
			log.Warn("nobody rings by themselves", "error", err)
		}
	}
	if window.Available && !o.headless {
		fmt.Fprintln(w.Stdout, "desk:", address)
		return window.Run(ctx, room, window.Options{
			Title: "Callin", Page: w.Page, Instance: dir,
			BrowserURL: func() string { return address }, Signal: rehearsalSignal(s), Connect: connect,
			OnAir: func() int { return onAir(show) },
		})
	}
	o.show(address, w)
	<-ctx.Done()
	if errors.Is(context.Cause(ctx), errRehearsalEnded) {
		return &call.Error{Code: "rehearsal", Message: "The rehearsal has ended by itself. Start Callin again."}
	}
	return nil
}

// deskAddress is where a browser finds the desk, and its key.
func deskAddress(kept settings.Kept) string {
	return fmt.Sprintf("http://127.0.0.1:%d/?key=%s", kept.DeskPort, kept.DeskKey)
}

// show prints the desk's address and opens it.
func (o options) show(address string, w World) {
	fmt.Fprintln(w.Stdout, "desk:", address)
	if !o.noBrowser {
		openBrowser(address, w.Env)
	}
}

// answers reports whether the desk of last time is there and knows its key.
func answers(ctx context.Context, kept settings.Kept) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, deskAddress(kept), nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// callers reports whether made-up callers ring by themselves: in a rehearsal
// that this process started, as nobody else drives that one.
func (o options) callers(w World) bool { return !o.noCallers && w.Env("CALLIN_REHEARSAL") == "" }

// prepare makes the account ready and keeps the key that this needed.
func prepare(ctx context.Context, t *carrier.Twilio, s settings.Settings, kept *settings.Kept) (setup.Ready, error) {
	wish := setup.Wish{Public: s.PublicURL, Number: s.Number, DialIn: s.DialIn, Rehearsal: s.Rehearsal != "", Texts: s.SendsTexts()}
	if kept.KeyAccount == s.AccountSid {
		wish.KeySid = kept.KeySid
	}
	ready, err := setup.Ensure(ctx, t, wish)
	if err == nil && ready.KeySecret != "" {
		kept.KeyAccount, kept.KeySid, kept.KeySecret = s.AccountSid, ready.KeySid, ready.KeySecret
	}
	return ready, err
}

// softphone says how a desk's page connects its phone.
func softphone(s settings.Settings, ready setup.Ready, kept settings.Kept) func() (desk.Softphone, error) {
	mint := token.Minter{AccountSid: s.AccountSid, KeySid: kept.KeySid, KeySecret: kept.KeySecret, ApplicationSid: ready.DeskAppSid}
	return func() (desk.Softphone, error) {
		minted, err := mint.Mint(identity)
		return desk.Softphone{
			Token: minted, Identity: identity, TTLSeconds: int(token.Life.Seconds()),
			Line: studio.StudioLine, Signal: rehearsalSignal(s),
		}, err
	}
}

// signalling is where a rehearsal's Voice SDK connects to.
func signalling(s settings.Settings) string {
	return "ws" + strings.TrimPrefix(strings.TrimRight(s.Rehearsal, "/"), "http") + "/signal"
}

func rehearsalSignal(s settings.Settings) string {
	if s.Rehearsal == "" {
		return ""
	}
	return signalling(s)
}

// firstRehearsal opens the show at the very first start, so that callers get
// in; later it is as it was left.
func firstRehearsal(ctx context.Context, show *studio.Studio) error {
	if p := show.Picture(); p.Seq > 0 {
		return nil
	}
	return show.Open(ctx)
}

func onAir(show *studio.Studio) int {
	n := 0
	for _, c := range show.Picture().Cards {
		if c.Place.OnAir() {
			n++
		}
	}
	return n
}

// listen takes a loopback port: the one that is set, or the one of last time if
// it is free, or any.
func listen(set, last int) (net.Listener, error) {
	at := func(port int) (net.Listener, error) { return net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)) }
	if set != 0 {
		l, err := at(set)
		if err != nil {
			return nil, &call.Error{Code: "port", Message: fmt.Sprintf("Port %d is taken by another program. End that one, or set another voice_port.", set)}
		}
		return l, nil
	}
	if last != 0 {
		if l, err := at(last); err == nil {
			return l, nil
		}
	}
	return at(0)
}

func port(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// slowest is how long one request to the voice listener may take, the hold
// music included: strangers can reach it, and must not hold it up.
const slowest = 30 * time.Second

// serve answers on l until the function that it returns is called. A request
// may take as long as timeout, or for ever with 0, as a feed does.
func serve(l net.Listener, timeout time.Duration, h http.Handler, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: timeout, WriteTimeout: timeout, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	go server.Serve(l)
	return func() {
		cancel() // ends the feeds, which would hold Shutdown up
		soon, done := context.WithTimeout(context.Background(), 2*time.Second)
		defer done()
		if server.Shutdown(soon) != nil {
			server.Close()
		}
	}
}
