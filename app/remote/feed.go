package remote

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/desk"
)

const (
	// openWithin is how long the station may take to begin a feed, and quiet how long
	// one may be without a word, not even the sign of every ten seconds that it is
	// there: for doors behind a proxy that speaks no HTTP/2.
	openWithin = 5 * time.Second
	quiet      = 12 * time.Second
	// The pauses before the station is asked again, first and longest.
	firstPause   = 100 * time.Millisecond
	longestPause = time.Second
)

// feed is what this desk sees of the station.
type feed struct {
	seat   *Seat
	events chan desk.Event
	stop   context.CancelFunc
	ended  chan struct{}
	// last is the id of the last event, to go on from; empty for a picture.
	last string
}

// Attach begins a feed with a picture, whatever this PC's page has seen: the numbers
// that it knows may be of another run of the station.
func (s *Seat) Attach(int64) desk.Feed {
	ctx, stop := context.WithCancel(context.Background())
	f := &feed{seat: s, events: make(chan desk.Event), stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(f.ended)
		f.run(ctx)
	}()
	return f
}

// Next waits for the next event. The feed goes on while the station is not reached.
func (f *feed) Next(ctx context.Context) (desk.Event, error) {
	select {
	case e := <-f.events:
		return e, nil
	case <-ctx.Done():
		return desk.Event{}, ctx.Err()
	}
}

// Close ends the feed.
func (f *feed) Close() {
	f.stop()
	<-f.ended
}

// run reads the station's feed again and again.
func (f *feed) run(ctx context.Context) {
	told := desk.StationNow{}
	tell := func(now desk.StationNow) {
		if now.Name = f.seat.Name; now != told {
			told = now
			data, _ := json.Marshal(now) // texts and yes or no
			f.pass(ctx, desk.Event{Name: "station", Data: data})
		}
	}
	for pause := firstPause; ctx.Err() == nil; pause = min(2*pause, longestPause) {
		heard := false
		refused := f.seat.signedIn(func() *call.Error {
			return f.read(ctx, func() { tell(desk.StationNow{Reached: true}) }, func(e desk.Event) {
				heard = true
				f.pass(ctx, e)
			})
		})
		switch {
		case ctx.Err() != nil:
			return
		case f.seat.life.Err() != nil:
			tell(desk.StationNow{Ended: true, Why: refused.Message})
			<-ctx.Done()
			return
		case refused != nil:
			tell(desk.StationNow{Why: f.seat.lost(refused)})
		default:
			f.last = "" // the station has ended it to begin anew
		}
		if heard {
			pause = firstPause
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// pass gives an event to whoever waits for the next one.
func (f *feed) pass(ctx context.Context, e desk.Event) {
	select {
	case f.events <- e:
	case <-ctx.Done():
	}
}

// lost says that the station is not reached, and why if that is not the network's.
func (s *Seat) lost(refused *call.Error) string {
	switch refused.Code {
	case call.CodeNotReached, call.CodeUnanswered:
		where := s.called()
		return strings.ToUpper(where[:1]) + where[1:] + " is not reached. Calls go on there. Trying again…"
	}
	return refused.Message
}

// read reads the station's feed until it ends: with nil when the station has ended it
// in good order, to begin anew.
func (f *feed) read(ctx context.Context, opened func(), heard func(desk.Event)) *call.Error {
	ctx, cancel := f.seat.living(ctx)
	defer cancel()
	silence := time.AfterFunc(openWithin, cancel)
	defer silence.Stop()
	answer, refused := f.seat.ask(ctx, http.MethodGet, "/api/feed", asks{last: f.last})
	if refused != nil {
		return refused
	}
	defer answer.Body.Close()
	if !isKind(answer, "text/event-stream") {
		return f.seat.noStation()
	}
	f.seat.reached.Store(true)
	opened()
	lines := bufio.NewReader(answer.Body)
	var e desk.Event
	id := f.last
	for {
		silence.Reset(quiet)
		line, err := lines.ReadString('\n')
		silence.Stop() // whoever reads here may be slow
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return failed(err, true)
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			id = value
			e.Seq, _ = strconv.ParseInt(value[strings.LastIndexByte(value, '-')+1:], 10, 64)
		case "event":
			e.Name = value
		case "data":
			e.Data = []byte(value)
		case "":
			if line == "\n" && e.Name != "" {
				heard(f.seat.own(e))
				f.last, e = id, desk.Event{}
			}
		}
	}
}
