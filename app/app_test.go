package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWhatCannotBeStartedIsSaidInWords(t *testing.T) {
	data := t.TempDir()
	none := os.DevNull
	with := func(name, setting string) string {
		path := filepath.Join(data, name)
		if err := os.WriteFile(path, []byte(setting), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	unsaid, nowhere := with("unsaid.toml", "show = \"\u200b…\""), with("nowhere.toml", `text_countries = ["us", "UK"]`)
	mars := with("mars.toml", "show = \"Late\"\n\nedge = \"mars\"\nregion = \"us1\"\n")
	for _, c := range []struct {
		name string
		args []string
		page fstest.MapFS
		code int
		says string
	}{
		{"a command that there is not", []string{"explode"}, aPage, 2, `no command "explode"`},
		{"an option that there is not", []string{"station", "--loud"}, aPage, 2, "not understood"},
		{"a word too many", []string{"station", "--data", data, "now"}, aPage, 2, "not understood"},
		{"a build without its page", []string{"station", "--data", data, "--settings", none}, fstest.MapFS{}, 1, "Build and start it with build/run."},
		{"settings that are none", []string{"station", "--data", data, "--settings", data}, aPage, 1, "cannot be read"},
		{"a show that nobody can say", []string{"station", "--data", data, "--settings", unsaid}, aPage, 1, "a name that can be said"},
		{"texts to no country", []string{"station", "--data", data, "--settings", nowhere}, aPage, 1, `no country "UK"`},
		{"an edge that there is not", []string{"station", "--data", data, "--settings", mars}, aPage, 1, "mars.toml, line 3: edge must be"},
		{"settings that are not there", []string{"station", "--data", data, "--settings", filepath.Join(data, "callin.tmol")}, aPage, 1, "no such file"},
		{"settings without a name", []string{"station", "--data", data, "--settings", ""}, aPage, 1, "no file"},
		{"a folder that cannot be", []string{"station", "--data", filepath.Join("app_test.go", "x"), "--settings", none}, aPage, 1, "cannot be made"},
		{"a service that is systemd's", []string{"service", "install"}, aPage, 1, "build/linux/callin.service"},
		{"a desk as a service", []string{"--service", "--data", data}, aPage, 2, "not understood"},
		{"help", []string{"help"}, aPage, 0, "callin station"},
		{"the first bin", []string{"fallback"}, aPage, 0, "<Leave"},
		{"the second bin", []string{"fallback", "https://handler.twilio.com/twiml/EH1"}, aPage, 0, "callin-fallback</Enqueue>"},
		{"no bin", []string{"fallback", "EH1"}, aPage, 2, "https://handler.twilio.com/twiml"},
		{"help, as an option", []string{"--help"}, aPage, 0, "callin station"},
	} {
		var said bytes.Buffer
		code := Main(c.args, World{Stdout: &said, Stderr: &said, Env: func(string) string { return "" }, Page: c.page})
		if code != c.code || !strings.Contains(said.String(), c.says) {
			t.Errorf("%s ends with %d: %s", c.name, code, &said)
		}
	}
}
