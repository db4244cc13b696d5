package desk_test

import (
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/desk/contract"
)

// A desk that bypasses its page is refused what its roles do not allow, and told why.
func TestEveryOperationIsForSomeRolesOnly(t *testing.T) {
	if len(contract.May) != len(desk.Names()) {
		t.Error("there are others than these")
	}
	var whole desk.Seat
	for _, producersAir := range []bool{true, false} {
		whole = contract.RoomWhere(t, producersAir)
		whole.TakeOver = nil // never reached without the role
		for _, name := range desk.Names() {
			who, ok := contract.May[name]
			if !ok {
				t.Errorf("who may %s?", name)
			}
			for letter, role := range contract.Roles {
				if name == "takeOver" && letter == "m" {
					continue
				}
				at := whole.Room.Seat(call.Desk{ID: "d", Roles: role, Studios: []call.Studio{""}})
				_, refused := at.Operate(t.Context(), desk.Ask{Name: name, Body: []byte("{}")})
				if not := refused != nil && refused.Code == call.CodeNotAllowed; not == contract.Allows(who, letter, producersAir) {
					t.Errorf("%s at a desk of %v where producers air is %t: %v", name, role.Names(), producersAir, refused)
				} else if not && !strings.HasSuffix(refused.Message, ".") {
					t.Errorf("%s: %q", name, refused.Message)
				}
			}
		}
	}
	all := call.Host | call.Producer | call.Manager
	for _, studios := range [][]call.Studio{nil, {"b"}} {
		at := whole.Room.Seat(call.Desk{ID: "d", Roles: all, Studios: studios})
		for _, name := range desk.Names() {
			if _, refused := at.Operate(t.Context(), desk.Ask{Name: name, Body: []byte("{}")}); refused == nil || refused.Code != call.CodeNotAllowed {
				t.Errorf("%s in a studio that is not the desk's: %v", name, refused)
			}
		}
	}
}

func TestTheAirIsAHostsUnlessTheShowLetsProducersAir(t *testing.T) {
	contract.CheckAir(t, func(room desk.Seat) func(call.Roles, string, string) call.Code {
		return func(roles call.Roles, op, body string) call.Code {
			at := room.Room.Seat(call.Desk{ID: "d", Roles: roles, Studios: []call.Studio{""}})
			if _, refused := at.Operate(t.Context(), desk.Ask{Name: op, Body: []byte(body)}); refused != nil {
				return refused.Code
			}
			return call.Code{}
		}
	})
}

// What is asked by the record and by messages that callers left is not in the table.
func TestAWatcherTakesNothingAway(t *testing.T) {
	whole, _ := contract.Room(t)
	at := whole.Room.Seat(call.Desk{ID: "d", Studios: []call.Studio{""}})
	if _, refused := at.Export(t.Context(), "", 1, desk.CSV); refused == nil || refused.Code != call.CodeNotAllowed {
		t.Errorf("an export: %v", refused)
	}
	if _, refused := at.HearVoicemail(t.Context(), contract.Message); refused == nil || refused.Code != call.CodeNotAllowed {
		t.Errorf("a message: %v", refused)
	}
}
