package app_test

import (
	"bytes"
	"testing"
	"time"

	"callin/app/carrier"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

func TestAMessageIsLeftOutsideAShowAndAtItsEndHeardAndDeleted(t *testing.T) {
	t.Parallel()
	var twilio *carrier.Twilio
	h := newHouse(t, func(h *house, c *carrier.Twilio) {
		twilio, h.options.Recordings = c, c
		h.wait = time.Minute // nobody asks what to hear while the closing words are said
	})
	messages := func(n int) {
		t.Helper()
		h.until("messages", func(p picture.Picture) bool { return len(p.Voicemail) == n })
	}
	zoe := h.ring(stage.Casting{Name: "Zoe", Number: "+12015550177", Tone: 620})
	h.hears(zoe, "not taking calls now. To leave a message, press 1.")
	h.keys(zoe, "1")
	h.place(zoe, "voicemail")
	h.event("the tone before a message", func(e stage.Event) bool { return e.CallSid == zoe && e.Heard != nil && e.Heard.Kind == "beep" })
	h.keys(zoe, "wwww#") // says something for two seconds
	h.hears(zoe, "Thank you for calling Late. Goodbye.")
	messages(1)

	h.open()
	yan := h.waiter("Yan", 1800)
	if err := h.CloseShow(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.hears(yan, "The show has ended. To leave a message, press 1.")
	h.place(yan, "closing") // nobody is quicker than Twilio's answer
	h.keys(yan, "1")
	h.event("the tone before a message", func(e stage.Event) bool { return e.CallSid == yan && e.Heard != nil && e.Heard.Kind == "beep" })
	h.keys(yan, "ww#")
	messages(2)
	h.ends(yan)

	h.restart()
	first := h.Picture().Voicemail[0]
	if first.Name != "Zoe" || first.Number != "+12015550177" || first.Seconds < 1 || first.Seconds > 10 {
		t.Errorf("the first message is %+v", first)
	}
	audio, err := twilio.Recording(t.Context(), first.Recording)
	if err != nil || len(audio) < 8000 || !bytes.HasPrefix(audio, []byte("RIFF")) {
		t.Fatalf("%d bytes, %v", len(audio), err)
	}
	if err := h.DeleteVoicemail(t.Context(), first.Recording); err != nil {
		t.Fatal(err)
	}
	messages(1)
	if _, err := twilio.Recording(t.Context(), first.Recording); err == nil {
		t.Error("a deleted message is still at Twilio")
	}
}
