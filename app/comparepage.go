package app

import (
	"context"
	"encoding/json"
	"io"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
	"callin/app/web"
)

// comparing is a desk of a PC that is not paired yet: its page shows the words of the
// station's certificate, and whether they are the same is all that can be said there.
type comparing struct {
	words desk.StationNow
	// pair makes this PC a desk once somebody has said that the words are the same.
	pair func() error

	mu      sync.Mutex
	why     error         // why the PC is not paired
	decided chan struct{} // closed when it is paired, or is not going to be
	said    chan struct{} // closed when a page was told why not
	saying  sync.Once
}

var _ desk.Backend = (*comparing)(nil)

// compareOnPage has a browser show the words, and pairs this PC if they are the same.
// Nothing but that answer does: who closes the page has not given it.
func (s *process) compareOnPage(ctx context.Context, station string, pin certificate.Pin, pair func() error) error {
	at := &comparing{
		words: desk.StationNow{Name: station, Words: pin.Words()}, pair: pair,
		decided: make(chan struct{}), said: make(chan struct{}),
	}
	end, err := s.showUnpaired(ctx, at)
	if err != nil {
		return err
	}
	defer end()
	select {
	case <-at.decided:
	case <-ctx.Done():
		return ctx.Err()
	}
	if at.why != nil {
		select {
		case <-at.said:
		case <-time.After(greetWithin): // no page is open
		}
	}
	return at.why
}

// showUnpaired opens the page of a desk that is not there yet in a browser, until end. Whoever shows it says there
// what comes of this start.
func (s *process) showUnpaired(ctx context.Context, at desk.Backend) (end func(), err error) {
	door, err := listen(0, s.kept.DeskPort)
	if err != nil {
		return nil, err
	}
	s.kept.DeskPort = port(door)
	host := door.Addr().String()
	sessions := web.NewSessions(host, s.dir, s.kept.Sessions, s.keepSessions)
	known := len(s.kept.Sessions) > 0
	if err := s.kept.Save(s.dir); err != nil { // who asks whether it is quiet finds it by that
		s.log.Warn("the desk's address is not kept", "error", err)
	}
	end = serveDesk(door, web.New(web.Options{At: at, Sessions: sessions, Desk: s.deskName(), Host: host, Page: s.world.Page, OnAir: s.onAir, End: s.quits()}), s.log)
	s.pageOpen = func() bool { return known && s.pageComesBack(ctx, port(door)) }
	s.explained = true
	if err := s.showDesk(func(life time.Duration) (string, error) { return deskAddress(host, sessions.Code(life)), nil }); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// wordsDiffer refuses to pair a PC with who shows other words than the station.
func wordsDiffer(station string) error {
	return refusedStart("The words are not the same, so this PC is not paired: somebody else may answer in the station's place. See that " + station + " is the right address, and that nobody has made the station's certificate anew.")
}

var errNoDesk = &call.Error{Code: call.CodeNotPaired, Message: "This PC is no desk yet: say first whether the words are the same."}

// Operate takes the answer, once.
func (c *comparing) Operate(_ context.Context, a desk.Ask) (json.RawMessage, *call.Error) {
	var said struct{ Same *bool } // desk.SameWordsBody
	if a.Name != "sameWords" || json.Unmarshal(a.Body, &said) != nil || said.Same == nil {
		return nil, errNoDesk
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.decided:
		return nil, errNoDesk
	default:
	}
	defer close(c.decided)
	c.why = wordsDiffer(c.words.Name)
	if *said.Same {
		c.why = c.pair()
	}
	if c.why != nil {
		return nil, &call.Error{Code: call.CodeNotPaired, Message: words(c.why)}
	}
	return json.RawMessage("{}"), nil
}

func (c *comparing) Attach(int64) desk.Feed { return &comparingFeed{at: c} }

func (c *comparing) Export(context.Context, call.Studio, int64, desk.Format) (desk.Export, *call.Error) {
	return desk.Export{}, errNoDesk
}

func (c *comparing) HearVoicemail(context.Context, string) ([]byte, *call.Error) {
	return nil, errNoDesk
}

func (c *comparing) Track(context.Context, call.Studio, []byte) (json.RawMessage, *call.Error) {
	return nil, errNoDesk
}

func (c *comparing) OpenTrack(context.Context, call.Studio, int64, string) (desk.TrackFile, *call.Error) {
	return desk.TrackFile{}, errNoDesk
}

// comparingFeed tells the words, and then what came of them.
type comparingFeed struct {
	at   *comparing
	told int
}

func (f *comparingFeed) Next(ctx context.Context) (desk.Event, error) {
	now := f.at.words
	f.told++
	switch f.told {
	case 1:
	case 2:
		select {
		case <-f.at.decided:
		case <-ctx.Done():
			return desk.Event{}, ctx.Err()
		}
		if f.at.why == nil {
			return desk.Event{}, io.EOF // the desk itself comes next
		}
		now.Words, now.Ended, now.Why = "", true, words(f.at.why)
	default:
		f.at.saying.Do(func() { close(f.at.said) })
		<-ctx.Done()
		return desk.Event{}, ctx.Err()
	}
	data, err := json.Marshal(now)
	return desk.Event{Name: "station", Data: data}, err
}

func (f *comparingFeed) Close() {}
