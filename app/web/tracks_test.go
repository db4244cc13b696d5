package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
)

func TestTracksAreRecordedAndFetchedByWhoIsLetIn(t *testing.T) {
	room, show := contract.RoomOfLanes(t, true)
	address, in := serve(t, room)
	ask := func(who *http.Client, method, path, kind string, body []byte) (int, http.Header, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, address+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		answer, err := who.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, answer.Header, string(text)
	}
	const sound = "application/octet-stream"
	for what, c := range map[string]struct {
		who    *http.Client
		kind   string
		body   []byte
		status int
	}{
		"a stranger":            {http.DefaultClient, sound, contract.Chunk(), 401},
		"a form":                {in, "text/plain", contract.Chunk(), 415},
		"what is too long":      {in, sound, make([]byte, desk.TrackLimit+1), 413},
		"what cannot be a take": {in, sound, []byte("{}\n"), 400},
		"a chunk":               {in, sound, contract.Chunk(), 200},
	} {
		if status, _, text := ask(c.who, http.MethodPost, "/api/tracks", c.kind, c.body); status != c.status {
			t.Errorf("%s is answered %d %s", what, status, text)
		}
	}
	path := fmt.Sprintf("/api/tracks/%d/%s", show, contract.TrackOf(t, room, show, "host.wav"))
	status, header, wave := ask(in, http.MethodGet, path, "", nil)
	if status != 200 || !strings.HasPrefix(wave, "RIFF") || !strings.HasSuffix(wave, contract.Sound) || !strings.HasSuffix(header.Get("Content-Disposition"), `-host.wav"`) {
		t.Errorf("the track is %d %v %q", status, header, wave)
	}
	if status, _, _ := ask(http.DefaultClient, http.MethodGet, path, "", nil); status != 401 {
		t.Errorf("a stranger has it: %d", status)
	}
	for _, wrong := range []string{path + "x", "/api/tracks/7/a/host.wav", strings.Replace(path, "host.wav", "..%2f..%2fhost.wav", 1)} {
		if status, _, text := ask(in, http.MethodGet, wrong, "", nil); status != 404 {
			t.Errorf("%s is answered %d %s", wrong, status, text)
		}
	}
}

// Only a host's desk that is on the air with its lanes records, and who only looks takes
// nothing away.
func TestWhoMayRecord(t *testing.T) {
	room, show := contract.RoomOfLanes(t, true)
	if _, refused := room.Track(t.Context(), "", contract.Chunk()); refused != nil {
		t.Fatal(refused)
	}
	for what, by := range map[string]call.Desk{
		"a producer's": {Roles: call.Producer, Studios: []call.Studio{""}},
		"another host": {ID: "d", Roles: call.Host, Studios: []call.Studio{""}},
		"one of b":     {Roles: call.Host, Studios: []call.Studio{"b"}},
	} {
		if _, refused := room.Room.Seat(by).Track(t.Context(), "", contract.Chunk()); refused == nil {
			t.Errorf("%s records", what)
		}
	}
	name := contract.TrackOf(t, room, show, "host.wav")
	looks := room.Room.Seat(call.Desk{Studios: []call.Studio{""}})
	if _, refused := looks.OpenTrack(t.Context(), "", show, name); refused == nil || refused.Code != call.CodeNotAllowed {
		t.Errorf("a watcher has a track: %v", refused)
	}
	without, _ := contract.RoomOfLanes(t, false)
	if _, refused := without.Track(t.Context(), "", contract.Chunk()); refused == nil || refused.Code != call.CodePhoneOffLine {
		t.Errorf("where no tracks are recorded: %v", refused)
	}
}
