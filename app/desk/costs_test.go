package desk_test

import (
	"encoding/json"
	"testing"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
	"callin/app/picture"
)

// Who only looks is told nothing of money, and who works in one studio nothing of what
// the others come to.
func TestWhoIsToldOfCosts(t *testing.T) {
	at := contract.RoomWhere(t, false)
	one := picture.Costs{Currency: "USD", Shows: []picture.ShowCost{{Parts: []picture.CostPart{}, Sum: 1}, {Studio: "b", Parts: []picture.CostPart{}, Sum: 2}}}
	at.Station.SetCosts(one)
	seen := func(event string, feed desk.Feed) *picture.Costs {
		t.Helper()
		e, err := feed.Next(t.Context())
		if err != nil || e.Name != event {
			t.Fatal(e.Name, err)
		}
		var told struct{ Costs *picture.Costs }
		if err := json.Unmarshal(e.Data, &told); err != nil {
			t.Fatal(err)
		}
		return told.Costs
	}
	for name, c := range map[string]struct {
		roles call.Roles
		shows int
	}{"a watcher": {call.Watcher, 0}, "a producer": {call.Producer, 1}, "a host": {call.Host, 1}, "a manager": {call.Manager, 1}} {
		feed := at.Room.Seat(call.Desk{ID: "d1", Roles: c.roles, Studios: []call.Studio{"b"}}).Attach(-1)
		told := seen("picture", feed)
		if (told != nil) != (c.shows > 0) || told != nil && (len(told.Shows) != c.shows || told.Shows[0].Studio != "b") {
			t.Errorf("%s sees %+v", name, told)
		}
		feed.Close()
	}
}
