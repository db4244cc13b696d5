//go:build unix

package app_test

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/journal"
	"callin/app/picture"
)

// asks begins a request of Twilio's, which the station reads and of which the last
// byte is under way; what is returned sends it and says what was answered.
func (s *site) asks(path string, fields [][2]string) (end func() (status int, document string)) {
	s.t.Helper()
	text, body := "http://"+s.voice+path, ""
	for i, f := range fields { // which are in the order of their names
		text += f[0] + f[1]
		if i > 0 {
			body += "&"
		}
		body += f[0] + "=" + strings.ReplaceAll(f[1], "+", "%2B")
	}
	mac := hmac.New(sha1.New, []byte(s.stage.AuthToken))
	io.WriteString(mac, text)
	to, err := net.Dial("tcp", s.voice)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { to.Close() })
	_, err = fmt.Fprintf(to, "POST %s HTTP/1.1\r\nHost: %s\r\nX-Twilio-Signature: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n%s",
		path, s.voice, base64.StdEncoding.EncodeToString(mac.Sum(nil)), len(body), body[:len(body)-1])
	if err != nil {
		s.t.Fatal(err)
	}
	answer := bufio.NewReader(to)
	if r, err := http.ReadResponse(answer, nil); err != nil || r.StatusCode != http.StatusContinue {
		s.t.Fatalf("%s is not read: %v", path, err)
	}
	return func() (int, string) {
		s.t.Helper()
		if _, err := io.WriteString(to, body[len(body)-1:]); err != nil {
			s.t.Fatal(err)
		}
		r, err := http.ReadResponse(answer, nil)
		if err != nil {
			s.t.Fatalf("%s was not answered: %v", path, err)
		}
		defer r.Body.Close()
		document, err := io.ReadAll(r.Body)
		if err != nil {
			s.t.Fatal(err)
		}
		return r.StatusCode, string(document)
	}
}

// A station that is told to end lets nobody new in, answers whom Twilio is asking
// for, and keeps what it heard; the calls stay where they are.
func TestAStationEndsInOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.start()
	s.until("the show is open", func(p picture.Picture) bool { return p.Studios[0].Show.State == call.ShowOpen })
	s.desk()
	ana, ben := s.ring(), s.ring()
	in := func(sid call.Sid, kind call.Kind) func(picture.Picture) bool {
		return func(p picture.Picture) bool {
			c := card(p, sid)
			return c != nil && c.Place.Kind == kind && c.Move == nil
		}
	}
	s.until("Ana waits", in(ana, call.Queue))
	s.until("Ben waits", in(ben, call.Queue))
	s.do("take", map[string]any{"call": ana})
	s.until("Ana is on air", in(ana, call.Line))
	before := s.legs()
	feed, err := s.browser.Get(s.at + "/api/feed")
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Body.Close()

	const cleo = "CA0123456789abcdef0123456789abcdef"
	rings := s.asks("/voice/inbound", [][2]string{{"CallSid", cleo}, {"From", "+12015550199"}})
	if err := s.station.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for late := time.Now().Add(long); ; time.Sleep(time.Millisecond) {
		to, err := net.Dial("tcp", s.voice)
		if err != nil {
			break
		}
		to.Close()
		if time.Now().After(late) {
			t.Fatal("new requests are still let in")
		}
	}
	if status, document := rings(); status != http.StatusOK || !strings.Contains(document, "<Enqueue") {
		t.Errorf("Cleo's call was answered %d: %s", status, document)
	}
	if err := s.station.Wait(); err != nil {
		t.Errorf("it was told to end: %v", err)
	}
	if _, err := io.Copy(io.Discard, feed.Body); err != nil {
		t.Errorf("the feed was cut off: %v", err)
	}
	if _, err := os.Stat(filepath.Join(s.data, "rehearsal", "journal.db-wal")); !os.IsNotExist(err) {
		t.Errorf("the journal was not closed: %v", err)
	}
	if after := s.legs(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the calls did not stay where they were:\n%v\n%v", before, after)
	}

	j, err := journal.Open(t.Context(), filepath.Join(s.data, "rehearsal", "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	kept := false
	err = j.Read(t.Context(), func(f call.Fact) { kept = kept || f.Kind == call.Arrived && f.Call == cleo })
	j.Close()
	if err != nil || !kept {
		t.Errorf("that Cleo rang is not kept: %v", err)
	}
	s.start()
	s.until("Ana is on air as before", in(ana, call.Line))
	s.until("Ben waits as before", in(ben, call.Queue))
}
