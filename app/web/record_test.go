package web_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
)

var errDisk = errors.New("disk I/O error at sector 7")

// A file that was cut off must not look whole: it may be all that is kept of a show.
func TestAnExportThatFailsIsABrokenTransfer(t *testing.T) {
	address, in, room := doorOf(t)
	room.Record = contract.Halfway{Record: room.Record}
	for _, file := range []string{"1.csv", "1.json"} {
		answer, err := in.Get(address + "/api/record/" + file)
		if err != nil {
			continue // it broke before its first byte
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err == nil {
			t.Errorf("%s: %d, and %d bytes that look whole", file, answer.StatusCode, len(body))
		}
	}
}

// unreadable is a record that does not even say which shows there are.
type unreadable struct{ desk.Record }

func (unreadable) Editions(context.Context, call.Studio) ([]call.Edition, error) { return nil, errDisk }

// What went wrong inside is for the log, not for a page, and is never a success.
func TestAnErrorWithoutWordsForADeskIsARefusalAllTheSame(t *testing.T) {
	address, in, room := doorOf(t)
	room.Record = unreadable{room.Record}
	file, err := in.Get(address + "/api/record/1.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Body.Close()
	shows, err := in.Post(address+"/api/op/shows", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer shows.Body.Close()
	for what, answer := range map[string]struct {
		status int
		body   io.Reader
	}{"an export": {file.StatusCode, file.Body}, "an operation": {shows.StatusCode, shows.Body}} {
		body, err := io.ReadAll(answer.body)
		if err != nil || answer.status != 502 || !strings.Contains(string(body), `"failed"`) || strings.Contains(string(body), "sector") {
			t.Errorf("%s: %d %q, %v", what, answer.status, body, err)
		}
	}
}
