package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/settings"
)

const (
	// joinPause is how long a PC waits that did not reach its station, before it asks again.
	joinPause = 5 * time.Second
	// joinWithin is how long one try may take.
	joinWithin = 40 * time.Second
	// seenWithin is how long a browser may take to show why this PC is no desk.
	seenWithin = time.Minute // for why a start came to nothing, too
)

// joins makes this PC a desk at its start, as callin join has asked for. A page says what
// keeps it from being one. kept is what it has of a station until then, if anything.
func (s *process) joins(ctx context.Context, r settings.Request, kept *settings.Paired) (settings.Paired, error) {
	id := settings.ComputerID(s.dir)
	now, err := s.joinOnce(ctx, r, id)
	if wait := (notNow{}); errors.As(err, &wait) && kept != nil && kept.Station == r.Station {
		s.log.Warn("the station was not joined anew; this PC stays the desk that it is", "station", r.Station, "why", err)
		return *kept, nil
	}
	if err != nil {
		now, err = s.joinOnPage(ctx, r, id, err)
	}
	if err != nil {
		if why := sentences(err); why != "" && ctx.Err() == nil {
			if unkept := s.keepRefusal(r, why); unkept != nil {
				s.log.Warn("that this PC was refused is not kept", "error", unkept)
			}
		}
		return now, err
	}
	fmt.Fprintf(s.world.Stdout, "This PC is the desk “%s” of %s now.\n", now.Desk, r.Station)
	return now, nil
}

func (s *process) joinOnce(ctx context.Context, r settings.Request, id string) (settings.Paired, error) {
	if r.Key != "" { // a person has time to compare words
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, joinWithin)
		defer cancel()
	}
	now, err := s.join(ctx, r, id)
	if err != nil {
		s.log.Warn("this PC has not joined its station", "station", r.Station, "why", err)
	}
	return now, err
}

// joinOnPage says on a page why this PC has not joined its station, and tries again for as
// long as that may help.
func (s *process) joinOnPage(ctx context.Context, r settings.Request, id string, why error) (now settings.Paired, err error) {
	at := newUnjoined(desk.StationNow{Name: r.Station})
	end, err := s.showUnpaired(ctx, at)
	if err != nil {
		return now, err
	}
	defer end()
	for err = why; err != nil; now, err = s.joinOnce(ctx, r, id) {
		var wait notNow
		if !errors.As(err, &wait) {
			at.ends(ctx, desk.StationNow{Name: r.Station, Why: "This PC is no desk yet. " + words(err)})
			return now, err
		}
		at.tell(desk.StationNow{Name: r.Station, Why: "This PC is to be a desk of " + r.Station + ". " + wait.why.Message + " Trying again…"})
		select {
		case <-time.After(joinPause):
		case <-ctx.Done():
			return now, ctx.Err()
		}
	}
	at.done()
	return now, nil
}

// unjoined is a desk that is not there yet, as of a PC that has not joined its station: its page shows why, and
// nothing can be done there.
type unjoined struct {
	mu   sync.Mutex
	now  desk.StationNow
	news chan struct{} // closed when there is something new to be told
	over bool          // the desk itself comes next
	seen chan struct{} // closed when a page was told that this PC is no desk
	once sync.Once
}

var _ desk.Backend = (*unjoined)(nil)

func newUnjoined(now desk.StationNow) *unjoined {
	return &unjoined{now: now, news: make(chan struct{}), seen: make(chan struct{})}
}

func (u *unjoined) tell(now desk.StationNow) { u.change(func() { u.now = now }) }

// ends says why nothing comes of this start, and waits until a page was told.
func (u *unjoined) ends(ctx context.Context, now desk.StationNow) {
	now.Ended = true
	u.tell(now)
	select {
	case <-u.seen:
	case <-time.After(seenWithin):
	case <-ctx.Done():
	}
}

// done lets pages look for the desk itself.
func (u *unjoined) done() { u.change(func() { u.over = true }) }

func (u *unjoined) change(how func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	how()
	close(u.news)
	u.news = make(chan struct{})
}

// Operate does nothing.
func (u *unjoined) Operate(context.Context, desk.Ask) (json.RawMessage, *call.Error) {
	return nil, errNotJoined
}

var errNotJoined = &call.Error{Code: call.CodeNotPaired, Message: "This PC is no desk yet: its page says why."}

// Export has nothing.
func (u *unjoined) Export(context.Context, call.Studio, int64, desk.Format) (desk.Export, *call.Error) {
	return desk.Export{}, errNotJoined
}

// HearVoicemail has nothing.
func (u *unjoined) HearVoicemail(context.Context, string) ([]byte, *call.Error) {
	return nil, errNotJoined
}

// Track takes nothing.
func (u *unjoined) Track(context.Context, call.Studio, []byte) (json.RawMessage, *call.Error) {
	return nil, errNotJoined
}

// OpenTrack has nothing.
func (u *unjoined) OpenTrack(context.Context, call.Studio, int64, string) (desk.TrackFile, *call.Error) {
	return desk.TrackFile{}, errNotJoined
}

// Attach tells how it stands.
func (u *unjoined) Attach(int64) desk.Feed { return &unjoinedFeed{at: u} }

type unjoinedFeed struct {
	at   *unjoined
	news chan struct{} // of what was told last
	told desk.StationNow
}

// Next is how it stands now, once it is otherwise than was told.
func (f *unjoinedFeed) Next(ctx context.Context) (desk.Event, error) {
	if f.told.Ended {
		f.at.once.Do(func() { close(f.at.seen) })
	}
	if f.news != nil {
		select {
		case <-f.news:
		case <-ctx.Done():
			return desk.Event{}, ctx.Err()
		}
	}
	f.at.mu.Lock()
	over := f.at.over
	f.told, f.news = f.at.now, f.at.news
	f.at.mu.Unlock()
	if over {
		return desk.Event{}, io.EOF
	}
	data, err := json.Marshal(f.told)
	return desk.Event{Name: "station", Data: data}, err
}

// Close has nothing to end.
func (f *unjoinedFeed) Close() {}
