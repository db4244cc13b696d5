package app

import (
	"context"
	"errors"
	"testing"

	"callin/app/awake"
	"callin/app/desk"
)

// scripted is a desk that is told events, one after the other.
type scripted struct {
	desk.Backend
	events []desk.Event
}

func (t *scripted) Attach(int64) desk.Feed { return t }
func (t *scripted) Close()                 {}

func (t *scripted) Next(context.Context) (e desk.Event, err error) {
	if len(t.events) == 0 {
		return e, errors.New("the feed has ended")
	}
	e, t.events = t.events[0], t.events[1:]
	return e, nil
}

// Without a bus each time that the computer is to be kept awake is an error that is told.
func TestADesksPCIsKeptAwakeWhileAShowIsOpen(t *testing.T) {
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	held := 0
	event := func(name, data string) desk.Event { return desk.Event{Name: name, Data: []byte(data)} }
	at := &scripted{events: []desk.Event{
		event("picture", `{"studios": [{"id": "", "show": {"state": "closed"}}, {"id": "b", "show": {"state": "closed"}}]}`),
		event("station", `{"name": "Radio Ferry"}`),
		event("change", `{"studios": [{"id": "b", "show": {"state": "open"}}]}`),
		event("change", `{"studios": [{"id": "", "show": {"state": "open"}}]}`),
		event("change", `{"studios": [{"id": "b", "show": {"state": "closed"}}]}`),
		event("change", `{"cards": []}`),
		event("change", `{"studios": [{"id": "", "show": {"state": "closed"}}]}`),
		event("change", `{"studios": [{"id": "", "show": {"state": "open"}}]}`),
	}}
	w := wakeful{at, &awake.Keeper{Failed: func(error) { held++ }}}
	feed := w.Attach(-1)
	for n, want := range []int{0, 0, 1, 1, 1, 1, 1, 2} {
		if _, err := feed.Next(t.Context()); err != nil || held != want {
			t.Errorf("after event %d the PC was kept awake %d times, want %d (%v)", n, held, want, err)
		}
	}
	feed.Close()
	w.keeper.Hold()
	if held != 3 {
		t.Error("the end of the feed let the PC not sleep")
	}
}
