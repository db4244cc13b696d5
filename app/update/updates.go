package update

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/folder"
)

// How long it is until a release is asked for again: after an answer, and after none.
const (
	daily  = 24 * time.Hour
	sooner = time.Hour
)

// Options are what a desk's updates are made of.
type Options struct {
	// Key is whose signature counts; nil for a build that has none, which has no updates.
	Key ed25519.PublicKey
	// Version is this Callin's; empty for a build without a number.
	Version string
	// Program is its path, and Kind how it was installed, see KindOf.
	Program, Kind string
	// System is Go's words for this computer, such as windows/amd64.
	System string
	// Source is where releases are; nil where nobody offers any, and None says why.
	Source Source
	None   string
	// Dir is the folder that all of this is kept in.
	Dir string
	// May refuses an update while a show is open.
	May func(context.Context) *call.Error
	// End ends the desk in good order, for what was started in its place to go on.
	End func()
	// Args are the desk's own, with which the new one is started.
	Args   []string
	Within Limits // the usual ones when there are none
	Log    *slog.Logger
}

// Updates are a desk's. They are desk.Updates.
type Updates struct {
	o Options
	// wanted are the versions that somebody wants; an empty one to be looked for.
	wanted chan string

	mu      sync.Mutex
	now     desk.UpdateNow // Busy until what is in wanted is done
	release Release
	until   context.Context
	turn    context.CancelFunc
}

var _ desk.Updates = (*Updates)(nil)

// New makes a desk's updates. Run looks for them.
func New(o Options) *Updates {
	if o.Within == (Limits{}) {
		o.Within = usual
	}
	u := &Updates{o: o, wanted: make(chan string, 1)}
	u.until, u.turn = context.WithCancel(context.Background())
	u.now = desk.UpdateNow{Version: o.Version, Says: u.none()}
	return u
}

// none says why this Callin has no updates; empty where it has.
func (u *Updates) none() string {
	switch {
	case len(u.o.Key) == 0:
		return "This build of Callin has no updates: it does not know whose signature to trust."
	case u.o.Version == "":
		return "This build of Callin has no number, so nothing is newer."
	case u.o.Source == nil:
		return cmp.Or(u.o.None, "Nobody offers updates here.")
	}
	return ""
}

// Now is how things stand, until the context ends.
func (u *Updates) Now() (desk.UpdateNow, context.Context) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.now, u.until
}

func (u *Updates) set(change func(*desk.UpdateNow)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.change(change)
}

// change is set for who has the lock.
func (u *Updates) change(change func(*desk.UpdateNow)) {
	change(&u.now)
	u.now.Busy = u.now.Busy || len(u.wanted) > 0
	u.turn()
	u.until, u.turn = context.WithCancel(context.Background())
}

// Look has a newer release be looked for.
func (u *Updates) Look(context.Context) error {
	if why := u.none(); why != "" {
		return refuse(why)
	}
	return u.want("")
}

// Update has the desk be updated to the version that it shows, if nothing is against it
// now. What comes of that is told by Now.
func (u *Updates) Update(ctx context.Context, version string) error {
	now, _ := u.Now()
	switch {
	case now.Newer == "" || now.Newer != version:
		return refuse("Another version is there now. Look, then press again.")
	case !now.Own:
		return refuse(now.Says)
	}
	if refused := u.o.May(ctx); refused != nil {
		return refused
	}
	return u.want(version)
}

func (u *Updates) want(version string) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.now.Busy {
		return refuse("Callin is at it. Wait for what it says.")
	}
	u.wanted <- version // there is room while it is not busy
	u.change(func(now *desk.UpdateNow) { now.Busy = true })
	return nil
}

// Run looks for a newer release at once, then daily and when somebody wants it, until
// ctx ends or the desk is to end for an update.
func (u *Updates) Run(ctx context.Context) {
	if u.none() != "" {
		return
	}
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		pause := daily
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			pause = u.look(ctx)
		case version := <-u.wanted:
			if version == "" {
				pause = u.look(ctx)
			} else if u.update(ctx, version) {
				return
			}
		}
		next.Reset(pause)
	}
}

// look asks for the release that is offered, and returns when to ask again.
func (u *Updates) look(ctx context.Context) time.Duration {
	sweep(u.o.Dir) // what an update has left that was not to be deleted then
	u.set(func(now *desk.UpdateNow) { now.Busy = true })
	r, err := describe(ctx, u.o.Source, u.o.Key, u.o.Within)
	if ctx.Err() != nil {
		return daily
	}
	if err != nil {
		why := words(err)
		u.o.Log.Info("no newer Callin is known", "why", why.Message, "error", err)
		u.set(func(now *desk.UpdateNow) { now.Busy, now.Says = false, why.Message })
		return sooner
	}
	_, ours := r.file(u.o.System, PerUser)
	u.mu.Lock()
	u.release = r
	u.mu.Unlock()
	u.set(func(now *desk.UpdateNow) {
		*now = desk.UpdateNow{Version: u.o.Version, LookedAt: time.Now().UnixMilli()}
		switch {
		case !newer(r.Version, u.o.Version):
			now.Says = "This is the newest Callin."
			return
		case u.o.Kind != PerUser || !ours:
			now.Says = how(u.o.Program, u.o.Kind)
		default:
			now.Own, now.Says = true, "The desk ends, the newer Callin is put in its place, and the desk starts again, within some minutes."
		}
		now.Newer, now.Date, now.Notes = r.Version, r.Date, r.Notes
	})
	if newer(r.Version, u.o.Version) {
		u.o.Log.Info("a newer Callin is there", "version", r.Version)
	}
	return daily
}

// update downloads a release and hands over to what puts it in this one's place, for
// which the desk ends then.
func (u *Updates) update(ctx context.Context, version string) (ends bool) {
	err := u.bring(ctx, version)
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		why := words(err)
		u.o.Log.Warn("Callin was not updated", "version", version, "why", why.Message, "error", err)
		u.set(func(now *desk.UpdateNow) { now.Busy, now.Says = false, why.Message })
		return false
	}
	u.o.Log.Info("Callin ends to be updated", "version", version)
	u.set(func(now *desk.UpdateNow) { now.Says = "Callin ends now, and " + version + " starts in its place." })
	u.o.End()
	return true
}

func (u *Updates) bring(ctx context.Context, version string) error {
	u.mu.Lock()
	r := u.release
	u.mu.Unlock()
	f, ok := r.file(u.o.System, PerUser)
	if !ok || r.Version != version || !newer(r.Version, u.o.Version) {
		return refuse("Another version is there now. Look, then press again.")
	}
	if within(u.o.Dir, filepath.Dir(u.o.Program)) {
		return refuse("Callin's data are in the folder of its program, which an update replaces. Name another one with --data.")
	}
	if err := os.MkdirAll(u.o.Dir, 0o700); err != nil {
		return noRoom(u.o.Dir)
	}
	held, err := folder.Take(u.o.Dir) // so that no other start takes a download for what was left
	if err != nil {
		return refuse("Callin is being updated already.")
	}
	defer held.Close()
	if s, there := loadState(u.o.Dir); there && s.mixed() {
		return refuse("Files of Callin " + s.From + " are still to be put back, after the last update. End Callin and start it again, or install it by hand.")
	}
	u.set(func(now *desk.UpdateNow) { now.Busy, now.Says = true, "Downloading Callin "+version+"…" })
	path, err := download(ctx, u.o.Source, f, u.o.Dir, u.o.Within)
	if err != nil {
		return err
	}
	if refused := u.o.May(ctx); refused != nil { // it may have been opened meanwhile
		os.Remove(path)
		return refused
	}
	cwd, _ := os.Getwd() // the program's own folder will do without
	err = handOver(u.o.Dir, held, state{
		Step: Waiting, From: u.o.Version, To: version, File: f.Name, SHA256: f.SHA256,
		Program: u.o.Program, Args: u.o.Args, Cwd: cwd,
	})
	if err != nil {
		os.Remove(path)
		u.o.Log.Error("the update was not begun", "error", err)
		return refuse("Callin could not begin the update: another program kept it from that, or there is no room. Look in Callin's log.")
	}
	return nil
}

// within reports whether a path is a folder or lies below it.
func within(path, folder string) bool {
	rest, err := filepath.Rel(folder, path)
	return err == nil && rest != ".." && !strings.HasPrefix(rest, ".."+string(filepath.Separator))
}
