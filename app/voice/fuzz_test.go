package voice_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzForms sends signed forms of any content to every address: what is answered
// is TwiML or a refusal, never a crash.
func FuzzForms(f *testing.F) {
	f.Add("inbound", "", "CallSid=CA1&From=%2B15550100199&CallerName=Ana")
	f.Add("wait", "queue=on-air", "CallSid=CA1")
	f.Add("left", "", "CallSid=CA1&QueueResult=queue-full")
	f.Add("sent", "move=7", "CallSid=CA1")
	f.Add("fell", "", "CallSid=CA1")
	f.Add("parted", "last=1", "CallSid=CA1")
	f.Add("desk", "line=studio&mode=direct", "CallSid=CA2&From=client%3Acallin_studio")
	f.Add("pin", "tries=2", "CallSid=CA2&Digits=1234")
	f.Add("conference", "", "StatusCallbackEvent=participant-join&ConferenceSid=CF1&FriendlyName=studio&CallSid=CA1&SequenceNumber=-1")
	f.Add("status", "", "CallSid=CA1&CallStatus=completed")
	f.Add("message", "", "From=%2B15550100199&Body=STOP")
	f.Add("recording", "", "CallSid=CA1&RecordingSid=RE1&RecordingDuration=x")
	l, _ := listener(f)
	f.Fuzz(func(t *testing.T, name, query, body string) {
		form, err := url.ParseQuery(body)
		if err != nil || strings.ContainsAny(name, "/?#% ") {
			return
		}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.URL = &url.URL{Path: "/voice/" + name, RawQuery: query}
		r.RequestURI = r.URL.RequestURI()
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Twilio-Signature", sign(secret, public+r.RequestURI, form))
		w := httptest.NewRecorder()
		l.ServeHTTP(w, r)
		var doc node
		if w.Code == http.StatusOK && xml.Unmarshal(w.Body.Bytes(), &doc) != nil {
			t.Errorf("%s is answered by %q", r.RequestURI, w.Body)
		}
	})
}
