package window

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
)

// What the page of a window records goes to the station's disk, wherever that is, and comes
// to this computer's.
func TestTracksAreRecordedThroughTheWindow(t *testing.T) {
	for where, by := range map[string]func(desk.Seat) desk.Backend{
		"here":      func(room desk.Seat) desk.Backend { return room },
		"elsewhere": func(room desk.Seat) desk.Backend { return elsewhere(t, room) },
	} {
		t.Run(where, func(t *testing.T) {
			room, show := contract.RoomOfLanes(t, true)
			at := by(room)
			d := newDoor(t.Context(), at, Options{}, shell{})
			defer d.close()
			track := func(chunk string) (kept map[string]any, refused *call.Error) {
				var got struct {
					OK    map[string]any
					Error *call.Error
				}
				if text := d.Track("", chunk); json.Unmarshal([]byte(text), &got) != nil {
					t.Fatalf("it answers %q", text)
				}
				return got.OK, got.Error
			}
			if kept, refused := track(base64.StdEncoding.EncodeToString(contract.Chunk())); refused != nil || kept["run"] != "run" {
				t.Fatalf("a chunk is answered %v, %v", kept, refused)
			}
			for what, chunk := range map[string]string{
				"no base 64": "%", "too long": strings.Repeat("A", 2*desk.TrackLimit), "no chunk": "AAAA",
			} {
				if _, refused := track(chunk); refused == nil || !strings.HasSuffix(refused.Message, ".") {
					t.Errorf("%s is answered %v", what, refused)
				}
			}
			name := contract.TrackOf(t, at, show, "lane-1.wav")
			text := d.Operate("", "saveTrack", fmt.Sprintf(`{"show":%d,"file":%q}`, show, name))
			var got struct{ OK desk.Saved }
			if json.Unmarshal([]byte(text), &got) != nil || got.OK.Path == "" {
				t.Fatalf("saving answers %s", text)
			}
			if wave, err := os.ReadFile(got.OK.Path); err != nil || !strings.HasSuffix(string(wave), contract.Sound) || !strings.HasPrefix(string(wave), "RIFF") {
				t.Errorf("%s has %q, %v", got.OK.Path, wave, err)
			}
			for _, file := range []string{"../x.wav", "x/../../x.wav", name + "x"} {
				if text := d.Operate("", "saveTrack", fmt.Sprintf(`{"show":%d,"file":%q}`, show, file)); !strings.Contains(text, "no_such_track") {
					t.Errorf("%s is answered %s", file, text)
				}
			}
		})
	}
}
