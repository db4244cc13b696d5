package settings_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"callin/app/settings"
)

func TestTheDoorsSettings(t *testing.T) {
	s, err := load(t, `door = "0.0.0.0:8443"
door_hosts = ["Desk.Example.org "]
door_acme = "letsencrypt"`, nil)
	want := settings.Door{Address: "0.0.0.0:8443", Hosts: []string{"desk.example.org"}, ACME: settings.LetsEncrypt}
	if diff := cmp.Diff(want, s.Door); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}
	for _, text := range []string{
		``, `door = ":8443"`, `door = "[::]:443"`, `door = "192.168.1.20:8443"`,
		"door = \":443\"\ndoor_certificate = \"/etc/a.pem\"\ndoor_key = \"/etc/b.pem\"\ndoor_hosts = [\"a.example.org\", \"192.168.1.20\"]",
		"door = \"127.0.0.1:8443\"\ndoor_proxies = [\"127.0.0.1\"]\ndoor_hosts = [\"desk.example.org\"]",
		"door = \":443\"\ndoor_acme = \"https://acme.example.org/directory\"\ndoor_hosts = [\"desk.example.org\"]",
	} {
		if _, err := load(t, text, nil); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, says := range map[string]string{
		`door_hosts = ["a"]`:                             "door is missing",
		`door_acme = "x"`:                                "door is missing",
		`door = "8443"`:                                  "door must be an address",
		`door = "studio:8443"`:                           "door must be an address",
		`door = "0.0.0.0:0"`:                             "door must be an address",
		`door = "0.0.0.0:70000"`:                         "door must be an address",
		"door = \":443\"\ndoor_certificate = \"/a.pem\"": "go together",
		"door = \":443\"\ndoor_certificate = \"a.pem\"\ndoor_key = \"b.pem\"":                        "whole paths",
		"door = \":443\"\ndoor_certificate = \"/a\"\ndoor_key = \"/b\"\ndoor_acme = \"letsencrypt\"": "two ways",
		"door = \":443\"\ndoor_acme = \"yes\"\ndoor_hosts = [\"a.example.org\"]":                     "door_acme must be",
		"door = \":443\"\ndoor_acme = \"letsencrypt\"":                                               "one name",
		"door = \":8443\"\ndoor_proxies = [\"127.0.0.1\"]\ndoor_hosts = [\"a.example.org\"]":         "only this computer",
		"door = \"127.0.0.1:8443\"\ndoor_proxies = [\"127.0.0.1\"]":                                  "door_hosts is missing",
		"door = \":8443\"\ndoor_hosts = [\"https://desk.example.org\"]":                              "names or addresses alone",
		"door = \":8443\"\ndoor_hosts = [\"desk.example.org:8443\"]":                                 "names or addresses alone",
		"door = \":8443\"\ndoor_hosts = [\"\"]":                                                      "names or addresses alone",
	} {
		if _, err := load(t, text, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}
