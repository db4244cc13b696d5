package settings_test

import (
	"strings"
	"testing"

	"callin/app/settings"
)

// Isolated tracks are one for each lane, and the last lane is shared where there is one before it: without lanes both
// are a mistake, and that is said.
func TestWhatNeedsLanes(t *testing.T) {
	for setting, of := range map[string]func(settings.Settings) (first, second bool){
		"tracks": func(s settings.Settings) (bool, bool) {
			return s.Tracks, len(s.Studios) > 0 && s.Studios[0].Tracks
		},
		"shared_lane": func(s settings.Settings) (bool, bool) {
			return s.SharedLane, len(s.Studios) > 0 && s.Studios[0].SharedLane
		},
	} {
		on, variable := setting+" = true", "CALLIN_"+strings.ToUpper(setting)
		const b = "[[studios]]\nid = \"b\"\nname = \"B\"\nshow = \"Two\"\n"
		for _, c := range []struct {
			file   string
			env    map[string]string
			first  bool
			second bool
			wrong  string
		}{
			{file: "lanes = 3"},
			{file: "lanes = 3\n" + on, first: true},
			{file: "lanes = 3", env: map[string]string{variable: "true"}, first: true},
			{file: "lanes = 3\n" + on, env: map[string]string{variable: "false"}},
			{file: b + "lanes = 2\n" + on, second: true},
			{file: on, wrong: setting + " needs lanes"},
			{file: "lanes = 1\n" + on, wrong: setting + " needs lanes"},
			{file: "lanes = 3", env: map[string]string{variable: "yes"}, wrong: variable + ": This must be true or false"},
			{file: b + on, wrong: `The studio "b" must have 2 lanes`},
		} {
			s, err := load(t, c.file, c.env)
			first, second := of(s)
			switch {
			case c.wrong != "":
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("%q, %v: %v, want %q", c.file, c.env, err, c.wrong)
				}
			case err != nil, first != c.first, second != c.second:
				t.Errorf("%q, %v: %t and %t, %v", c.file, c.env, first, second, err)
			}
		}
	}
}
