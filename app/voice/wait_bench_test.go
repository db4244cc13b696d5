package voice_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"

	"callin/app/call"
	"callin/app/journal"
	"callin/app/studio"
	"callin/app/voice"
)

// waits asks h over and over what one of five hundred callers should hear.
func waits(b *testing.B, h http.Handler) {
	const path = "/voice/wait?queue=on-air"
	form := url.Values{
		"CallSid": {"CA250"}, "From": {"+15550100199"}, "To": {"+15550100100"}, "CallStatus": {"in-progress"},
		"AccountSid": {"AC0"}, "ApiVersion": {"2010-04-01"}, "Direction": {"inbound"}, "QueueSid": {"QU0"},
		"QueueTime": {"30"}, "AvgQueueTime": {"30"}, "CurrentQueueSize": {"500"}, "QueuePosition": {"250"},
	}
	body, signature := form.Encode(), sign(secret, public+path, form)
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Twilio-Signature", signature)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

// queues is a carrier that has queues and nothing else.
type queues struct{ studio.Carrier }

func (queues) OpenQueue(_ context.Context, name string, _ int) (string, error) {
	return "QU" + name, nil
}

func (queues) Survey(context.Context, []string, []string) (map[call.Sid]call.Whereabouts, error) {
	return nil, call.ErrUnknown // Twilio is not asked here
}

// BenchmarkWait is a signed wait request with the journal on and 500 waiting.
func BenchmarkWait(b *testing.B) {
	book, err := journal.Open(b.Context(), filepath.Join(b.TempDir(), "journal.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	s, err := studio.New(b.Context(), studio.Options{ShowName: "Bench", Journal: book, Carrier: queues{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	s.Start()
	defer s.Close()
	if err := s.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	for s.Picture().Show.State != call.ShowOpen {
		time.Sleep(time.Millisecond)
	}
	l := voice.New(voice.Options{Studio: s, Script: voice.Script{Public: public, ShowName: "Bench"}, AuthToken: secret, Wait: time.Second, Log: slog.New(slog.DiscardHandler)})
	for i := range 500 {
		a := studio.Arrival{Call: call.Sid(fmt.Sprint("CA", i)), Number: "+15550100199"}
		s.Arrive(a)
		s.Waiting(a, studio.OnAirQueue)
	}
	waits(b, l)
}

// BenchmarkBareWait is what nobody can do without: it parses, verifies and
// writes a constant.
func BenchmarkBareWait(b *testing.B) {
	valid := client.NewRequestValidator(secret)
	waits(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ParseForm() != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		params := make(map[string]string, len(r.PostForm))
		for k, v := range r.PostForm {
			params[k] = v[0]
		}
		if !valid.Validate(public+r.RequestURI, params, r.Header.Get("X-Twilio-Signature")) {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		io.WriteString(w, "<Response><Play>https://radio.example.org/voice/audio/hold.wav</Play></Response>")
	}))
}
