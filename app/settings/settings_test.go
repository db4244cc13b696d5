package settings_test

import (
	"encoding/binary"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"callin/app/settings"
)

func load(t *testing.T, file string, env map[string]string) (settings.Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "callin.toml")
	if file != "" {
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return settings.Load(path, false, "", func(name string) string { return env[name] }, settings.Policy{})
}

func TestWithoutAnySettingsItIsARehearsal(t *testing.T) {
	s, err := load(t, "", nil)
	if err != nil || s.AccountSid != "" {
		t.Fatalf("%+v, %v", s, err)
	}
}

func TestTheEnvironmentLiesOverTheFile(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(secret, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := load(t, "show = \"Late Night\"\naccount_sid = \"AC1\"\npark_seconds = 5\n", map[string]string{
		"TWILIO_AUTH_TOKEN_FILE": secret, "CALLIN_PUBLIC_URL": "https://radio.example.org", "CALLIN_PARK_SECONDS": "7",
		"CALLIN_TEXT_COUNTRIES": "US, CA", "CALLIN_CALLS_PER_NUMBER": "2",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := settings.Settings{
		StudioName: "Studio",
		Show:       "Late Night", AccountSid: "AC1", AuthToken: "from a file",
		PublicURL: "https://radio.example.org", ParkSeconds: 7, WaitSeconds: 30, KeepDays: 365, SorryAfterSeconds: 120,
		TextCountries: []string{"US", "CA"}, CallsPerNumber: 2, Fixed: []string{"account_sid", "auth_token", "public_url"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeReadIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		name, file string
		env        map[string]string
		says       string
	}{
		{"not TOML", "show = \"a\"\nscreens = yes\n", nil, "line 2"},
		{"a wrong type", "\npark_seconds = \"ten\"\n", nil, "line 2"},
		{"an unknown setting", "show = \"a\"\n\nsreens = true\n", nil, "line 3"},
		{"a word for a number", "", map[string]string{"CALLIN_PARK_SECONDS": "ten"}, "CALLIN_PARK_SECONDS"},
		{"a secret's file that is not there", "", map[string]string{"TWILIO_AUTH_TOKEN_FILE": "/nowhere"}, "TWILIO_AUTH_TOKEN_FILE"},
		{"a token without its account", "", map[string]string{"TWILIO_AUTH_TOKEN": "x"}, "account_sid"},
		{"an account without an address", "account_sid = \"AC1\"\nauth_token = \"x\"", nil, "public_url"},
		{"an address with a path of ours", "account_sid = \"AC1\"\nauth_token = \"x\"\npublic_url = \"https://radio.example.org/voice/inbound\"", nil, "without /voice"},
		{"an address that is not safe", "account_sid = \"AC1\"\nauth_token = \"x\"\npublic_url = \"http://radio.example.org\"", nil, "https"},
		{"a rehearsal elsewhere", "account_sid = \"AC1\"\nauth_token = \"x\"\nrehearsal = \"http://evil.example.com\"", nil, "this computer"},
		{"a rehearsal whose name begins well", "account_sid = \"AC1\"\nauth_token = \"x\"\nrehearsal = \"http://127.0.0.1.evil.example\"", nil, "this computer"},
		{"a rehearsal behind a name", "account_sid = \"AC1\"\nauth_token = \"x\"\nrehearsal = \"http://127.0.0.1@evil.example\"", nil, "this computer"},
		{"a number without its account", "number = \"+15550100100\"", nil, "account_sid"},
		{"a secret's file that is empty", "", map[string]string{"TWILIO_ACCOUNT_SID_FILE": os.DevNull}, "TWILIO_ACCOUNT_SID_FILE"},
		{"a PIN of three digits", "pin = \"123\"", nil, "pin must be"},
		{"a PIN of letters", "", map[string]string{"CALLIN_PIN": "abcd"}, "pin must be"},
		{"no time to undo", "park_seconds = 0", nil, "park_seconds"},
		{"calls of less than nobody", "calls_per_number = -1", nil, "calls_per_number"},
		{"metrics where Twilio asks", "voice_port = 8101\nmetrics_port = 8101", nil, "another one than voice_port"},
		{"metrics at no port", "", map[string]string{"CALLIN_METRICS_PORT": "65536"}, "metrics_port"},
		{"a past of less than nothing", "keep_days = -1", nil, "keep_days"},
		{"a limit of less than nothing", "cost_limit = -1", nil, "cost_limit"},
		{"a limit that is no number", "cost_limit = nan", nil, "cost_limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.file, c.env)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error that says %q", err, c.says)
			}
		})
	}
}

// utf16Of is text as Windows calls Unicode.
func utf16Of(order binary.AppendByteOrder, mark bool, text string) string {
	var b []byte
	if mark {
		b = order.AppendUint16(b, 0xfeff)
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// What systemd hands over is for whom neither the file nor the environment tells.
func TestSecretsComeFromTheServiceManagerToo(t *testing.T) {
	dir := t.TempDir()
	for name, value := range map[string]string{"auth_token": "handed over\n", "pin": "2468"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(value), 0o400); err != nil {
			t.Fatal(err)
		}
	}
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("named"), 0o600); err != nil {
		t.Fatal(err)
	}
	account := "account_sid = \"AC1\"\npublic_url = \"https://radio.example.org\"\n"
	for name, c := range map[string]struct {
		file       string
		env        map[string]string
		token, pin string
	}{
		"nothing else":         {"", nil, "handed over", "2468"},
		"the file":             {"auth_token = \"in the file\"\n", nil, "in the file", "2468"},
		"a _FILE variable":     {"", map[string]string{"TWILIO_AUTH_TOKEN_FILE": token}, "named", "2468"},
		"both":                 {"pin = \"1357\"\n", map[string]string{"TWILIO_AUTH_TOKEN": "x"}, "x", "1357"},
		"no folder of secrets": {"", map[string]string{"CREDENTIALS_DIRECTORY": t.TempDir()}, "", ""},
	} {
		env := map[string]string{"CREDENTIALS_DIRECTORY": dir}
		maps.Copy(env, c.env)
		s, err := load(t, account+c.file, env)
		if err != nil || s.AuthToken != c.token || s.Pin != c.pin {
			t.Errorf("%s: %q, %q, %v", name, s.AuthToken, s.Pin, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "pin"), []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, account, map[string]string{"CREDENTIALS_DIRECTORY": dir}); err == nil || !strings.Contains(err.Error(), "LoadCredential=pin") {
		t.Errorf("an empty one: %v", err)
	}
}

func TestTextOfEveryEditorIsReadOrRefusedByItsName(t *testing.T) {
	secret := func(content string) map[string]string {
		path := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return map[string]string{"CALLIN_SHOW_FILE": path}
	}
	for _, c := range []struct {
		name  string
		read  bool
		write func(string) string
	}{
		{"UTF-8", true, func(s string) string { return s }},
		{"UTF-8 with a mark", true, func(s string) string { return "\ufeff" + s }},
		{"UTF-16, little end first", true, func(s string) string { return utf16Of(binary.LittleEndian, true, s) }},
		{"UTF-16, big end first", true, func(s string) string { return utf16Of(binary.BigEndian, true, s) }},
		{"UTF-16, little end first, no mark", false, func(s string) string { return utf16Of(binary.LittleEndian, false, s) }},
		{"UTF-16, big end first, no mark", false, func(s string) string { return utf16Of(binary.BigEndian, false, s) }},
		{"UTF-16 that is cut off", false, func(s string) string { return utf16Of(binary.LittleEndian, true, s) + "x" }},
		{"Windows-1252", false, func(s string) string { return strings.NewReplacer("é", "\xe9", " 🎙", "").Replace(s) }},
	} {
		for where, asked := range map[string]func() (settings.Settings, error){
			"the file":        func() (settings.Settings, error) { return load(t, c.write("show = \"Café 🎙\"\r\n"), nil) },
			"a secret's file": func() (settings.Settings, error) { return load(t, "", secret(c.write("Café 🎙"))) },
		} {
			s, err := asked()
			if c.read && (err != nil || s.Show != "Café 🎙") || !c.read && (err == nil || !strings.Contains(err.Error(), "Save it as UTF-8")) {
				t.Errorf("%s as %s: %q, %v", where, c.name, s.Show, err)
			}
		}
	}
}

func TestWhatIsKeptAndCannotBeReadIsSetAside(t *testing.T) {
	for _, damaged := range []string{"", "   ", "{", `{"desk_port":`, "null", "[]", `"text"`, `{"desk_port":"eight"}`, "\x00\x00\x00\x00", `{"desk_port":1}{`} {
		dir := t.TempDir()
		path := filepath.Join(dir, "kept.json")
		if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if k, err := settings.LoadKept(dir); !errors.Is(err, settings.ErrDamaged) {
			t.Errorf("%q is read as %+v, %v", damaged, k, err)
			continue
		}
		aside, err := settings.SetKeptAside(dir, time.Now())
		if err != nil {
			t.Errorf("%q: %v", damaged, err)
		}
		if old, err := os.ReadFile(aside); err != nil || string(old) != damaged {
			t.Errorf("%q was set aside as %q, %v", damaged, old, err)
		}
		if _, err := settings.LoadKept(dir); err != nil {
			t.Errorf("%q, and then: %v", damaged, err)
		}
	}
}

func TestWhatIsKeptIsForTheOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	first, err := settings.LoadKept(dir)
	if err != nil {
		t.Fatal(err)
	}
	first.DeskPort, first.Sessions = 8123, []string{"a", "b"}
	if err := first.Save(dir); err != nil {
		t.Fatal(err)
	}
	again, err := settings.LoadKept(dir)
	if diff := cmp.Diff(first, again); err != nil || diff != "" {
		t.Errorf("what is read of what was kept: %v\n%s", err, diff)
	}
	if info, err := os.Stat(filepath.Join(dir, "kept.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

// An address is kept as it is compared, however a person writes it.
func TestThePublicAddressIsPutRight(t *testing.T) {
	for written, is := range map[string]string{
		"https://Radio.Example.ORG/":           "https://radio.example.org",
		"HTTPS://radio.example.org:443":        "https://radio.example.org",
		"https://radio.example.org:8443/Desk/": "https://radio.example.org:8443/Desk",
	} {
		path := filepath.Join(t.TempDir(), "callin.toml")
		text := "account_sid = \"AC1\"\nauth_token = \"x\"\npublic_url = \"" + written + "\""
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := settings.Load(path, true, "", func(string) string { return "" }, settings.Policy{})
		if err != nil || s.PublicURL != is {
			t.Errorf("%s became %s, %v", written, s.PublicURL, err)
		}
	}
}
