package practice_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"callin/app/desk"
	"callin/app/practice"
	"callin/app/rehearsal"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
)

// Nothing that the tests have started may outlive them.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// until waits until the stage is shown as it must be.
func until(t *testing.T, s *practice.Stage, what string, is func(desk.StageNow) bool) {
	t.Helper()
	late := time.After(15 * time.Second)
	for {
		now, changed := s.Now()
		if is(now) {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("%s: the stage is shown as %+v", what, now)
		}
	}
}

func TestADeskSeesTheStageAsItIs(t *testing.T) {
	r, err := rehearsal.Start(rehearsal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	set := settings.Settings{Rehearsal: r.Address, AccountSid: r.AccountSid, AuthToken: r.AuthToken}
	s := practice.NewStage(set)
	ctx, stop := context.WithCancel(t.Context())
	followed := make(chan struct{})
	go func() { defer close(followed); s.Follow(ctx) }()
	defer func() { stop(); <-followed }()

	if err := s.Trouble(ctx, desk.RESTSlow, 60); err != nil {
		t.Fatal(err)
	}
	until(t, s, "a trouble begins", func(now desk.StageNow) bool {
		return now.Trouble == desk.RESTSlow && now.Until > time.Now().Add(50*time.Second).UnixMilli()
	})
	if err := s.Trouble(ctx, desk.NoTrouble, 0); err != nil {
		t.Fatal(err)
	}
	until(t, s, "it is ended", func(now desk.StageNow) bool { return now.Trouble == desk.NoTrouble && now.Until == 0 })
	if err := s.Trouble(ctx, desk.NewsLate, 1); err != nil {
		t.Fatal(err)
	}
	until(t, s, "another begins", func(now desk.StageNow) bool { return now.Trouble == desk.NewsLate })
	until(t, s, "and ends by itself", func(now desk.StageNow) bool { return now.Trouble == desk.NoTrouble })

	if err := s.Ring(ctx, "", 3, "", ""); err != nil {
		t.Fatal(err)
	}
	until(t, s, "three ring", func(now desk.StageNow) bool { return len(now.Callers) == 3 && now.More == 0 })
	if err := s.HangUpAll(ctx); err != nil {
		t.Fatal(err)
	}
	until(t, s, "all hang up", func(now desk.StageNow) bool { return len(now.Callers) == 0 })

	answers(t, r, `<Response><Gather input="speech" timeout="60"/></Response>`)
	if _, err := r.Stage().Ring(ctx, stage.Casting{Says: []string{"The tower"}}); err != nil {
		t.Fatal(err)
	}
	until(t, s, "words that were given are marked so", func(now desk.StageNow) bool {
		return len(now.Callers) == 1 && now.Callers[0].Heard == "The caller “says” (as given to the stand-in): The tower"
	})
}

// answers sets what the listeners' number answers with.
func answers(t *testing.T, r *rehearsal.Rehearsal, twiml string) {
	t.Helper()
	at, err := r.Stage().PutBin(t.Context(), "answer", twiml)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string, form url.Values) []byte {
		req, err := http.NewRequestWithContext(t.Context(), method, r.Address+"/2010-04-01/Accounts/"+r.AccountSid+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(r.AccountSid, r.AuthToken)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s %v", path, res.StatusCode, body, err)
		}
		return body
	}
	var numbers struct {
		All []struct{ Sid string } `json:"incoming_phone_numbers"`
	}
	if err := json.Unmarshal(ask("GET", "/IncomingPhoneNumbers.json?PhoneNumber="+url.QueryEscape(r.ListenersNumber), nil), &numbers); err != nil || len(numbers.All) != 1 {
		t.Fatal(numbers, err)
	}
	ask("POST", "/IncomingPhoneNumbers/"+numbers.All[0].Sid+".json", url.Values{"VoiceUrl": {at}})
}
