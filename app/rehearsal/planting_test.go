package rehearsal

import (
	"errors"
	"net/http"
	"testing"

	"callin/app/rehearsal/stage"
)

// What others have made is there as it was said, beside what the account had.
func TestWhatIsPlantedIsThere(t *testing.T) {
	s := newWorld(t)
	before := len(s.exchange.Numbers(""))
	out, err := s.Stage().Plant(t.Context(), stage.Planting{
		Numbers: []stage.Number{
			{Number: "+12065550177", Name: "Office", VoiceURL: "https://office.example/", SmsURL: "https://office.example/sms"},
			{Number: "+12065550178", TrunkSid: "TK00000000000000000000000000000001"},
		},
		Apps: []stage.App{{Name: "Office", VoiceURL: "https://office.example/app"}},
		Keys: []string{"Office"}, Queues: []string{"office"},
	})
	if err != nil {
		t.Fatal(err)
	}
	numbers, apps, keys, queues := s.exchange.Numbers(""), s.exchange.Applications("Office"), s.exchange.Keys(), s.exchange.Queues()
	if len(numbers) != before+2 || len(apps) != 1 || len(keys) != 1 || len(queues) != 1 {
		t.Fatalf("%d numbers, %d apps, %d keys, %d queues", len(numbers), len(apps), len(keys), len(queues))
	}
	office, trunk := numbers[before], numbers[before+1]
	if office.Sid != out.Numbers[0] || office.FriendlyName != "Office" || office.VoiceURL != "https://office.example/" || office.SmsURL != "https://office.example/sms" {
		t.Errorf("%+v", office)
	}
	if trunk.Sid != out.Numbers[1] || trunk.TrunkSid == "" {
		t.Errorf("%+v", trunk)
	}
	if apps[0].Sid != out.Apps[0] || apps[0].VoiceURL != "https://office.example/app" || keys[0].Sid != out.Keys[0] || queues[0].Sid != out.Queues[0] {
		t.Errorf("%+v is not what was said: %+v %+v %+v", out, apps, keys, queues)
	}
	if _, err := s.Stage().Plant(t.Context(), stage.Planting{NoNumbers: true, Numbers: []stage.Number{{Number: "+12065550179"}}}); err != nil {
		t.Fatal(err)
	}
	if left := s.exchange.Numbers(""); len(left) != 1 || left[0].PhoneNumber != "+12065550179" {
		t.Errorf("%+v is left", left)
	}
}

// What makes no sense is refused, and nothing of it is done.
func TestWhatCannotBePlantedIsRefused(t *testing.T) {
	s := newWorld(t)
	for _, p := range []stage.Planting{
		{Account: &stage.Account{Status: "gone"}},
		{Numbers: []stage.Number{{Number: "office"}}},
		{ForSale: []stage.Sale{{Number: "+12065550177", Kind: "wireless"}}},
		{ForSale: []stage.Sale{{Number: "+12065550177", Needs: "a passport"}}},
		{ForSale: []stage.Sale{{Number: "2065550177"}}},
		{ForSale: []stage.Sale{{Number: "+33155500177", Country: "FR"}}},
		{MayDial: map[string]bool{"gb": true}},
		{Prices: []stage.NumberPrice{{Country: "US", Kind: "cheap", Monthly: 1}}},
		{Profiles: []stage.Profile{{Name: "Radio", Status: "fine"}}},
	} {
		p.Keys = []string{"Office"}
		_, err := s.Stage().Plant(t.Context(), p)
		var refused *stage.Error
		if !errors.As(err, &refused) || refused.Status != http.StatusBadRequest {
			t.Errorf("%+v: %v", p, err)
		}
	}
	if len(s.exchange.Keys()) != 0 {
		t.Error("half of it was done")
	}
}
