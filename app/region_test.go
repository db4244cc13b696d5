package app_test

import (
	"errors"
	"strings"
	"testing"

	"callin/app/call"
	"callin/app/connect"
	"callin/app/desk"
	"callin/app/edge"
	"callin/app/rehearsal/stage"
	"callin/app/secret"
	"callin/app/settings"
)

// A region is taken once Twilio knows the account there by that region's own token, and
// nothing is taken before; what was changed in one region is undone there first.
func TestARegionHasATokenOfItsOwn(t *testing.T) {
	t.Parallel()
	a := newApplicant(t, func(o *connect.Options) { o.Trip = edge.ToStandIn(o.Twilio) })
	kept := func(region string) string {
		token, _ := secret.InFiles(a.Data).Get(secret.AuthToken(a.on.AccountSid, region))
		return token
	}
	if _, err := a.Edges(t.Context()); err == nil {
		t.Error("edges are measured before there is an account")
	}
	const there = "0123456789abcdef0123456789abcdef"
	if _, err := a.on.Stage().Plant(t.Context(), stage.Planting{Account: &stage.Account{Tokens: map[string]string{"ie1": there}}}); err != nil {
		t.Fatal(err)
	}
	a.ready()
	for _, c := range []struct{ edge, region, token, field, says string }{
		{"mars", "us1", "", "edge", "ashburn"},
		{"dublin", "de1", "", "region", "us1, ie1, au1"},
		{"roaming", "ie1", there, "edge", "dublin"},
		{"dublin", "ie1", "", "token", "an auth token of its own"},
		{"dublin", "ie1", a.on.AuthToken, "token", "In the region ie1 Twilio does not know this account"},
	} {
		_, err := a.Place(t.Context(), desk.SetupPlaceBody{Edge: c.edge, Region: c.region, Token: c.token})
		var refused *call.Error
		if !errors.As(err, &refused) || refused.Field != c.field || !strings.Contains(refused.Message, c.says) || c.token != "" && strings.Contains(refused.Message, c.token) {
			t.Errorf("%s and %s: %v", c.edge, c.region, err)
		}
		if st, err := a.State(t.Context()); err != nil || st.Place.Edge != "roaming" || st.Place.Region != "us1" || kept("ie1") != "" {
			t.Fatalf("%s and %s: then it is at %+v, %v", c.edge, c.region, st.Place, err)
		}
	}
	st, err := a.Place(t.Context(), desk.SetupPlaceBody{Edge: "dublin", Region: "ie1", Token: " " + there})
	if err != nil || st.Place.Region != "ie1" || st.Step != desk.StepChange || st.Trouble != "" {
		t.Fatalf("%+v, %v", st.Place, err)
	}
	if kept("ie1") != there || kept("") != a.on.AuthToken {
		t.Errorf("kept are %q and %q", kept("ie1"), kept(""))
	}
	if _, err := a.Do(t.Context(), desk.SetupDoBody{Mark: st.Mark}); err != nil {
		t.Fatal(err)
	}
	if c, err := settings.LoadConnected(a.Data); err != nil || c.Edge != "dublin" || c.Region != "ie1" {
		t.Errorf("settled is %+v, %v", c, err)
	}
	if _, err := a.Place(t.Context(), desk.SetupPlaceBody{Edge: "roaming", Region: "us1"}); err == nil || !strings.Contains(err.Error(), "Undo that first") {
		t.Errorf("with things changed in ie1: %v", err)
	}
	if _, err := a.Undo(t.Context()); err != nil || kept("ie1")+kept("") != "" {
		t.Errorf("after an undo %q and %q are kept: %v", kept("ie1"), kept(""), err)
	}
}

// The nearest edge is proposed, and taken by a person's choice alone.
func TestTheNearestEdgeIsAProposal(t *testing.T) {
	t.Parallel()
	a := newApplicant(t, func(o *connect.Options) { o.Trip = edge.ToStandIn(o.Twilio) })
	far := map[string]int{"roaming": 120, "ashburn": 120, "umatilla": 150, "sao-paulo": 200, "dublin": 90, "singapore": 150, "sydney": -1, "tokyo": 150}
	if err := a.on.Stage().PutFaults(t.Context(), stage.Faults{FarMs: far}); err != nil {
		t.Fatal(err)
	}
	a.ready()
	found, err := a.Edges(t.Context())
	if err != nil || found.Nearest != "frankfurt" || len(found.Edges) != 9 || found.Edges[0].Edge != "frankfurt" || found.Edges[8].Edge != "sydney" || found.Edges[8].Reached {
		t.Fatalf("%+v, %v", found, err)
	}
	st, err := a.State(t.Context())
	if err != nil || st.Place.Edge != "roaming" {
		t.Fatalf("it is at %+v, %v", st.Place, err)
	}
	if st, err = a.Place(t.Context(), desk.SetupPlaceBody{Edge: "frankfurt", Region: "us1"}); err != nil || st.Place.Edge != "frankfurt" || st.Step != desk.StepChange {
		t.Fatalf("%+v, %v", st.Place, err)
	}
	if found, err := a.Edges(t.Context()); err != nil || found.Nearest != "" {
		t.Errorf("then %+v, %v", found, err)
	}
}
