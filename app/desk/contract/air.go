package contract

import (
	"context"
	"strings"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/station"
)

// air is what brings Caller to air or is done with one who is there, with how Caller
// stands on the line for it; nothing for in the queue. Each is a host's, and a
// producer's where the show lets producers air: May has "hP" or, as it may be done with
// who is elsewhere, "hp" for them.
var air = map[string]call.State{
	"next": "", "take": "", "deck": "", "lane": call.Talking, "hold": call.Talking, "drop": call.Talking, "resume": call.Held,
}

// CheckAir checks that what is of the air is for whom it should be, at a door that open
// makes of a room: at it a desk of some roles asks.
func CheckAir(t *testing.T, open func(room desk.Seat) (ask func(roles call.Roles, op, body string) call.Code)) {
	t.Helper()
	for _, producersAir := range []bool{false, true} {
		for op, at := range air {
			room := RoomWhere(t, producersAir)
			stand(t, room.Station, at)
			body := `{"call":"` + string(Caller) + `"}`
			if op == "next" {
				body = "{}"
			}
			ask := open(room)
			for _, letter := range []string{"w", "m", "p", "h"} { // who may does it, and changes where the caller is
				roles := Roles[letter]
				may := letter == "h" || letter == "p" && producersAir
				if code := ask(roles, op, body); (code == call.CodeNotAllowed) == may {
					t.Errorf("%s at a desk of %v where producers air is %t: %q", op, roles.Names(), producersAir, code)
				}
			}
		}
	}
}

// stand brings Caller onto the line that goes to air, where a phone is then.
func stand(t testing.TB, s *station.Station, at call.State) {
	t.Helper()
	seat := s.Seat(Desk, "")
	s.DeskCalls(Desk.ID, "DESK", call.AirLine, false)
	feed := s.Attach(-1)
	defer feed.Close()
	event := station.ConferenceEvent{Event: "participant-join", Conference: "CF", Line: call.AirLine, Call: "DESK", Desk: true, Sequence: 1}
	s.Conference(event)
	if at == "" {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := seat.Do(ctx, call.OpTake, Caller); err != nil {
		t.Fatal(err)
	}
	event.Call, event.Desk, event.Sequence = Caller, false, 2
	s.Conference(event)
	if at == call.Held {
		if _, err := seat.Do(ctx, call.OpHold, Caller); err != nil {
			t.Fatal(err)
		}
		event.Event, event.Hold, event.Sequence = "participant-hold", true, 3
		s.Conference(event)
	}
}

// Allows reports whether who of May allows a role, by its letter, where the show lets
// producers air or does not.
func Allows(who, letter string, producersAir bool) bool {
	return strings.Contains(who, letter) || letter == "p" && producersAir && strings.Contains(who, "P")
}
