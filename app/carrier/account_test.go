package carrier_test

import (
	"errors"
	"testing"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/rehearsal/stage"
)

// plant puts things into the account as others would.
func (a account) plant(p stage.Planting) stage.Planted {
	a.Helper()
	out, err := a.rehearsal.Stage().Plant(a.Context(), p)
	a.must(err)
	return out
}

// fails lets the next requests of a method and path go wrong.
func (a account) fails(faults ...stage.RESTFault) {
	a.Helper()
	a.must(a.rehearsal.Stage().PutFaults(a.Context(), stage.Faults{REST: faults}))
}

func TestHowTheAccountStands(t *testing.T) {
	a := newAccount(t)
	balance := 12.345
	a.plant(stage.Planting{Account: &stage.Account{Name: "Radio", Balance: &balance, Currency: "EUR"}})
	want := carrier.AccountState{Sid: a.rehearsal.AccountSid, Name: "Radio", Status: "active", Balance: balance, Currency: "EUR"}
	if got, err := a.Account(t.Context()); err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	a.must(a.rehearsal.Stage().Switch(t.Context(), stage.Switches{Trial: true}))
	want.Trial = true
	if got, err := a.Account(t.Context()); err != nil || got != want {
		t.Errorf("a trial account: %+v %v", got, err)
	}
	// A suspended one can be seen to be that, and does nothing.
	a.plant(stage.Planting{Account: &stage.Account{Status: "suspended"}})
	want.Status, want.Balance, want.Currency = "suspended", 0, ""
	if got, err := a.Account(t.Context()); err != nil || got != want {
		t.Errorf("a suspended account: %+v %v", got, err)
	}
	if _, err := a.Resources(t.Context(), carrier.Number); !refused(err, 20005, 403) {
		t.Errorf("its numbers: %v", err)
	}
	// What is not answered is not taken for what Twilio does not tell.
	a.plant(stage.Planting{Account: &stage.Account{Status: "active"}})
	for _, kind := range []string{"html", "error", "busy"} {
		a.fails(stage.RESTFault{Kind: kind, Path: "/Balance"})
		if _, err := a.Account(t.Context()); !errors.Is(err, call.ErrUnknown) && !errors.Is(err, call.ErrLater) {
			t.Errorf("a balance that is not answered, %s: %v", kind, err)
		}
	}
}

func TestProfile(t *testing.T) {
	a := newAccount(t)
	for _, c := range []struct {
		made stage.Profile
		want carrier.Profile
	}{
		{stage.Profile{}, carrier.Profile{}}, // Twilio tells of none
		{stage.Profile{Name: "Draft", Status: "draft"}, carrier.Profile{Name: "Draft", Status: "draft"}},
		{stage.Profile{Name: "Radio", Status: "in-review"}, carrier.Profile{Name: "Radio", Status: "in-review"}},
		{stage.Profile{Name: "Old", Status: "twilio-rejected"}, carrier.Profile{Name: "Radio", Status: "in-review"}},
		{stage.Profile{Name: "Ltd", Status: "twilio-approved"}, carrier.Profile{Name: "Ltd", Status: "twilio-approved"}},
		{stage.Profile{Name: "New", Status: "pending-review"}, carrier.Profile{Name: "Ltd", Status: "twilio-approved"}},
	} {
		if c.made.Name != "" {
			a.plant(stage.Planting{Profiles: []stage.Profile{c.made}})
		}
		if got, err := a.Profile(t.Context()); err != nil || got != c.want {
			t.Errorf("with %+v: %+v %v", c.made, got, err)
		}
	}
	a.fails(stage.RESTFault{Kind: "refused", Path: "/CustomerProfiles", Status: 403, Code: 20003})
	if got, err := a.Profile(t.Context()); err != nil || got != (carrier.Profile{}) {
		t.Errorf("one that Twilio does not tell: %+v %v", got, err)
	}
}
