package desk_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/picture"
)

// openDesk is a desk with an open page, which sees what the feed asks.
type openDesk struct {
	t    *testing.T
	at   desk.Seat
	feed desk.Feed
}

// looking is the station's own computer and its desks, of which those are opened that are
// named: the rest is closed.
func looking(t *testing.T, open ...string) (own desk.Seat, desks map[string]openDesk) {
	t.Helper()
	own = contract.RoomWhere(t, false)
	own.By = call.Desk{Name: "Station PC", Roles: call.Manager, Studios: []call.Studio{""}}
	all := []call.Desk{own.By}
	for _, d := range []call.Desk{{ID: "h", Name: "Studio", Roles: call.Host}, {ID: "p", Name: "Home", Roles: call.Producer}, {ID: "w", Name: "Lobby"}, {ID: "m", Name: "Office", Roles: call.Manager}} {
		d.Studios = []call.Studio{""}
		all = append(all, d)
	}
	own.Station.SetDesks(all)
	desks = map[string]openDesk{}
	for _, d := range all {
		for _, name := range open {
			if d.Name == name {
				at := openDesk{t, own.Room.Seat(d), own.Room.Seat(d).Attach(-1)}
				t.Cleanup(at.feed.Close)
				desks[name] = at
			}
		}
	}
	return own, desks
}

// asked is what the feed asks next; empty where what comes next asks nothing.
func (d openDesk) asked() (look string) {
	d.t.Helper()
	for {
		e, err := d.feed.Next(d.t.Context())
		if err != nil {
			d.t.Fatal(err)
		}
		var c picture.Change
		if e.Name != "change" {
			continue
		}
		if err := json.Unmarshal(e.Data, &c); err != nil {
			d.t.Fatal(err)
		}
		if c.Look != "" || c.Notice != nil {
			return c.Look
		}
	}
}

func (d openDesk) answers(look string, findings ...desk.PageFinding) *call.Error {
	d.t.Helper()
	body, err := json.Marshal(desk.LookedBody{Look: look, Findings: findings})
	if err != nil {
		d.t.Fatal(err)
	}
	_, refused := d.at.Operate(d.t.Context(), desk.Ask{Name: "looked", Body: body})
	return refused
}

func heard(what string) desk.PageFinding {
	return desk.PageFinding{ID: desk.Microphone, State: desk.Wrong, What: what, Do: "Look at its switch."}
}

// terminal asks as callin doctor does.
func terminal(t *testing.T, at desk.Seat) <-chan string {
	said := make(chan string, 1)
	go func() {
		answer, refused := at.Operate(t.Context(), desk.Ask{Name: "doctor", Body: []byte(`{"pages":true}`)})
		var c desk.Checkup
		if refused != nil || json.Unmarshal(answer, &c) != nil {
			said <- fmt.Sprint(refused)
			return
		}
		var lines []string
		for _, f := range c.Findings {
			lines = append(lines, fmt.Sprintf("%s %s: %s", f.ID, f.State, f.What))
		}
		said <- strings.Join(lines, "\n")
	}()
	return said
}

// The first page that answers is heard, with its desk's name; those who come later are
// not, and nobody without a phone is asked or heard.
func TestATerminalIsToldWhatAnOpenPageFinds(t *testing.T) {
	own, at := looking(t, "Studio", "Home", "Lobby", "Office")
	said := terminal(t, own)
	look := at["Studio"].asked()
	if look == "" || at["Home"].asked() != look {
		t.Fatalf("the pages are not asked the same: %q", look)
	}
	own.Station.Notice(&call.Error{Message: "Something else."})
	for _, name := range []string{"Lobby", "Office"} {
		if got := at[name].asked(); got != "" {
			t.Errorf("%s is asked %q", name, got)
		}
		if refused := at[name].answers(look, heard("It is silent.")); refused == nil || refused.Code != call.CodeNotAllowed {
			t.Errorf("an answer of %s: %v", name, refused)
		}
	}
	if refused := at["Home"].answers("another", heard("It is silent.")); refused == nil || refused.Code != call.CodeNotAsked {
		t.Errorf("an answer to another question: %v", refused)
	}
	odd := "\x1b[2J\u202eMic\r\n\u009b1m is " + strings.Repeat("long", 100)
	if refused := at["Home"].answers(look, heard(odd)); refused != nil {
		t.Error(refused)
	}
	if refused := at["Studio"].answers(look, heard("It is silent.")); refused == nil || refused.Code != call.CodeNotAsked {
		t.Errorf("an answer after the first: %v", refused)
	}
	mic := ("[2JMic 1m is " + strings.Repeat("long", 100))[:300]
	want := "disk fine: There is room.\nmicrophone wrong: At Home: " + mic + "\nsound unlooked: Only a page knows it."
	if got := <-said; got != want {
		t.Errorf("the terminal is told\n%s\nwant\n%s", got, want)
	}
	if got := <-terminal(t, at["Home"].at); !strings.Contains(got, "Only the station's own computer") {
		t.Errorf("another computer has pages look: %s", got)
	}
}

// Where no desk that talks is open, nobody is waited for.
func TestATerminalIsToldThatNoDeskIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, _ := looking(t, "Lobby", "Office")
		const why = " unlooked: No desk is open that talks to callers. Only a page knows it."
		if got, want := <-terminal(t, own), "disk fine: There is room.\nmicrophone"+why+"\nsound"+why; got != want {
			t.Errorf("the terminal is told\n%s\nwant\n%s", got, want)
		}
	})
}

// Who takes too long is named, and heard no more.
func TestATerminalIsToldWhoDidNotAnswerInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, at := looking(t, "Studio", "Home")
		got := <-terminal(t, own)
		const why = " unlooked: Studio and Home did not answer in time. Only a page knows it."
		if want := "disk fine: There is room.\nmicrophone" + why + "\nsound" + why; got != want {
			t.Errorf("the terminal is told\n%s\nwant\n%s", got, want)
		}
		if refused := at["Home"].answers(at["Home"].asked(), heard("It is silent.")); refused == nil || refused.Code != call.CodeNotAsked {
			t.Errorf("an answer that comes too late: %v", refused)
		}
	})
}
