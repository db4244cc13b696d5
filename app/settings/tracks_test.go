package settings_test

import (
	"strings"
	"testing"
)

// Tracks are one for each lane: without lanes there is nothing to be recorded, and that is said.
func TestTracksNeedLanes(t *testing.T) {
	for _, c := range []struct {
		file   string
		env    map[string]string
		first  bool
		second bool
		wrong  string
	}{
		{file: "lanes = 3"},
		{file: "lanes = 3\ntracks = true", first: true},
		{file: "lanes = 3", env: map[string]string{"CALLIN_TRACKS": "true"}, first: true},
		{file: "lanes = 3\ntracks = true", env: map[string]string{"CALLIN_TRACKS": "false"}},
		{file: "[[studios]]\nid = \"b\"\nname = \"B\"\nshow = \"Two\"\nlanes = 2\ntracks = true", second: true},
		{file: "tracks = true", wrong: "tracks needs lanes"},
		{file: "lanes = 1\ntracks = true", wrong: "tracks needs lanes"},
		{file: "lanes = 3", env: map[string]string{"CALLIN_TRACKS": "yes"}, wrong: "CALLIN_TRACKS: This must be true or false"},
		{file: "[[studios]]\nid = \"b\"\nname = \"B\"\nshow = \"Two\"\ntracks = true", wrong: `The studio "b" must have 2 lanes`},
	} {
		s, err := load(t, c.file, c.env)
		switch {
		case c.wrong != "":
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%q, %v: %v, want %q", c.file, c.env, err, c.wrong)
			}
		case err != nil, s.Tracks != c.first, len(s.Studios) > 0 && s.Studios[0].Tracks != c.second:
			t.Errorf("%q, %v: %t %+v, %v", c.file, c.env, s.Tracks, s.Studios, err)
		}
	}
}
