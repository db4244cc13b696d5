package remote

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"time"

	"callin/app/call"
	"callin/app/desk"
)

// What a station may call the file of a record: it becomes one on this PC.
var recordName = regexp.MustCompile(`^callin-[0-9a-z-]+\.(csv|json)$`)

// Export is a show's record, which comes from the station as it is written.
func (s *Seat) Export(ctx context.Context, of call.Studio, show int64, format desk.Format) (desk.Export, *call.Error) {
	if format != desk.CSV && format != desk.JSON {
		return desk.Export{}, &call.Error{Code: call.CodeBadField, Message: "A record can be exported as csv or json.", Field: "format"}
	}
	ctx, cancel := s.living(ctx)
	late := time.AfterFunc(answerWithin, cancel)
	var answer *http.Response
	refused := s.signedIn(func() (refused *call.Error) {
		answer, refused = s.ask(ctx, http.MethodGet, fmt.Sprintf("/api/record/%d.%s", show, format), asks{in: of})
		return refused
	})
	if refused != nil {
		cancel()
		return desk.Export{}, refused
	}
	late.Stop()
	_, said, _ := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
	name := filepath.Base(said["filename"])
	if !recordName.MatchString(name) {
		name = fmt.Sprintf("callin-%d.%s", show, format)
	}
	return desk.Export{Name: name, Write: func(_ context.Context, to io.Writer) error {
		defer cancel()
		defer answer.Body.Close()
		_, err := io.Copy(to, answer.Body)
		return err
	}}, nil
}

// longestMessage is how much is taken of a message that a caller has left, and
// hearWithin how long it may take to come.
const (
	longestMessage = 32 << 20
	hearWithin     = 30 * time.Second
)

// HearVoicemail is a message that a caller has left, as a WAVE file.
func (s *Seat) HearVoicemail(ctx context.Context, recording string) ([]byte, *call.Error) {
	var wave []byte
	refused := s.signedIn(func() *call.Error {
		ctx, cancel := s.living(ctx)
		defer cancel()
		ctx, late := context.WithTimeout(ctx, hearWithin)
		defer late()
		answer, refused := s.ask(ctx, http.MethodGet, "/api/voicemail/"+url.PathEscape(recording), asks{})
		if refused != nil {
			return refused
		}
		defer answer.Body.Close()
		var err error
		if wave, err = io.ReadAll(io.LimitReader(answer.Body, longestMessage)); err != nil {
			return unanswered
		}
		return nil
	})
	return wave, refused
}
