package carrier

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/call"
)

// mostAudio is the most bytes of a recording that are read: two minutes of
// telephone audio as a WAVE file are two million.
const mostAudio = 8 << 20

// Recording is a recording as a WAVE file, by its RecordingSid. twilio-go has no
// request for it.
func (t *Twilio) Recording(ctx context.Context, recording string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 4*perRequest)
	defer cancel()
	at := fmt.Sprintf("https://%s/2010-04-01/Accounts/%s/Recordings/%s.wav", t.place.Host("api"), t.accountSid, url.PathEscape(recording))
	used := t.credentials.Load()
	answer, err := t.fetch(ctx, used, at)
	if err == nil && answer.StatusCode == http.StatusUnauthorized && t.change(ctx, used) {
		answer.Body.Close()
		answer, err = t.fetch(ctx, t.credentials.Load(), at)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", call.ErrUnknown, err)
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNotFound:
		return nil, call.ErrGone
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%w: Twilio answered %d", call.ErrUnknown, answer.StatusCode)
	}
	audio, err := io.ReadAll(io.LimitReader(answer.Body, mostAudio+1))
	if err == nil && len(audio) > mostAudio {
		err = fmt.Errorf("the recording is longer than %d bytes", mostAudio)
	}
	return audio, err
}

func (t *Twilio) fetch(ctx context.Context, as *client.Credentials, at string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	r.SetBasicAuth(as.Username, as.Password)
	// A redirect to another host is followed without the credentials.
	return (&http.Client{Transport: t.transport}).Do(r)
}

// DeleteRecording deletes a recording.
func (t *Twilio) DeleteRecording(ctx context.Context, recording string) error {
	return t.ask(ctx, func(a *api.ApiService) error { return a.DeleteRecording(recording, &api.DeleteRecordingParams{}) })
}
