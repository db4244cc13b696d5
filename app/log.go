package app

import (
	"bytes"
	"io"
	"slices"
	"sync"
)

// veil writes to another writer and hides what hide is told of, wherever it
// turns up in what is written at once, such as a line of the log.
type veil struct {
	to io.Writer

	mu     sync.Mutex
	hidden []string // the longest first
}

var veiled = []byte("[hidden]")

// hide keeps secrets from what is written from now on.
func (v *veil) hide(secrets ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, s := range secrets {
		if s != "" && !slices.Contains(v.hidden, s) {
			v.hidden = append(v.hidden, s)
		}
	}
	slices.SortFunc(v.hidden, func(a, b string) int { return len(b) - len(a) })
}

func (v *veil) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	text := p
	for _, secret := range v.hidden {
		text = without(text, []byte(secret))
	}
	if _, err := v.to.Write(text); err != nil {
		return 0, err
	}
	return len(p), nil
}

const digits = "0123456789"

// without is text with a secret hidden in it. Digits within other digits are
// another number: a PIN of four digits stands in many telephone numbers.
func without(text, secret []byte) []byte {
	if len(bytes.Trim(secret, digits)) > 0 {
		return bytes.ReplaceAll(text, secret, veiled)
	}
	digit := func(at int) bool { return at >= 0 && at < len(text) && '0' <= text[at] && text[at] <= '9' }
	var out []byte
	for from := 0; ; {
		at := bytes.Index(text[from:], secret)
		if at < 0 {
			return append(out, text[from:]...)
		}
		at += from
		if digit(at-1) || digit(at+len(secret)) {
			out, from = append(out, text[from:at+1]...), at+1
			continue
		}
		out, from = append(append(out, text[from:at]...), veiled...), at+len(secret)
	}
}
