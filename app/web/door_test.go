package web_test

import (
	"io"
	"net/http"
	"sync/atomic"
	"testing"
)

// counted is a body without an end in sight.
type counted struct{ read atomic.Int64 }

func (c *counted) Read(p []byte) (int, error) {
	if c.read.Load() >= 64<<20 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = ' '
	}
	c.read.Add(int64(len(p)))
	return len(p), nil
}

func TestABodyIsNotReadBeyondItsLimit(t *testing.T) {
	address, in, _ := door(t)
	var body counted
	answer, err := in.Post(address+"/api/op/open", "application/json", &body)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestEntityTooLarge || body.read.Load() > 16<<20 {
		t.Errorf("%d after %d bytes", answer.StatusCode, body.read.Load())
	}
}
