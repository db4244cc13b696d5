package remote

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
	"callin/app/desk/contract"
)

// promised is how soon a desk is back once its station answers.
const promised = 5 * time.Second

// still is a station where nothing happens.
type still struct{ desk.Backend }

func (still) Attach(int64) desk.Feed { return &stillFeed{} }

func (still) Operate(context.Context, desk.Ask) (json.RawMessage, *call.Error) {
	return json.RawMessage("{}"), nil
}

type stillFeed struct{ told bool }

func (f *stillFeed) Next(ctx context.Context) (desk.Event, error) {
	if !f.told {
		f.told = true
		return desk.Event{Name: "picture", Seq: 1, Data: []byte(`{"seq":1,"station":{}}`)}, nil
	}
	<-ctx.Done()
	return desk.Event{}, ctx.Err()
}

func (*stillFeed) Close() {}

// away is a PC whose station is at the other end of a wire.
type away struct {
	*wire
	station *contract.Station
	shows   *certificate.Identity
	seat    *Seat
	feed    attached
	kill    func()
}

func newAway(t *testing.T, plainHTTP bool) *away {
	t.Helper()
	shows, err := certificate.Own(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &away{wire: newWire(), station: contract.NewStation(still{}), shows: shows}
	a.kill = a.runs(t, shows, a.station, plainHTTP)
	a.seat = New(Options{Station: "https://192.168.1.20:8443", Pin: shows.Pin, Secret: a.station.Secret, Log: slog.New(slog.DiscardHandler)})
	a.seat.http.Transport.(*http.Transport).DialContext = a.dial
	a.feed = attached{t, a.seat.Attach(-1), 24 * time.Hour}
	if now := a.feed.told(); !now.Reached {
		t.Fatalf("at first it is told %+v", now)
	}
	a.feed.until("picture")
	return a
}

func (a *away) end() {
	a.feed.Close()
	a.kill()
	a.seat.Close()
	a.Cut()
	time.Sleep(time.Minute) // whatever still waits to be heard gives up
}

func TestAWireThatIsCutWithoutAWordIsFoundOutAndMended(t *testing.T) {
	for gap := 100 * time.Millisecond; gap < 20*time.Second; gap += 700 * time.Millisecond {
		cutFor(t, gap, false, promised)
	}
	cutFor(t, 10*time.Hour, false, promised)
}

func TestBehindAProxyWithoutHTTP2ACutWireIsFoundOutByItsSilence(t *testing.T) {
	cutFor(t, 30*time.Second, true, quiet)
	cutFor(t, time.Hour, true, quiet)
}

// cutFor cuts the wire for a while, and has it said within a time that the station is
// not reached.
func cutFor(t *testing.T, gap time.Duration, plainHTTP bool, lost time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a := newAway(t, plainHTTP)
		defer a.end()
		time.Sleep(time.Minute) // nothing happens, and nothing is lost
		cut := time.Now()
		a.Cut()
		time.AfterFunc(gap, a.Mend)
		if now := a.feed.told(); now.Reached {
			t.Fatalf("%v: it is told %+v after %v", gap, now, time.Since(cut))
		}
		if took := time.Since(cut); took > lost {
			t.Errorf("%v: it was said %v after the cut", gap, took)
		}
		if now := a.feed.told(); !now.Reached {
			t.Errorf("%v: then it is told %+v", gap, now)
		}
		if took := time.Since(cut) - gap; took > promised {
			t.Errorf("%v: it is back %v after the wire", gap, took)
		}
	})
}

func TestAStationThatStartsAnewHasItsDesksBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAway(t, false)
		a.kill()
		if now := a.feed.told(); now.Reached {
			t.Fatalf("it is told %+v", now)
		}
		if _, refused := a.seat.Operate(t.Context(), desk.Ask{Name: "open", Body: []byte("{}")}); refused == nil || refused.Code != call.CodeNotReached {
			t.Errorf("meanwhile an operation is answered %v", refused)
		}
		time.Sleep(time.Hour)
		station := contract.NewStation(still{})
		station.Secret = a.station.Secret
		a.kill = a.runs(t, a.shows, station, false)
		defer a.end()
		again := time.Now()
		if now := a.feed.told(); !now.Reached {
			t.Fatalf("it is told %+v", now)
		}
		if took := time.Since(again); took > promised {
			t.Errorf("it is back %v after the station", took)
		}
		if e := a.feed.next(); e.Name != "picture" {
			t.Errorf("of another run of the station it is told %s first", e.Name)
		}
	})
}

// An operation over a dead wire is answered before the page gives up.
func TestAnOperationOverADeadWireIsAnsweredInTime(t *testing.T) {
	for _, plainHTTP := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			a := newAway(t, plainHTTP)
			defer a.end()
			if _, refused := a.seat.Operate(t.Context(), desk.Ask{Name: "open", Body: []byte("{}")}); refused != nil {
				t.Fatal(refused)
			}
			a.Cut()
			began := time.Now()
			_, refused := a.seat.Operate(t.Context(), desk.Ask{Name: "open", Body: []byte("{}")})
			if refused == nil || refused.Code != call.CodeUnanswered {
				t.Errorf("it is answered %v", refused)
			}
			if took := time.Since(began); took >= 10*time.Second {
				t.Errorf("that took %v", took)
			}
		})
	}
}
