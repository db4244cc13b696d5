package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/picture"
	"callin/app/tracks"
)

// Sound is what a track of Chunk has, as bytes.
const Sound = "12345678"

// Chunk is a chunk of isolated tracks as a page sends it: of the host's and the first lane's.
func Chunk() []byte {
	head, _ := json.Marshal(map[string]any{
		"take": "aaaaaaaa", "number": 1, "rate": 8000, "from": 0, "at": 0, "frames": len(Sound) / 2, "ago": 0, "tracks": []int{0, 1}, "host": true,
	})
	return append(head, "\n"+Sound+Sound...)
}

// RoomOfLanes is a room in which Desk is on the air with two lanes, whose tracks are
// recorded, or not. show is its show.
func RoomOfLanes(t testing.TB, recorded bool) (room desk.Seat, show int64) {
	t.Helper()
	lanes := call.Studio("").Lanes(2)
	room = roomOf(t, picture.Studio{Lanes: lanes, Show: picture.Show{Name: "Contract", ParkMs: 1000, Tracks: recorded}})
	stand(t, room.Station, "")
	editions, err := room.Record.Editions(context.Background(), "")
	if err != nil || len(editions) != 1 {
		t.Fatalf("the shows are %v, %v", editions, err)
	}
	e := editions[0]
	room.Tracks = tracks.New("run", tracks.Options{
		Dir: t.TempDir(), Now: func() int64 { return time.Now().UnixMilli() }, Free: func(string) (uint64, error) { return 1 << 40, nil },
		Show: func(context.Context, call.Studio) (tracks.Show, error) {
			return tracks.Show{Number: e.Show, Opened: e.Opened, Lanes: len(lanes)}, nil
		},
		Tell: func(tracks.Status) {}, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(room.Tracks.Close)
	return room, e.Show
}

// TrackOf is what a track of a show is called.
func TrackOf(t testing.TB, at desk.Backend, show int64, file string) string {
	t.Helper()
	text, refused := at.Operate(context.Background(), desk.Ask{Name: "tracks", Body: fmt.Appendf(nil, `{"show":%d}`, show)})
	var of desk.TracksOf
	if refused != nil || json.Unmarshal(text, &of) != nil || len(of.Files) != 6 {
		t.Fatalf("the tracks are %s, %v", text, refused)
	}
	for _, track := range of.Files {
		if len(track.Name) > len(file) && track.Name[len(track.Name)-len(file):] == file {
			return track.Name
		}
	}
	t.Fatalf("no %s in %v", file, of)
	return ""
}
