package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"callin/app/certificate"
	"callin/app/desk"
	"callin/app/desk/contract"
)

// world is a station and a PC that is a desk of it.
type world struct {
	station *contract.Station
	server  *httptest.Server
	seat    *Seat
	rows    []contract.Row
	log     *bytes.Buffer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	at, rows := contract.Room(t)
	w := &world{station: contract.NewStation(at), rows: rows, log: &bytes.Buffer{}}
	w.server = w.station.Serve(t)
	w.seat = New(w.options(t))
	t.Cleanup(w.seat.Close)
	return w
}

func (w *world) options(t *testing.T) Options {
	return Options{
		Station: w.server.URL, Pin: certificate.PinOf(w.server.Certificate()), Name: contract.StationName, Secret: w.station.Secret,
		Signal: "ws://127.0.0.1:1/signal?pass=x", Exports: t.TempDir(), SignOut: func() error { return nil },
		Version: "Callin 0.2.0", Warnings: []string{"This PC has no window."}, LogFile: "/here/callin.log", Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
}

// long is how long something may take that is quick.
const long = 20 * time.Second

// attached is a page's feed.
type attached struct {
	*testing.T
	desk.Feed
	within time.Duration // for the next event
}

func attach(t *testing.T, at desk.Backend) attached {
	t.Helper()
	f := at.Attach(-1)
	t.Cleanup(f.Close)
	return attached{t, f, long}
}

// next is the next event but those of the stage, and of what is not kept.
func (f attached) next() desk.Event {
	f.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), f.within)
	defer cancel()
	for {
		e, err := f.Next(ctx)
		if err != nil {
			f.Fatal("no event: ", err)
		}
		if e.Name != "stage" && (e.Name != "change" || e.Seq > 0) {
			return e
		}
	}
}

// until reads up to an event of a name.
func (f attached) until(name string) desk.Event {
	f.Helper()
	for {
		if e := f.next(); e.Name == name {
			return e
		}
	}
}

// told reads up to what is told of the station.
func (f attached) told() (now desk.StationNow) {
	f.Helper()
	if err := json.Unmarshal(f.until("station").Data, &now); err != nil {
		f.Fatal(err)
	}
	return now
}
