package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"callin/app/call"
)

// Source opens a file of what is offered, by its name. An error of the kind *call.Error
// has words for a person.
type Source func(ctx context.Context, name string) (io.ReadCloser, error)

// ErrNone: nothing is offered there.
var ErrNone = errors.New("no updates are offered")

const (
	dialWithin   = 5 * time.Second
	answerWithin = 15 * time.Second
)

// At is what an address offers. A redirect to elsewhere is refused: whoever is named in
// the settings is asked, and nobody else.
func At(address string) Source {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: dialWithin}).DialContext
	transport.TLSHandshakeTimeout, transport.ResponseHeaderTimeout = dialWithin, answerWithin
	transport.DisableKeepAlives = true // it is asked once a day
	client := &http.Client{
		Transport: transport,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if r.URL.Scheme != via[0].URL.Scheme || r.URL.Host != via[0].URL.Host || len(via) > 3 {
				return errElsewhere
			}
			return nil
		},
	}
	return func(ctx context.Context, name string) (io.ReadCloser, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(address, "/")+"/"+url.PathEscape(name), nil)
		if err != nil {
			return nil, fmt.Errorf("update: %w", err)
		}
		answer, err := client.Do(r)
		switch {
		case errors.Is(err, errElsewhere):
			return nil, errElsewhere
		case err != nil:
			return nil, fmt.Errorf("update: %w", err)
		case answer.StatusCode == http.StatusOK:
			return answer.Body, nil
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusNotFound {
			return nil, ErrNone
		}
		return nil, fmt.Errorf("update: %s", answer.Status)
	}
}

var errElsewhere error = refuse("The address for updates leads elsewhere, where nothing is fetched from. Set updates to the address that has the files itself.")

// In is what lies in a folder.
func In(dir string) Source {
	return func(_ context.Context, name string) (io.ReadCloser, error) {
		f, _, err := Open(dir, name)
		return f, err
	}
}

// Open opens a file that lies in a folder itself, with its size: no other file of the
// computer, whatever the name, and wherever a link leads.
func Open(dir, name string) (*os.File, int64, error) {
	if !FileName.MatchString(name) {
		return nil, 0, ErrNone
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, 0, ErrNone
	}
	defer root.Close()
	if info, err := root.Stat(name); err != nil || !info.Mode().IsRegular() { // before it is opened: that of a pipe waits
		return nil, 0, ErrNone
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, 0, ErrNone
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > LongestFile {
		f.Close()
		return nil, 0, ErrNone
	}
	return f, info.Size(), nil
}

// words says why something could not be fetched.
func words(err error) *call.Error {
	var said *call.Error
	var slow net.Error
	switch {
	case errors.As(err, &said):
		return said
	case errors.Is(err, ErrNone):
		return refuse("No updates are offered there.")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &slow) && slow.Timeout():
		return refuse("Whoever offers updates did not answer in time. Try again later.")
	}
	return refuse("Whoever offers updates is not reached. See that this PC has a network, then try again.")
}
