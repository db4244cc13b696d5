package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"callin/app/carrier"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

func TestWhoWaitedInVainIsSentAText(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(h *house, twilio *carrier.Twilio) {
		h.options.Texts, h.options.SorryAfter = twilio, time.Millisecond
		h.options.Studios[0].Number = h.rehearsal.ListenersNumber
	})
	h.open()
	h.hangUp(h.waiter("Ana", 620))
	h.rest("/Messages.json")
	sent := h.texts()
	if len(sent) != 1 {
		t.Fatalf("%+v", sent)
	}
	if m := sent[0]; m.From != h.rehearsal.ListenersNumber || !strings.Contains(m.Body, "Sorry we missed you on Late.") || !strings.Contains(m.Body, "STOP") {
		t.Errorf("the text is %+v", m)
	}
}

func TestWhoRepliesStopIsSentNoTextUntilStart(t *testing.T) {
	t.Parallel()
	const ana, ben = "+12015550166", "+12015550167"
	h := newHouse(t, func(h *house, twilio *carrier.Twilio) {
		h.options.Texts, h.options.SorryAfter = twilio, time.Millisecond
		h.options.Studios[0].Number = h.rehearsal.ListenersNumber
	})
	h.open()
	write := func(from, words string) {
		t.Helper()
		before := h.Picture().Seq
		if err := h.rehearsal.Stage().Text(t.Context(), stage.Text{From: from, Body: words}); err != nil {
			t.Fatal(err)
		}
		h.until(words+" is on record", func(p picture.Picture) bool { return p.Seq > before })
	}
	gone := func(numbers ...string) {
		t.Helper()
		var sids []string
		for _, number := range numbers {
			sids = append(sids, h.ring(stage.Casting{Number: number}))
		}
		for _, sid := range sids {
			h.place(sid, "queue")
		}
		for _, sid := range sids {
			h.hangUp(sid)
			h.place(sid, "gone")
		}
	}
	write(ana, " stop ")
	h.restart() // it is remembered
	gone(ana, ben)
	h.rest("/Messages.json")
	if sent := h.texts(); len(sent) != 1 || sent[0].To != ben {
		t.Errorf("texts were sent: %+v", sent)
	}
	write(ana, "START")
	gone(ana)
	h.rest("/Messages.json")
	if sent := h.texts(); len(sent) != 2 || !slices.ContainsFunc(sent, func(m text) bool { return m.To == ana }) {
		t.Errorf("texts were sent: %+v", sent)
	}
}

type text struct{ From, To, Body string }

// texts are what Twilio has sent, and not what came in.
func (h *house) texts() []text {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.rehearsal.Address+"/2010-04-01/Accounts/"+h.rehearsal.AccountSid+"/Messages.json?From="+url.QueryEscape(h.rehearsal.ListenersNumber), nil)
	if err != nil {
		h.t.Fatal(err)
	}
	r.SetBasicAuth(h.rehearsal.AccountSid, h.rehearsal.AuthToken)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	var list struct{ Messages []text }
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		h.t.Fatal(err)
	}
	return list.Messages
}
