// Command release describes a release for desks that update themselves, and signs that:
// it writes updates.json and updates.json.sig. Both go where desks look, with the files
// that they name: a station's folder updates, or an address.
//
//	go run ./build/release -new FILE                      makes a key
//	go run ./build/release -key FILE -public              prints its public half, as a build is stamped with it
//	go run ./build/release -key FILE -version 0.3.0 -date 2026-11-26 -notes FILE -to DIR FILE…
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"callin/app/update"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	fresh := flags.String("new", "", "a file for a new key, which only its owner can read")
	from := flags.String("key", "", "the file of the key")
	public := flags.Bool("public", false, "print the public half of the key")
	version := flags.String("version", "", "the release's, such as 0.3.0")
	date := flags.String("date", "", "its day, such as 2026-11-26")
	notes := flags.String("notes", "", "a file with what is new, a line each")
	to := flags.String("to", "", "the folder for what is written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *fresh != "" {
		return newKey(*fresh, out)
	}
	key, err := readKey(*from)
	if err != nil {
		return err
	}
	if *public {
		fmt.Fprintln(out, publicHalf(key))
		return nil
	}
	r := update.Release{Version: *version, Date: *date}
	if *notes != "" {
		text, err := os.ReadFile(*notes)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" {
				r.Notes = append(r.Notes, line)
			}
		}
	}
	for _, path := range flags.Args() {
		f, err := describe(path)
		if err != nil {
			return err
		}
		r.Files = append(r.Files, f)
	}
	text, signature, err := update.Sign(key, r)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(*to, update.Described), text, 0o644),
		os.WriteFile(filepath.Join(*to, update.Signed), signature, 0o644),
	)
}

// newKey makes a key in a file that is not there yet: the old one's desks would trust no
// other.
func newKey(path string, out io.Writer) error {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, base64.StdEncoding.EncodeToString(key.Seed()))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	fmt.Fprintln(out, publicHalf(key))
	return nil
}

func readKey(path string) (ed25519.PrivateKey, error) {
	if path == "" {
		return nil, errors.New("name the file of the key with -key")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s is no key of -new", path)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func publicHalf(key ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}

// kinds are the kinds of files and where they run, by the ends of their names, as
// build/package gives them.
var kinds = []struct{ end, system, kind string }{
	{".exe", "windows/amd64", update.PerUser}, // installs for the user who runs it, unless told otherwise
	{".msi", "windows/amd64", "msi"},
	{"_windows_amd64.zip", "windows/amd64", "zip"},
	{"_amd64.deb", "linux/amd64", "deb"},
	{"_arm64.deb", "linux/arm64", "deb"},
}

func describe(path string) (update.File, error) {
	f := update.File{Name: filepath.Base(path)}
	for _, k := range kinds {
		if f.Kind == "" && strings.HasSuffix(f.Name, k.end) {
			f.System, f.Kind = k.system, k.kind
		}
	}
	if f.Kind == "" {
		return f, fmt.Errorf("%s is of no kind that desks know", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return f, err
	}
	defer file.Close()
	sum := sha256.New()
	if f.Size, err = io.Copy(sum, file); err != nil {
		return f, err
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return f, nil
}
