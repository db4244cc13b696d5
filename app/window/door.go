// Package window is the desk's door for a window of its own: it shows the page
// in a Wails window and carries the page's operations, feed and rehearsal
// signalling over bound methods and runtime events. It is the only importer of
// Wails, and only with the build tag desktop.
package window

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"sync"
	"time"

	"github.com/coder/websocket"

	"callin/app/autostart"
	"callin/app/call"
	"callin/app/desk"
)

// Options are what a window needs beside the desk it opens onto.
type Options struct {
	Title string
	// Page is the built page, with index.html at its root.
	Page fs.FS
	// Folder is where it is kept how the window was left.
	Folder string
	// Front has the window come forward, for another start of the same desk.
	Front <-chan struct{}
	// Version is which Callin this is.
	Version string
	// Warn writes into the log what is wrong with the window.
	Warn func(message string)
	// OpenLogs shows the folder of the log on the screen.
	OpenLogs func()
	// AtLogin is this program as the system starts it at login.
	AtLogin autostart.Program
	// BrowserURL is the address of this desk for the system's browser.
	BrowserURL func() (string, error)
	// Browse opens an address in the system's browser.
	Browse func(address string)
	// Signal is the WebSocket address of the rehearsal's signalling, empty
	// outside a rehearsal. The window reaches no other.
	Signal string
	// Connect are the sources the page may connect to besides its own, in the
	// Content-Security-Policy's notation: Twilio's, on a real account.
	Connect []string
	// OnAir is how many callers are on air; closing the window then asks first.
	OnAir func() int
}

// reattach is the pause before a feed that broke is asked for again.
const reattach = time.Second

// Door is what Wails binds: its exported methods, and nothing else, can be
// called by the page as window.go.window.Door.
type Door struct {
	at      desk.Backend
	options Options
	shell   shell
	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	view     view
	keys     map[string]string // of the page's commands
	stopFeed func()
	sockets  map[string]*socket
	lastID   int
}

// shell is the part of Wails' runtime that a door uses.
type shell struct {
	emit func(event string, data any)
	// fullScreen goes to the full screen or back, and relabel shows the menu's keys.
	fullScreen, relabel func()
	copy                func(text string) error
}

func newDoor(ctx context.Context, at desk.Backend, options Options, shell shell) *Door {
	d := &Door{at: at, options: options, shell: shell, stopFeed: func() {}, sockets: map[string]*socket{}, view: viewIn(options.Folder)}
	d.ctx, d.stop = context.WithCancel(ctx)
	return d
}

// close ends the feed and the sockets and waits for them: Wails' runtime must
// not be called once its window has gone.
func (d *Door) close() {
	d.stop()
	d.running.Wait()
}

// fresh forgets what an earlier page of this window had open.
func (d *Door) fresh() {
	d.mu.Lock()
	stop := d.stopFeed
	d.stopFeed = func() {}
	left := d.sockets
	d.sockets = map[string]*socket{}
	d.mu.Unlock()
	for _, s := range left {
		d.running.Go(func() {
			// A page that goes away ends its call at once; a connection that
			// merely breaks would keep it for the page to come back.
			_ = s.conn.Close(websocket.StatusGoingAway, "")
			s.stop()
		})
	}
	stop()
}

// answer is what Operate resolves to: one of the two is set.
type answer struct {
	OK    json.RawMessage `json:"ok,omitempty"`
	Error *call.Error     `json:"error,omitempty"`
}

// Operate asks the desk for one operation in a studio; body is its JSON object. It answers
// {"ok": result} or {"error": {code, message, field}}.
func (d *Door) Operate(studio, name, body string) string {
	var a answer
	a.OK, a.Error = d.at.Operate(d.ctx, desk.Ask{Studio: call.Studio(studio), Name: name, Body: []byte(body)})
	text, _ := json.Marshal(a) // what is marshalled already, or texts
	return string(text)
}

// Track hands a chunk of a studio's isolated tracks on, in base 64. It answers as Operate.
func (d *Door) Track(studio, chunk string) string {
	var a answer
	if len(chunk) > base64.StdEncoding.EncodedLen(desk.TrackLimit) {
		a.Error = desk.TooLong
	} else if sound, err := base64.StdEncoding.DecodeString(chunk); err != nil {
		a.Error = &call.Error{Code: call.CodeBadBody, Message: "The page sent something that is no sound. Reload the page."}
	} else {
		a.OK, a.Error = d.at.Track(d.ctx, call.Studio(studio), sound)
	}
	text, _ := json.Marshal(a)
	return string(text)
}

// Attach sends the runtime event "feed" for all that happens after fact from;
// -1 asks for a picture first. It replaces the window's earlier feed.
func (d *Door) Attach(from int64) {
	ctx, cancel := context.WithCancel(d.ctx)
	ended := make(chan struct{})
	d.mu.Lock()
	earlier := d.stopFeed
	d.stopFeed = func() { cancel(); <-ended }
	d.mu.Unlock()
	earlier()
	d.running.Go(func() {
		defer close(ended)
		for ctx.Err() == nil {
			from = d.pass(ctx, from)
			select {
			case <-ctx.Done():
			case <-time.After(reattach):
			}
		}
	})
}

// pass carries one feed until it ends and returns the last fact it carried.
func (d *Door) pass(ctx context.Context, from int64) int64 {
	feed := d.at.Attach(from)
	defer feed.Close()
	for {
		event, err := feed.Next(ctx)
		if err != nil || ctx.Err() != nil {
			return from
		}
		if event.Seq > 0 { // a notice is not one of the facts
			from = event.Seq
		}
		d.shell.emit("feed", struct {
			Event string          `json:"event"`
			Data  json.RawMessage `json:"data"`
		}{event.Name, event.Data})
	}
}

// OpenBrowser opens this desk in the system's browser.
func (d *Door) OpenBrowser() error {
	address, err := d.options.BrowserURL()
	if err == nil {
		d.options.Browse(address)
	}
	return err
}

// OpenLink opens a link of the page in the system's browser: no foreign page
// may load in the window, where every permission is granted.
func (d *Door) OpenLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return errors.New("only web addresses can be opened")
	}
	d.options.Browse(u.String())
	return nil
}
