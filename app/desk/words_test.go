package desk_test

import (
	"encoding/json"
	"testing"

	"callin/app/desk"
	"callin/app/desk/contract"
)

// What is typed is kept as one plain line; what shows nothing is nothing.
func TestWhatIsTypedIsKeptAsAPlainLine(t *testing.T) {
	room, _ := contract.Room(t)
	note := func(name, location, topic string) {
		t.Helper()
		body, err := json.Marshal(map[string]string{"call": string(contract.Caller), "name": name, "location": location, "topic": topic})
		if err != nil {
			t.Fatal(err)
		}
		if _, refused := room.Operate(t.Context(), desk.Ask{Name: "note", Body: body}); refused != nil {
			t.Fatal(refused)
		}
	}
	card := func() [3]string {
		c := room.Station.Picture().Cards[0]
		return [3]string{c.Name, c.Location, c.Topic}
	}
	note(" Zoe\u0308\u00a0\u2003Lund ", "\u202eMalmo\u0308\u200b", "the\u2028ferry? ")
	if got, want := card(), [3]string{"Zoë Lund", "Malmö", "the ferry?"}; got != want {
		t.Errorf("the card says %q, want %q", got, want)
	}
	note("\u2800\u3164", "\u200b \u200d", "\u00a0")
	if got := card(); got != [3]string{} {
		t.Errorf("the card says %q, want nothing", got)
	}
}
