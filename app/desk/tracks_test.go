package desk_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/tracks"
)

// Whose data is deleted is in the tracks no more, neither by voice nor by name.
func TestWhoIsForgottenIsTakenOutOfTheTracks(t *testing.T) {
	room, show := contract.RoomOfLanes(t, true)
	room.Tracks.Lanes("", true, []tracks.OnLane{{Lane: 1, Call: contract.Caller, Name: "Ana", State: call.Talking, Since: time.Now().UnixMilli()}})
	if _, refused := room.Track(t.Context(), "", contract.Chunk()); refused != nil {
		t.Fatal(refused)
	}
	read := func(file string) string {
		t.Helper()
		name := contract.TrackOf(t, room, show, file)
		text, refused := room.Operate(t.Context(), desk.Ask{Name: "saveTrack", Body: fmt.Appendf(nil, `{"show":%d,"file":%q}`, show, name)})
		if refused != nil {
			t.Fatal(refused)
		}
		path := strings.TrimSuffix(strings.TrimPrefix(string(text), `{"path":"`), `"}`)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if line := read("timeline.json"); !strings.Contains(line, "Ana") {
		t.Fatalf("the time line is %s", line)
	}
	room.Station.Ended(contract.Caller, "completed")
	if _, refused := room.Operate(t.Context(), desk.Ask{Name: "forget", Body: []byte(`{"number":"+12015550100"}`)}); refused != nil {
		t.Fatal(refused)
	}
	if line := read("timeline.json"); strings.Contains(line, "Ana") || strings.Contains(line, string(contract.Caller)) {
		t.Errorf("the time line is %s", line)
	}
	if wave := read("lane-1.wav"); strings.Contains(wave, contract.Sound) || len(wave) != 44+len(contract.Sound) {
		t.Errorf("the lane's track is %q", wave)
	}
	if wave := read("host.wav"); !strings.HasSuffix(wave, contract.Sound) {
		t.Errorf("the host's is %q", wave)
	}
}
