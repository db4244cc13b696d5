package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callin/app/settings"
)

func TestWhereAStationElsewhereIs(t *testing.T) {
	for text, want := range map[string]string{
		"https://Callin.Example.org/": "https://callin.example.org", "https://callin.example.org:443": "https://callin.example.org",
		"192.168.1.20:8443": "https://192.168.1.20:8443", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
		// What would go there in the clear, or to somebody else than the eye reads.
		"http://callin.example.org": "", "http://127.0.0.1.evil.example": "", "https://callin.example.org@evil.example": "",
		"https://callin.example.org/path": "", "https://callin.example.org?a=b": "", "ftp://callin.example.org": "", "https://": "", "": "",
	} {
		got, err := settings.StationAddress(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
	s, err := load(t, `station = "https://Callin.example.org/"`, nil)
	if err != nil || s.Station != "https://callin.example.org" {
		t.Errorf("%q, %v", s.Station, err)
	}
}

// A desk elsewhere holds no account's secret, and is no station.
func TestADeskElsewhereHasNoAccount(t *testing.T) {
	for _, further := range []string{
		"", "account_sid = \"AC1\"\nauth_token = \"x\"", "auth_token = \"x\"", "number = \"+15550100100\"", "door = \"0.0.0.0:8443\"",
		"rehearsal = \"http://127.0.0.1:1\"", "public_url = \"https://callin.example.org\"",
	} {
		_, err := load(t, "station = \"https://callin.example.org\"\n"+further, nil)
		if (err == nil) != (further == "") || err != nil && !strings.Contains(err.Error(), "Remove station") {
			t.Errorf("with %q: %v", further, err)
		}
	}
	if _, err := load(t, `station = "callin.example.org/desk"`, nil); err == nil || !strings.Contains(err.Error(), "station must be an address") {
		t.Errorf("an address that is none: %v", err)
	}
}

func TestAPairingIsKeptForTheOwnerOnlyAndRefusedWhenDamaged(t *testing.T) {
	dir := t.TempDir()
	if p, err := settings.LoadPaired(dir); p != nil || err != nil {
		t.Fatalf("of nothing: %+v, %v", p, err)
	}
	want := settings.Paired{Station: "https://callin.example.org", Pin: "sha256//x", Secret: "s", Name: "Radio", Desk: "Kate's PC", Rehearsal: true}
	if err := want.Save(dir); err != nil {
		t.Fatal(err)
	}
	if got, err := settings.LoadPaired(dir); err != nil || *got != want {
		t.Errorf("%+v, %v", got, err)
	}
	path := filepath.Join(dir, "station.json")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for _, text := range []string{"", "null", "{}", `{"station":"https://callin.example.org"`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if p, err := settings.LoadPaired(dir); p != nil || err == nil || !strings.Contains(err.Error(), "pair the PC again") {
			t.Errorf("of %q: %+v, %v", text, p, err)
		}
	}
}
