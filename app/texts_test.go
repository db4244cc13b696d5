package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"callin/app/carrier"
)

func TestWhoWaitedInVainIsSentAText(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(h *house, twilio *carrier.Twilio) {
		h.options.Texts, h.options.SorryAfter = twilio, time.Millisecond
		h.options.Station.Number = h.rehearsal.ListenersNumber
	})
	h.open()
	h.hangUp(h.waiter("Ana", 620))
	h.rest("/Messages.json")

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.rehearsal.Address+"/2010-04-01/Accounts/"+h.rehearsal.AccountSid+"/Messages.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(h.rehearsal.AccountSid, h.rehearsal.AuthToken)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var list struct {
		Messages []struct{ From, To, Body string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil || len(list.Messages) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if m := list.Messages[0]; m.From != h.rehearsal.ListenersNumber || !strings.Contains(m.Body, "Sorry we missed you on Late.") || !strings.Contains(m.Body, "STOP") {
		t.Errorf("the text is %+v", m)
	}
}
