package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callin/app/update"
)

// What the tool signs is what a desk reads that was stamped with the public half, and the
// key is in none of it.
func TestADeskReadsWhatIsDescribed(t *testing.T) {
	dir := t.TempDir()
	key, notes, installer := filepath.Join(dir, "key"), filepath.Join(dir, "notes"), filepath.Join(dir, "callin_0.3.0_windows_amd64.exe")
	for path, text := range map[string]string{notes: "Callers are heard better.\n\nFaster.\n", installer: "an installer"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var said bytes.Buffer
	if err := run([]string{"-new", key}, &said); err != nil {
		t.Fatal(err)
	}
	public, err := base64.StdEncoding.DecodeString(strings.TrimSpace(said.String()))
	if err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"-new", key}, &said); err == nil {
		t.Error("a key is overwritten")
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key is %v, %v", info, err)
	}
	if err := run([]string{"-key", key, "-version", "0.3.0", "-date", "2026-11-26", "-notes", notes, "-to", dir, installer}, &said); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(filepath.Join(dir, update.Described))
	signature, _ := os.ReadFile(filepath.Join(dir, update.Signed))
	r, err := update.Read(ed25519.PublicKey(public), text, signature)
	if err != nil || r.Version != "0.3.0" || len(r.Notes) != 2 || len(r.Files) != 1 || r.Files[0].Size != 12 || r.Files[0].Kind != update.PerUser || r.Files[0].System != "windows/amd64" {
		t.Errorf("it is described as %+v, %v", r, err)
	}
	for _, wrong := range [][]string{
		{"-key", key, "-version", "0.3", "-to", dir},
		{"-key", notes, "-version", "0.3.0", "-to", dir},
		{"-version", "0.3.0"},
		{"-key", key, "-version", "0.3.0", "-to", dir, notes},
	} {
		if run(wrong, &said) == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
}
