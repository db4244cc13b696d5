package web_test

import (
	"io"
	"net/http"
	"testing"

	"callin/app/desk/contract"
)

func TestAMessageIsHeardByWhoIsLetInOnly(t *testing.T) {
	address, in, _ := door(t)
	get := func(who *http.Client, recording string) (int, string, string) {
		t.Helper()
		r, err := who.Get(address + "/api/voicemail/" + recording)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, r.Header.Get("Content-Type"), string(body)
	}
	if status, kind, body := get(in, contract.Message); status != http.StatusOK || kind != "audio/wav" || body != "RIFF "+contract.Message {
		t.Errorf("the message is %d %s %q", status, kind, body)
	}
	if status, _, _ := get(in, "RE00000000000000000000000000000000"); status != http.StatusNotFound {
		t.Errorf("a message that is not there: %d", status)
	}
	if status, _, _ := get(http.DefaultClient, contract.Message); status != http.StatusUnauthorized {
		t.Errorf("without a key: %d", status)
	}
}
