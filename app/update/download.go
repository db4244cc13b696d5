package update

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Limits are how long what is asked for may take.
type Limits struct {
	// Describe is for both files that describe a release, Silence for a download that
	// brings nothing, and Download for the whole of it.
	Describe, Silence, Download time.Duration
}

var usual = Limits{Describe: 20 * time.Second, Silence: 20 * time.Second, Download: 30 * time.Minute}

// describe asks which release is offered.
func describe(ctx context.Context, from Source, key ed25519.PublicKey, within Limits) (Release, error) {
	ctx, cancel := context.WithTimeout(ctx, within.Describe)
	defer cancel()
	text, err := small(ctx, from, Described)
	if err != nil {
		return Release{}, err
	}
	signature, err := small(ctx, from, Signed)
	if errors.Is(err, ErrNone) {
		signature, err = nil, nil // which signs nothing
	}
	if err != nil {
		return Release{}, err
	}
	return Read(key, text, signature)
}

func small(ctx context.Context, from Source, name string) ([]byte, error) {
	r, err := from(ctx, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	defer context.AfterFunc(ctx, func() { r.Close() })()
	text, err := io.ReadAll(io.LimitReader(r, longestDescription+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("update: %w", err)
	case len(text) > longestDescription:
		return nil, unreadable
	}
	return text, nil
}

// partFile is what is being downloaded: it becomes the file itself once it is known to
// be that.
const partFile = "download.part"

// download brings a file of a release into a folder, and returns its path. What is not
// as described is not left there.
func download(ctx context.Context, from Source, f File, dir string, within Limits) (path string, err error) {
	ctx, cancel := context.WithTimeout(ctx, within.Download)
	defer cancel()
	silence := time.AfterFunc(within.Silence, cancel)
	defer silence.Stop()
	r, err := from(ctx, f.Name)
	if errors.Is(err, ErrNone) {
		return "", refuse("The file " + f.Name + " of the newer Callin is not there yet. Try again later.")
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	defer context.AfterFunc(ctx, func() { r.Close() })()
	part := filepath.Join(dir, partFile)
	to, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", noRoom(dir)
	}
	defer os.Remove(part) // not there any more once it is renamed
	defer to.Close()
	sum := sha256.New()
	awake := &heard{r, func() { silence.Reset(within.Silence) }}
	n, err := io.Copy(onDisk{io.MultiWriter(to, sum)}, io.LimitReader(awake, f.Size+1))
	var full *diskError
	switch {
	case errors.As(err, &full):
		return "", noRoom(dir)
	case err != nil && ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return "", fmt.Errorf("update: %w", err)
	case n > f.Size:
		return "", refuse("What was downloaded is longer than the newer Callin is, so it was deleted. Tell who looks after updates.")
	case n < f.Size:
		return "", refuse("The download was cut off, so it was deleted. Try again.")
	case hex.EncodeToString(sum.Sum(nil)) != f.SHA256:
		return "", refuse("What was downloaded is not the newer Callin that was described, so it was deleted. Tell who looks after updates.")
	}
	path = filepath.Join(dir, f.Name)
	if err := errors.Join(to.Sync(), to.Chmod(0o700), to.Close(), os.Rename(part, path)); err != nil {
		return "", noRoom(dir)
	}
	return path, nil
}

func noRoom(dir string) error {
	return refuse("The newer Callin cannot be kept in " + dir + ". Free some space and see that Callin may write there, then try again.")
}

// heard tells when something was read.
type heard struct {
	io.Reader
	tell func()
}

func (h *heard) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	if n > 0 {
		h.tell()
	}
	return n, err
}

// onDisk tells an error of the disk from one of who sends.
type onDisk struct{ io.Writer }

type diskError struct{ error }

func (w onDisk) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if err != nil {
		return n, &diskError{err}
	}
	return n, nil
}
