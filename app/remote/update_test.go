package remote

import (
	"net/http"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
)

// elsewhereSays has the station say a protocol, in answers of extra fields, and fill its
// feed with events that this Callin does not know.
func (w *world) elsewhereSays(protocol string) {
	doors := w.station.Handler
	w.station.Handler = http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		if protocol != "" {
			to.Header().Set("Callin-Protocol", protocol)
		}
		if r.URL.Path == "/api/station" {
			to.Header().Set("Content-Type", "application/json")
			to.Write([]byte(`{"name":"` + contract.StationName + `","rehearsal":true,"colour":"blue","protocols":[2,3]}`))
			return
		}
		if strings.HasPrefix(r.URL.Path, "/api/feed") {
			to = unknownFirst{to}
		}
		doors.ServeHTTP(to, r)
	})
}

// unknownFirst puts an unknown event and an unknown line before what is written of a feed.
type unknownFirst struct{ http.ResponseWriter }

func (u unknownFirst) Write(p []byte) (int, error) {
	if strings.HasPrefix(string(p), "event: ") || strings.HasPrefix(string(p), "id: ") {
		u.ResponseWriter.Write([]byte("event: weather\nmood: fine\ndata: {\"sun\":true}\n\n"))
	}
	return u.ResponseWriter.Write(p)
}

func (u unknownFirst) Unwrap() http.ResponseWriter { return u.ResponseWriter }

// A station of a neighbouring version is worked with; of one that is too far the desk
// says which side is to be updated, and does nothing there.
func TestAStationOfAnotherVersion(t *testing.T) {
	for _, c := range []struct{ says, words string }{
		{"", ""},
		{"1 1", ""},
		{"2 1", ""},
		{"9 1", ""},
		{"2 2", "Callin on this PC is too old for the station. Update it on this PC."},
		{"0 0", "Callin at the station is too old for this PC. Have the station updated."},
	} {
		t.Run(c.says, func(t *testing.T) {
			w := newWorld(t)
			w.elsewhereSays(c.says)
			_, refused := w.seat.Operate(t.Context(), desk.Ask{Name: "shows", Body: []byte("{}")})
			_, paired := Pair(t.Context(), w.server.URL, w.seat.Pin, contract.Code)
			feed := attach(t, w.seat)
			if c.words == "" {
				if refused != nil || paired != nil {
					t.Fatalf("it is refused: %v, %v", refused, paired)
				}
				feed.until("picture")
				return
			}
			for _, refused := range []*call.Error{refused, paired} {
				if refused == nil || refused.Code != call.CodeVersions || refused.Message != c.words {
					t.Errorf("it is told %v", refused)
				}
			}
			if now := feed.told(); now.Reached || now.Why != c.words {
				t.Errorf("its page is told %+v", now)
			}
			if refused := w.seat.MayUpdate(t.Context()); refused != nil {
				t.Errorf("it may not be updated: %v", refused)
			}
		})
	}
}

// A PC is not updated while a show of its desk is open, or may be.
func TestAPCIsNotUpdatedInAShow(t *testing.T) {
	w := newWorld(t)
	if refused := w.seat.MayUpdate(t.Context()); refused == nil || !strings.Contains(refused.Message, "A show is open.") {
		t.Errorf("with an open show it is told %v", refused)
	}
	w.server.CloseClientConnections()
	w.server.Listener.Close()
	if refused := w.seat.MayUpdate(t.Context()); refused == nil || !strings.Contains(refused.Message, "The station is not reached") {
		t.Errorf("without the station it is told %v", refused)
	}
}
