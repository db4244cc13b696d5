package remote

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/picture"
)

func TestEveryOperationIsAnsweredAsTheContractSays(t *testing.T) {
	w := newWorld(t)
	for _, row := range w.rows {
		raw, refused := w.seat.Operate(t.Context(), desk.Ask{Name: row.Op, Body: []byte(row.Body)})
		var result map[string]any
		if refused == nil {
			if err := json.Unmarshal(raw, &result); err != nil {
				t.Errorf("%s: %v", row.Name, err)
				continue
			}
		}
		row.Check(t, result, refused)
	}
}

func TestTheFeedBeginsWithAPictureAndSaysWhatThisPCHasToSay(t *testing.T) {
	w := newWorld(t)
	feed := attach(t, w.seat)
	if now := feed.told(); now != (desk.StationNow{Name: contract.StationName, Reached: true}) {
		t.Errorf("of the station it is told %+v", now)
	}
	e := feed.next()
	var p picture.Picture
	if err := json.Unmarshal(e.Data, &p); err != nil || e.Name != "picture" || e.Seq != p.Seq || len(p.Cards) != 1 {
		t.Fatalf("%s %d: %+v, %v", e.Name, e.Seq, p, err)
	}
	if !slices.Equal(p.Station.Warnings, []string{"This PC has no window."}) || p.Station.Log != "/here/callin.log" || p.Station.Version != "Callin 0.2.0; the station: an older Callin" || !p.Station.Rehearsal {
		t.Errorf("the page's station is %+v", p.Station)
	}
	note := `{"call":"` + string(contract.Caller) + `","name":"Zoë"}`
	if _, refused := w.seat.Operate(t.Context(), desk.Ask{Name: "note", Body: []byte(note)}); refused != nil {
		t.Fatal(refused)
	}
	if change := feed.until("change"); change.Seq <= e.Seq || !bytes.Contains(change.Data, []byte("Zoë")) {
		t.Errorf("the change is %d %s", change.Seq, change.Data)
	}
}

// What a manager gives a desk more to see must come with a picture.
func TestAFeedThatTheStationEndsBeginsAnewWithAPicture(t *testing.T) {
	w := newWorld(t)
	feed := attach(t, w.seat)
	feed.until("picture")
	w.station.EndFeeds()
	if e := feed.next(); e.Name != "picture" {
		t.Errorf("after the end of the station's feed comes %s %s", e.Name, e.Data)
	}
}

// A feed that broke goes on where it was, so that nothing is missed or seen twice.
func TestAFeedThatBreaksGoesOn(t *testing.T) {
	w := newWorld(t)
	feed := attach(t, w.seat)
	feed.until("picture")
	w.server.CloseClientConnections()
	if now := feed.told(); now.Reached || !strings.Contains(now.Why, "“"+contract.StationName+"” is not reached") {
		t.Errorf("it is told %+v", now)
	}
	if now := feed.told(); !now.Reached || now.Why != "" {
		t.Errorf("it is told %+v", now)
	}
	note := `{"call":"` + string(contract.Caller) + `","name":"Zoë"}`
	if _, refused := w.seat.Operate(t.Context(), desk.Ask{Name: "note", Body: []byte(note)}); refused != nil {
		t.Fatal(refused)
	}
	if e := feed.next(); e.Name != "change" {
		t.Errorf("after the break comes %s %s", e.Name, e.Data)
	}
	if _, lasts := w.station.Asked(); lasts[0] != "" || lasts[len(lasts)-1] == "" {
		t.Errorf("feeds began with %q", lasts)
	}
}

func TestADeskThatIsRevokedSaysSoAtOnceAndAsksNothingMore(t *testing.T) {
	w := newWorld(t)
	feed := attach(t, w.seat)
	feed.until("picture")
	began := time.Now()
	w.station.Revoke()
	now := feed.told()
	if !now.Ended || now.Reached || !strings.Contains(now.Why, "no longer a desk of the station “"+contract.StationName+"”") {
		t.Errorf("it is told %+v", now)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("that took %v", took)
	}
	before, _ := w.station.Asked()
	_, refused := w.seat.Operate(t.Context(), desk.Ask{Name: "open", Body: []byte("{}")})
	if refused == nil || refused.Code != call.CodeNoSession || refused.Message != now.Why {
		t.Errorf("an operation is answered %v", refused)
	}
	if _, refused := w.seat.HearVoicemail(t.Context(), contract.Message); refused == nil || refused.Code != call.CodeNoSession {
		t.Errorf("a message is answered %v", refused)
	}
	if late := attach(t, w.seat).told(); !late.Ended {
		t.Errorf("a page that is opened later is told %+v", late)
	}
	if after, _ := w.station.Asked(); !slices.Equal(before, after) {
		t.Errorf("the station is still asked: %q", after[len(before):])
	}
}

// Whoever has taken the station's place gets nothing: not the secret, not a request.
func TestNobodyElseThanTheStationIsAsked(t *testing.T) {
	w := newWorld(t)
	var asked atomic.Int32
	other := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	other.Config.ErrorLog = log.New(io.Discard, "", 0)
	other.StartTLS()
	defer other.Close()
	for name, c := range map[string]struct {
		pin  certificate.Pin
		code call.Code
	}{
		"another key":              {certificate.Pin{1}, call.CodeOtherKey},
		"a certificate of its own": {certificate.Pin{}, call.CodeNotTrusted},
	} {
		o := w.options(t)
		o.Station, o.Pin = other.URL, c.pin
		seat := New(o)
		_, refused := seat.Operate(t.Context(), desk.Ask{Name: "open", Body: []byte("{}")})
		if refused == nil || refused.Code != c.code || !strings.HasSuffix(refused.Message, ".") {
			t.Errorf("%s: %v", name, refused)
		}
		if now := attach(t, seat).told(); refused != nil && now.Why != refused.Message {
			t.Errorf("%s: the page is told %+v", name, now)
		}
		if o.Pin = (certificate.Pin{}); asked.Load() != 0 {
			t.Errorf("%s was asked", name)
		}
		seat.Close()
	}
}

func TestTheSecretDoesNotFollowARedirect(t *testing.T) {
	w := newWorld(t)
	shown := make(chan string, 10)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { shown <- r.Header.Get("Authorization") }))
	defer elsewhere.Close()
	leads := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer leads.Close()
	o := w.options(t)
	o.Station, o.Pin = leads.URL, certificate.Pin{}
	seat := New(o)
	defer seat.Close()
	_, refused := seat.Operate(t.Context(), desk.Ask{Name: "open", Body: []byte("{}")})
	if refused == nil || refused.Code != call.CodeNoStation {
		t.Errorf("answered %v", refused)
	}
	if len(shown) > 0 {
		t.Errorf("elsewhere was shown %q", <-shown)
	}
}

// A press that may have been done is not said to be undone, and is not done twice.
func TestWhatIsNotAnsweredIsToldAsItIs(t *testing.T) {
	w := newWorld(t)
	var asked atomic.Int32
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		code   call.Code
		asked  int32
	}{
		"it dies with the request": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, call.CodeUnanswered, 1},
		"a proxy before it":        {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<h1>Bad Gateway", http.StatusBadGateway) }, call.CodeUnanswered, 1},
		"a web site":               {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<h1>Welcome")) }, call.CodeNoStation, 1},
		"another version": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			w.Write([]byte(`{"code":"unknown_operation","message":"Reload the page."}`))
		}, call.CodeUnknownOperation, 1},
		"a newer one's refusal": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(409)
			w.Write([]byte(`{"code":"brand_new","message":"Not so."}`))
		}, call.CodeOf("brand_new"), 1},
		"nobody": {nil, call.CodeNotReached, 0},
	} {
		asked.Store(0)
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked.Add(1); c.answer(w, r) }))
		server.EnableHTTP2 = true
		server.StartTLS()
		o := w.options(t)
		o.Station, o.Pin = server.URL, certificate.PinOf(server.Certificate())
		if c.answer == nil {
			server.Close()
		}
		seat := New(o)
		_, refused := seat.Operate(t.Context(), desk.Ask{Name: "open", Body: []byte("{}")})
		if refused == nil || refused.Code != c.code || asked.Load() != c.asked || strings.Contains(refused.Message, "Reload") {
			t.Errorf("%s: %v, asked %d times", name, refused, asked.Load())
		}
		seat.Close()
		server.Close()
	}
}

func TestFilesComeWholeOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	if wave, refused := w.seat.HearVoicemail(t.Context(), contract.Message); refused != nil || string(wave) != "RIFF "+contract.Message {
		t.Errorf("a message is %q, %v", wave, refused)
	}
	var shows struct{ Shows []call.Edition }
	raw, refused := w.seat.Operate(t.Context(), desk.Ask{Name: "shows", Body: []byte("{}")})
	if refused != nil || json.Unmarshal(raw, &shows) != nil || len(shows.Shows) == 0 {
		t.Fatalf("the shows: %s %v", raw, refused)
	}
	show := shows.Shows[0].Show
	export, refused := w.seat.Export(t.Context(), "", show, desk.CSV)
	var csv bytes.Buffer
	if refused != nil || export.Write(t.Context(), &csv) != nil || !strings.HasSuffix(export.Name, ".csv") || !strings.Contains(csv.String(), string(contract.Caller)) {
		t.Errorf("the export is %q %q, %v", export.Name, csv.String(), refused)
	}
	body, _ := json.Marshal(desk.SaveBody{Show: show, Format: desk.CSV})
	raw, refused = w.seat.Operate(t.Context(), desk.Ask{Name: "saveRecord", Body: body})
	var saved desk.Saved
	if refused != nil || json.Unmarshal(raw, &saved) != nil {
		t.Fatalf("saved as %s, %v", raw, refused)
	}
	if text, err := os.ReadFile(saved.Path); err != nil || !bytes.Equal(text, csv.Bytes()) || !strings.HasPrefix(saved.Path, w.seat.Exports) {
		t.Errorf("%s has %q, %v", saved.Path, text, err)
	}
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="../../x.sh"`)
		w.Write([]byte("half"))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer cut.Close()
	o := w.options(t)
	o.Station, o.Pin = cut.URL, certificate.Pin{}
	seat := New(o)
	defer seat.Close()
	export, refused = seat.Export(t.Context(), "", 7, desk.CSV)
	if refused != nil || export.Write(t.Context(), &csv) == nil || export.Name != "callin-7.csv" {
		t.Errorf("half a record is %q, %v", export.Name, refused)
	}
	if _, refused := seat.Operate(t.Context(), desk.Ask{Name: "saveRecord", Body: body}); refused == nil || refused.Code != call.CodeNotSaved {
		t.Errorf("half a record is saved: %v", refused)
	}
	if left, _ := os.ReadDir(o.Exports); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

// A window that closes while its desk has somebody on air asks first.
func TestWhoIsOnAirByThisDesk(t *testing.T) {
	on := func(line string) picture.Card { return picture.Card{Place: call.OnLine(line, call.Talking)} }
	p := picture.Picture{
		You:   "kate",
		Lines: []picture.Line{{Name: "studio", Phone: true, Desk: "kate"}, {Name: "b", Phone: true, Desk: "joe"}},
		Cards: []picture.Card{on("studio"), on("b"), {Place: call.InQueue("on-air")}},
	}
	if n := onAirBy(p); n != 1 {
		t.Errorf("%d, want 1", n)
	}
	p.Lines[0].Phone = false
	if n := onAirBy(p); n != 0 {
		t.Errorf("without its phone %d", n)
	}
}
