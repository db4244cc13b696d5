// Package update brings a newer Callin to the PC that a desk runs on: what is said of
// a release and who has signed it, where it is fetched from, and how it takes the place
// of the one that runs. A release is described in updates.json; updates.json.sig signs
// those bytes with a key whose public half is built in. Nothing runs before signature,
// size and hash were seen to be right and the version to be newer.
//
// Updates is what a desk says and does while it runs. From then on a copy of the old
// program does the rest (Apply): it keeps the program's files, runs the installer, starts
// the new desk, and puts the old files back if that does not come up. What it is about to
// do is on disk before it is done, so that whoever starts next can go on (Begin).
package update

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"callin/app/call"
)

// Described and Signed are the names of what says which release there is, and of its
// signature.
const (
	Described = "updates.json"
	Signed    = "updates.json.sig"
)

// Release is a version of Callin that can be had.
type Release struct {
	Version string `json:"version"`
	Date    string `json:"date"` // such as 2026-11-26
	// Notes are what is new, a plain line each.
	Notes []string `json:"notes"`
	Files []File   `json:"files"`
}

// File is one of a release's files.
type File struct {
	Name string `json:"name"`
	// System is Go's words for where it runs, such as windows/amd64, and Kind what it
	// is there: per-user for an installer that needs no administrator.
	System string `json:"system"`
	Kind   string `json:"kind"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// PerUser is the kind of an install that updates itself.
const PerUser = "per-user"

// LongestFile is how many bytes a file of a release has at most.
const LongestFile = 512 << 20

// longestDescription is how much is read of a description, or of its signature.
const longestDescription = 256 << 10

// FileName is what a file of a release may be called, so that its name is no way to
// another folder, on any system.
var FileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~+-]{0,99}$`)

var aHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Sign describes a release for Read: the bytes of Described and of Signed.
func Sign(key ed25519.PrivateKey, r Release) (text, signature []byte, err error) {
	if text, err = json.MarshalIndent(r, "", "  "); err != nil {
		return nil, nil, fmt.Errorf("update: %w", err)
	}
	text = append(text, '\n')
	signature = []byte(base64.StdEncoding.EncodeToString(ed25519.Sign(key, text)) + "\n")
	if _, err := Read(key.Public().(ed25519.PublicKey), text, signature); err != nil {
		return nil, nil, err
	}
	return text, signature, nil
}

// Read is the release that text describes, if the key's owner has signed it.
func Read(key ed25519.PublicKey, text, signature []byte) (r Release, err error) {
	signed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(signature)))
	if err != nil || !ed25519.Verify(key, text, signed) {
		return r, refuse("What describes the newest Callin is not signed by who made this one, so it was not used. Tell who looks after updates.")
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return Release{}, unreadable
	}
	if _, ok := parse(r.Version); !ok {
		return Release{}, unreadable
	}
	for _, f := range r.Files {
		if !FileName.MatchString(f.Name) || !aHash.MatchString(f.SHA256) || f.Size <= 0 || f.Size > LongestFile {
			return Release{}, unreadable
		}
	}
	return r, nil
}

var unreadable = refuse("What describes the newest Callin cannot be read, so it was not used. Tell who looks after updates.")

// file is the one for a kind of install on a system; false when there is none.
func (r Release) file(system, kind string) (File, bool) {
	for _, f := range r.Files {
		if f.System == system && f.Kind == kind {
			return f, true
		}
	}
	return File{}, false
}

// newer reports whether version a comes after b. What is no number of a release is
// neither newer nor older.
func newer(a, b string) bool {
	of, okay := parse(a)
	than, ok := parse(b)
	if !ok || !okay {
		return false
	}
	for i := range of {
		if of[i] != than[i] {
			return of[i] > than[i]
		}
	}
	return false
}

// parse are the three numbers of a release's version.
func parse(version string) (numbers [3]int, ok bool) {
	parts := strings.Split(version, ".")
	if len(parts) != len(numbers) {
		return numbers, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return numbers, false
		}
		numbers[i] = int(n)
	}
	return numbers, true
}

func refuse(words string) *call.Error { return &call.Error{Code: call.CodeUpdate, Message: words} }
