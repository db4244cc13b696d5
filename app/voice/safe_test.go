package voice_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"callin/app/journal"
	"callin/app/picture"
	"callin/app/station"
	"callin/app/voice"
)

func TestACallGetsASafeAnswerWhenTheStudioIsStuck(t *testing.T) {
	book, err := journal.Memory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	s, err := station.New(t.Context(), station.Options{Studios: []picture.Studio{{Show: picture.Show{Name: "Stuck"}}}, Journal: book, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	l := voice.New(voice.Options{Station: s, Script: voice.Script{Public: public, Studios: []picture.Studio{{Show: picture.Show{Name: "Stuck"}}}}, AuthTokens: voice.Only(secret), Log: log})
	letGo := make(chan struct{})
	l.Stick(letGo)
	server := httptest.NewServer(l)
	defer server.Close()
	defer close(letGo)
	direct := "/voice/desk?mode=direct&line=studio"
	var asking sync.WaitGroup
	for _, c := range []struct {
		path, result string
		want         []string
	}{
		{"/voice/inbound", "", []string{"Enqueue"}},
		{"/voice/sent?move=3", "", []string{"Enqueue"}},
		{"/voice/left", "redirected", []string{"Enqueue"}},
		{"/voice/left", "queue-full", []string{"Say", "Hangup"}},
		{"/voice/wait?queue=on-air", "", []string{"Play"}},
		{"/voice/status", "", nil},
		{direct, "", []string{"Pause", "Redirect"}},
	} {
		asking.Go(func() {
			form := url.Values{"CallSid": {"CA1"}, "From": {"client:callin_studio"}, "QueueResult": {c.result}, "CallStatus": {"completed"}}
			began := time.Now()
			body, err := overHTTP(server.URL, c.path, form)
			if took := time.Since(began); err != nil || took > 3*time.Second {
				t.Errorf("%s was answered after %v: %v", c.path, took, err)
			}
			var doc node
			if err := xml.Unmarshal(body, &doc); err != nil || !slices.Equal(doc.verbs(), c.want) {
				t.Errorf("%s %s: %s, want %v", c.path, c.result, body, c.want)
			} else if c.path == direct && doc.Inner[1].Text != public+c.path {
				t.Errorf("asks again at %q", doc.Inner[1].Text)
			}
		})
	}
	asking.Wait()
	if !strings.Contains(said.String(), "call=CA1 path=/voice/inbound") {
		t.Errorf("the log does not say whose request that was: %s", &said)
	}
}

// overHTTP asks over HTTP, where an answer ends before its handler does.
func overHTTP(server, path string, form url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, server+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", sign(secret, public+path, form))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}
