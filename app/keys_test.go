package app_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/rehearsal"
	"callin/app/setup"
)

// keysOf are the names of an account's keys by their SIDs.
func keysOf(t *testing.T, twilio *carrier.Twilio) map[string]string {
	t.Helper()
	keys, err := twilio.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, k := range keys {
		names[k.Sid] = k.FriendlyName
	}
	return names
}

// A key that Callin has lost is of no use but to who has found it.
func TestAKeyThatWasReplacedIsRevokedAndNoOther(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	twilio, err := carrier.New(carrier.Account{
		AccountSid: s.stage.AccountSid, Username: s.stage.AccountSid, Password: s.stage.AuthToken, Rehearsal: s.stage.Address,
	})
	if err != nil {
		t.Fatal(err)
	}
	var others []string
	for _, name := range []string{"Callin desks", setup.KeyName("another2"), ""} {
		sid, _, err := twilio.MakeKey(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		others = append(others, sid)
	}
	kept := filepath.Join(s.data, "rehearsal", "kept.json")
	// own is the station's key, once it is the only one of the station's.
	own := func() (own string) {
		t.Helper()
		for late := time.Now().Add(long); ; time.Sleep(10 * time.Millisecond) {
			left := keysOf(t, twilio)
			for _, sid := range others {
				if _, there := left[sid]; !there {
					t.Fatal("somebody else's key was revoked")
				}
				delete(left, sid)
			}
			for own = range left {
			}
			if len(left) == 1 {
				return own
			}
			if time.Now().After(late) {
				t.Fatalf("the station has the keys %v", left)
			}
		}
	}
	s.start()
	first := own()
	s.kill()
	if err := os.Truncate(kept, 0); err != nil {
		t.Fatal(err)
	}
	s.start()
	second := own()
	s.kill()
	s.start()
	if third := own(); first == second || third != second {
		t.Errorf("the keys were %s, then %s after what is kept was lost, then %s", first, second, third)
	}
	answer, err := s.browser.Post(s.at+"/api/op/token", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var phone desk.Softphone
	if err := json.NewDecoder(answer.Body).Decode(&phone); err != nil {
		t.Fatal(answer.Status, err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(phone.Token, ".")[1])
	if err != nil || !strings.Contains(string(claims), `"iss":"`+second+`"`) {
		t.Errorf("the desk's token is of another key: %s, %v", claims, err)
	}
}

// What could not be revoked is at the next start; and the key of an earlier Callin,
// which named all of them alike, is known from then on.
func TestRevokingIsTriedAgain(t *testing.T) {
	r, err := rehearsal.Start(rehearsal.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	at, err := url.Parse(r.Address)
	if err != nil {
		t.Fatal(err)
	}
	through, refuses := httputil.NewSingleHostReverseProxy(at), true
	rest := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refuses && r.Method == http.MethodDelete {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		through.ServeHTTP(w, r)
	}))
	defer rest.Close()
	twilio, err := carrier.New(carrier.Account{AccountSid: r.AccountSid, Username: r.AccountSid, Password: r.AuthToken, Rehearsal: rest.URL})
	if err != nil {
		t.Fatal(err)
	}
	name := setup.KeyName("here2222")
	var sids []string
	for _, of := range []string{name, name, "Callin desks"} {
		sid, _, err := twilio.MakeKey(t.Context(), of)
		if err != nil {
			t.Fatal(err)
		}
		sids = append(sids, sid)
	}
	inUse := sids[2]
	if err := setup.RevokeOldKeys(t.Context(), twilio, "here2222", inUse); !errors.Is(err, call.ErrUnknown) {
		t.Errorf("while Twilio is down: %v", err)
	}
	refuses = false
	if err := setup.RevokeOldKeys(t.Context(), twilio, "here2222", inUse); err != nil {
		t.Error(err)
	}
	left := keysOf(t, twilio)
	if left[inUse] != name || slices.ContainsFunc(sids[:2], func(sid string) bool { return left[sid] != "" }) {
		t.Errorf("left are %v", left)
	}
}

// A station that has lost the file of its id is still the one that the account's
// calls lead to: those who wait in its queues stay its own.
func TestAStationKnowsItsIdWithoutItsFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.start()
	first := s.id
	s.kill()
	if err := os.Remove(filepath.Join(s.data, "rehearsal", "station-id")); err != nil {
		t.Fatal(err)
	}
	if s.start(); s.id != first {
		t.Errorf("the station was %s and is %s", first, s.id)
	}
}
