package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/desk"
)

// Track hands a chunk of isolated tracks to the station.
func (s *Seat) Track(ctx context.Context, in call.Studio, chunk []byte) (json.RawMessage, *call.Error) {
	var kept json.RawMessage
	refused := s.signedIn(func() *call.Error {
		ctx, cancel := s.living(ctx)
		defer cancel()
		ctx, late := context.WithTimeout(ctx, answerWithin)
		defer late()
		return s.askJSON(ctx, http.MethodPost, "/api/tracks", asks{in: in, body: chunk, kind: "application/octet-stream"}, &kept)
	})
	return kept, refused
}

// What a station may call a track: it becomes a file on this PC.
var trackName = regexp.MustCompile(`^[0-9a-z-]+/[0-9a-z-]+\.(wav|json|csv)$`)

// OpenTrack is one of a show's isolated tracks, which comes from the station as it is written.
func (s *Seat) OpenTrack(ctx context.Context, of call.Studio, show int64, name string) (desk.TrackFile, *call.Error) {
	if !trackName.MatchString(name) {
		return desk.TrackFile{}, &call.Error{Code: call.CodeNoSuchTrack, Message: "There is no such track."}
	}
	folder, file, _ := strings.Cut(name, "/")
	ctx, cancel := s.living(ctx)
	late := time.AfterFunc(answerWithin, cancel)
	var answer *http.Response
	refused := s.signedIn(func() (refused *call.Error) {
		path := fmt.Sprintf("/api/tracks/%d/%s/%s", show, url.PathEscape(folder), url.PathEscape(file))
		answer, refused = s.ask(ctx, http.MethodGet, path, asks{in: of})
		return refused
	})
	if refused != nil {
		cancel()
		return desk.TrackFile{}, refused
	}
	late.Stop()
	return desk.TrackFile{
		Name: folder + "-" + file, Bytes: answer.ContentLength,
		Write: func(_ context.Context, to io.Writer) error {
			defer cancel()
			defer answer.Body.Close()
			_, err := io.Copy(to, answer.Body)
			return err
		},
	}, nil
}

// saveTrack saves a track on this PC.
func (s *Seat) saveTrack(ctx context.Context, a desk.Ask) (json.RawMessage, *call.Error) {
	var of desk.TrackBody
	if json.Unmarshal(a.Body, &of) != nil {
		return nil, &call.Error{Code: call.CodeBadBody, Message: "The page sent something that Callin cannot read. Reload the page."}
	}
	file, refused := s.OpenTrack(ctx, a.Studio, of.Show, of.File)
	if refused != nil {
		return nil, refused
	}
	return s.saved(ctx, desk.Export{Name: file.Name, Write: file.Write})
}
