package app_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"callin/app/call"
	"callin/app/picture"
)

// rewrites changes what Twilio is answered at a path, and tells of each QueueResult
// that Twilio has told of.
func (h *house) rewrites(path string, change func(string) string) (results <-chan string) {
	told := make(chan string, 1000)
	f := rewrite(func(r *http.Request, body string) string {
		switch r.URL.Path {
		case path:
			return change(body)
		case "/voice/left":
			told <- r.PostFormValue("QueueResult")
		}
		return body
	})
	h.rewritten.Store(&f)
	return told
}

// What stands between Twilio and Callin spoils the wait document: Twilio takes the
// caller out of its queue. Callin keeps them, in their order, until it is mended.
func TestWhoseWaitDocumentIsBrokenIsKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	var broken atomic.Bool
	broken.Store(true)
	results := h.rewrites("/voice/wait", func(body string) string {
		if broken.Load() {
			return "<h1>The tunnel's own page"
		}
		return body
	})
	ana := h.waiter("Ana", 440)
	if result := <-results; result != string(call.QueueError) {
		t.Fatalf("QueueResult is %q", result)
	}
	h.hears(ana, "Please stay on the line.")
	ben := h.waiter("Ben", 620)
	h.hears(ben, "Please stay on the line.")

	broken.Store(false)
	h.hears(ana, "You are next.")
	h.hears(ben, "You are number 2")
	h.until("both wait as they came", func(p picture.Picture) bool {
		return len(p.Cards) == 2 && string(p.Cards[0].Call) == ana && inQueue(call.OnAir)(p.Cards[0]) && inQueue(call.OnAir)(p.Cards[1])
	})
	dj := h.desk()
	h.takes(ana)
	h.hearsTone(dj, 440)
}

// Who hangs up while the whisper plays is gone, and the phone takes the next.
func TestWhoHangsUpInTheWhisperIsGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil)
	h.open()
	ana := h.waiter("Ana", 620)
	ben := h.waiter("Ben", 1800)
	results := h.rewrites("/voice/whisper", func(body string) string { // so that there is time
		return strings.Replace(body, "</Response>", `<Pause length="2"/></Response>`, 1)
	})
	dj := h.dialIn("1234#")
	h.hears(ana, "may be recorded")
	h.hangUp(ana)
	if result := <-results; result != string(call.QueueHangup) {
		t.Fatalf("QueueResult is %q", result)
	}
	h.place(ana, "gone")
	h.hears(dj, "Next is Ben")
	h.hears(ben, "may be recorded")
	h.hearsTone(dj, 1800)
	h.place(ben, "bridge")
}
