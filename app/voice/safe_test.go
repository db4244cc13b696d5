package voice_test

import (
	"context"
	"encoding/xml"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/studio"
	"callin/app/voice"
)

// stuck is a log that takes a line only when it is let go: who logs while
// holding the studio's lock holds everybody up.
type stuck struct {
	slog.Handler
	held, letGo chan struct{}
}

func (s stuck) Handle(context.Context, slog.Record) error {
	s.held <- struct{}{}
	<-s.letGo
	return nil
}

func (stuck) Enabled(context.Context, slog.Level) bool { return true }

type noJournal struct{}

func (noJournal) Append(context.Context, []call.Fact) error   { return nil }
func (noJournal) Read(context.Context, func(call.Fact)) error { return nil }

func TestACallGetsASafeAnswerWhenTheStudioIsStuck(t *testing.T) {
	letGo := make(chan struct{})
	held := make(chan struct{}, 1)
	s, err := studio.New(t.Context(), studio.Options{
		ShowName: "Stuck", Journal: noJournal{}, Log: slog.New(stuck{slog.DiscardHandler, held, letGo}),
	})
	if err != nil {
		t.Fatal(err)
	}
	l := voice.New(voice.Options{Studio: s, Public: public, AuthToken: secret, ShowName: "Stuck", Log: slog.New(slog.DiscardHandler)})
	var work sync.WaitGroup
	defer work.Wait()
	defer close(letGo)
	work.Go(func() {
		s.Conference(studio.ConferenceEvent{Event: "participant-join", Conference: "CF1", Line: "nobody's", Call: "CA0", Sequence: 1})
	})
	<-held
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
			w := post(l, c.path, form, sign(secret, public+c.path, form))
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("%s was answered after %v", c.path, took)
			}
			var doc node
			if err := xml.Unmarshal(w.Body.Bytes(), &doc); err != nil || !slices.Equal(doc.verbs(), c.want) {
				t.Errorf("%s %s: %d %s, want %v", c.path, c.result, w.Code, w.Body, c.want)
			} else if c.path == direct && doc.Inner[1].Text != public+c.path {
				t.Errorf("asks again at %q", doc.Inner[1].Text)
			}
		})
	}
	asking.Wait()
}
