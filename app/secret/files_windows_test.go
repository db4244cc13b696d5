package secret_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"callin/app/secret"
)

// A copy of the file says nothing elsewhere.
func TestAFileIsSealed(t *testing.T) {
	dir := t.TempDir()
	if err := secret.InFiles(dir).Set(secret.Tunnel, "hush hush"); err != nil {
		t.Fatal(err)
	}
	sealed, err := os.ReadFile(filepath.Join(dir, "secrets", "tunnel.token"))
	if err != nil || bytes.Contains(sealed, []byte("hush")) {
		t.Errorf("it is %q, %v", sealed, err)
	}
	if got, err := secret.InFiles(dir).Get(secret.Tunnel); got != "hush hush" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
