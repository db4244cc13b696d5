package rest

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	accounts "github.com/twilio/twilio-go/rest/accounts/v1"

	"callin/app/rehearsal/exchange"
)

// Both tokens open the account until the second is promoted; Twilio signs with the
// first alone until then (Twilio docs: Auth Token, Secondary Auth Token, Webhooks
// security).
func TestAnAuthTokenIsChangedByASecondOne(t *testing.T) {
	w := newWorld(t)
	first, key := w.x.Account(), w.x.AddKey("k")
	opens := func(user, password string) bool {
		t.Helper()
		req, err := http.NewRequest("GET", w.base+"/2010-04-01/Accounts/"+first.Sid+"/Calls.json", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(user, password)
		status, _ := w.send(req)
		return status == 200
	}
	if status, body := w.ask("POST", "/v1/AuthTokens/Promote", nil); status != 404 || body["code"] != 20404.0 {
		t.Errorf("promoting none: %d %v", status, body)
	}
	if status, _ := w.ask("DELETE", "/v1/AuthTokens/Secondary", nil); status != 404 {
		t.Errorf("deleting none: %d", status)
	}
	req, _ := http.NewRequest("POST", w.base+"/v1/AuthTokens/Secondary", nil)
	req.SetBasicAuth(key.Sid, key.Secret)
	if status, _ := w.send(req); status != 401 {
		t.Errorf("by a Standard key: %d", status)
	}
	api := accounts.NewApiServiceWithClient(w.client())
	dropped, err := api.CreateSecondaryAuthToken(nil)
	if err != nil || !opens(first.Sid, *dropped.SecondaryAuthToken) {
		t.Fatal("a second token does not open the account: ", err)
	}
	if err := api.DeleteSecondaryAuthToken(nil); err != nil || opens(first.Sid, *dropped.SecondaryAuthToken) {
		t.Errorf("deleted: %v", err)
	}
	second, err := api.CreateSecondaryAuthToken(nil)
	if err != nil || !opens(first.Sid, first.AuthToken) || !opens(first.Sid, *second.SecondaryAuthToken) || opens(first.Sid, "") {
		t.Errorf("while there are two: %v", err)
	}
	signedBy(t, w, first)
	promoted, err := api.UpdateAuthTokenPromotion(nil)
	if err != nil || *promoted.AuthToken != *second.SecondaryAuthToken || opens(first.Sid, first.AuthToken) || !opens(first.Sid, *promoted.AuthToken) {
		t.Errorf("promoted: %v", err)
	}
	signedBy(t, w, w.x.Account())
	if status, _ := w.ask("POST", "/v1/AuthTokens/Promote", nil); status != 404 {
		t.Errorf("promoting it twice: %d", status)
	}
}

// signedBy fails unless Twilio signs with an account's first token.
func signedBy(t *testing.T, w *world, a exchange.Account) {
	t.Helper()
	w.made("/Calls.json", url.Values{"To": {quietOne}, "From": {listeners}, "Url": {w.app + "/signed"}})
	select {
	case told := <-w.told:
		signature := told.Get("signature")
		told.Del("signature")
		if want := exchange.Signature(a.AuthToken, w.app+"/signed", told); signature != want {
			t.Errorf("signed %q, want %q", signature, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was asked")
	}
}
