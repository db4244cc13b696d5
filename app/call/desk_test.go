package call_test

import (
	"encoding/json"
	"testing"

	"callin/app/call"
)

func TestRolesAreReadAsTheyWereWritten(t *testing.T) {
	for text, want := range map[string]call.Roles{
		`["watcher"]`: call.Watcher, `["host"]`: call.Host, `["host","producer"]`: call.Host | call.Producer,
		`["host","producer","manager"]`: call.Host | call.Producer | call.Manager,
	} {
		var got call.Roles
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %v, %v", text, got.Names(), err)
		}
		if back, err := json.Marshal(want); err != nil || string(back) != text {
			t.Errorf("%v is written as %s, %v", want.Names(), back, err)
		}
	}
	for _, text := range []string{`[]`, `["boss"]`, `["host","watcher"]`, `"host"`, `3`, `["Host"]`} {
		var got call.Roles
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s was read as %v", text, got.Names())
		}
	}
}
