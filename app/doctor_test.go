package app_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"callin/app/desk"
	"callin/app/picture"
	"callin/app/rehearsal/stage"
)

// doctor runs callin doctor beside the station, or where there is none.
func (s *site) doctor(options ...string) (said string, code int) {
	s.t.Helper()
	c := s.command()
	c.Args = append([]string{c.Args[0], "doctor", "--data", s.data, "--settings", os.DevNull}, options...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	if exit, is := err.(*exec.ExitError); is {
		code = exit.ExitCode()
	} else if err != nil {
		s.t.Fatal(err)
	}
	if strings.Contains(out.String(), s.stage.AuthToken) || s.pin != "" && strings.Contains(out.String(), s.pin) {
		s.t.Errorf("a secret is in what it says:\n%s", out.String())
	}
	return out.String(), code
}

// The terminal, a program and the desk are told the same, whether the station runs or
// not, and who opens a show is told what is wrong.
func TestTheDoctorComesWhetherTheStationRunsOrNot(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.pin = "86420"
	before, code := s.doctor()
	if code != 0 || !strings.Contains(before, "not looked  numbers") || !strings.Contains(before, "not looked  address") || !strings.Contains(before, "fine        credentials") {
		t.Errorf("before the first start it ends with %d:\n%s", code, before)
	}
	s.start()
	while, code := s.doctor()
	if code != 0 || !strings.Contains(while, "fine        address") || !strings.Contains(while, "not looked  microphone   No desk is open that talks to callers.") || strings.Contains(while, "WRONG") {
		t.Errorf("while the station runs it ends with %d:\n%s", code, while)
	}
	sheet, _ := s.doctor("--sheet")
	for _, words := range []string{s.numbers.listeners, "* brings the next caller", "168.86.128.0/18", "given by the settings or the environment (pin)", "http://" + s.voice} {
		if !strings.Contains(sheet, words) {
			t.Errorf("the sheet lacks %q:\n%s", words, sheet)
		}
	}
	nothing := 0.0
	if _, err := s.stage.Plant(t.Context(), stage.Planting{Account: &stage.Account{Balance: &nothing}}); err != nil {
		t.Fatal(err)
	}
	said, code := s.doctor("--json")
	var told desk.Checkup
	if err := json.Unmarshal([]byte(said), &told); err != nil || code != 1 {
		t.Errorf("with a fault it ends with %d, %v:\n%s", code, err, said)
	}
	answer, err := s.askIn("", "doctor", nil)
	var asked desk.Checkup
	if err == nil {
		err = json.Unmarshal(answer, &asked)
	}
	wrong := func(of desk.Checkup) (ids []string) {
		for _, f := range of.Findings {
			if f.State == desk.Wrong {
				ids = append(ids, f.ID)
			}
		}
		return ids
	}
	if err != nil || len(wrong(told)) != 1 || wrong(told)[0] != "balance" || len(wrong(asked)) != 1 || len(asked.Sheet.Studios) != 1 {
		t.Errorf("a program is told %v, and the desk %v, %v", wrong(told), wrong(asked), err)
	}
	notice := s.notice()
	s.do("close", nil)
	s.do("open", nil)
	if got := <-notice; !strings.Contains(got, "As the show opens: The balance is used up") {
		t.Errorf("who opens a show is told %q", got)
	}
	s.kill()
	after, code := s.doctor()
	if code != 1 || !strings.Contains(after, "WRONG       balance") || !strings.Contains(after, "fine        journal") || !strings.Contains(after, "fine        key") {
		t.Errorf("when the station has ended it ends with %d:\n%s", code, after)
	}
}

// notice is what the feed says next to whoever is at a desk.
func (s *site) notice() <-chan string {
	s.t.Helper()
	r, err := s.browser.Get(s.at + "/api/feed")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { r.Body.Close() })
	lines := bufio.NewScanner(r.Body)
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() { // it is there
		s.t.Fatal(lines.Err())
	}
	said := make(chan string, 1)
	go func() {
		defer close(said)
		for lines.Scan() {
			var c picture.Change
			data, _ := strings.CutPrefix(lines.Text(), "data: ")
			if json.Unmarshal([]byte(data), &c) == nil && c.Notice != nil {
				said <- c.Notice.Message
				return
			}
		}
	}()
	return said
}
