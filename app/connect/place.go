package connect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/edge"
	"callin/app/secret"
	"callin/app/setup"
)

// here is where the station uses Twilio now.
func (s *Session) here() edge.Place {
	return edge.Place{Edge: s.Settings.Edge, Region: s.Settings.Region}
}

// placed is where Twilio is to be used.
func placed(d draft) desk.SetupPlace {
	p, err := edge.Of(d.Edge, d.Region)
	if err != nil { // an edge of another Callin's
		p = edge.Usual
	}
	return desk.SetupPlace{Edge: p.Edge, Region: p.Region, Said: p.Said()}
}

// Edges measures how far Twilio's edges are from the station's computer, of those that
// lead to the region. It changes nothing: who sets up chooses.
func (s *Session) Edges(ctx context.Context) (desk.SetupEdges, error) {
	s.mu.Lock()
	d, err := s.draft()
	s.mu.Unlock()
	if err != nil {
		return desk.SetupEdges{}, err
	}
	if d.AccountSid == "" { // nothing of a rehearsal leaves this computer
		return desk.SetupEdges{}, errNoAccount
	}
	is := placed(d)
	all := edge.Measure(ctx, s.Trip, is.Region)
	found := desk.SetupEdges{Edges: []desk.SetupEdge{}, Nearest: edge.Proposed(all, is.Edge)}
	for _, one := range all {
		found.Edges = append(found.Edges, desk.SetupEdge{Edge: one.Edge, City: edge.City(one.Edge), TookMs: one.Took.Milliseconds(), Reached: one.Took > 0})
	}
	return found, nil
}

// Place takes where Twilio is to be used. A region has an auth token of its own, which the
// account is asked with there before anything is taken.
func (s *Session) Place(ctx context.Context, b desk.SetupPlaceBody) (desk.SetupState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to, err := edge.Of(b.Edge, b.Region)
	if err != nil {
		var wrong *edge.WrongError
		errors.As(err, &wrong)
		return desk.SetupState{}, refused(wrong.Setting, wrong.Message)
	}
	d, err := s.draft()
	if err != nil {
		return desk.SetupState{}, err
	}
	for _, name := range []string{"edge", "region"} {
		if err := s.free(name); err != nil {
			return desk.SetupState{}, err
		}
	}
	if d.AccountSid == "" {
		return desk.SetupState{}, errNoAccount
	}
	from := d.place()
	if d.Edge, d.Region = to.Edge, to.Region; to == edge.Usual {
		d.Edge, d.Region = "", ""
	}
	if from.Abroad() != to.Abroad() {
		if err := s.moves(ctx, d, strings.TrimSpace(b.Token)); err != nil {
			return desk.SetupState{}, err
		}
	}
	if err := s.keep(d); err != nil {
		return desk.SetupState{}, err
	}
	return s.state(ctx, d)
}

// moves takes a draft that is in another region than it was, by the auth token that the
// account has there; without one, by the one that is kept of it.
func (s *Session) moves(ctx context.Context, d draft, token string) error {
	place := placed(d) // us1 has its name here
	if err := s.free("auth_token"); err != nil {
		return err
	}
	was, err := setup.LoadBefore(s.Dir)
	if err != nil {
		return err
	}
	if len(was.Resources) > 0 {
		return refused("region", "Callin has changed things in the region where the account is now, and regions know nothing of one another. Undo that first.")
	}
	if token == "" {
		if token, err = s.token(d); err != nil {
			return err
		}
	}
	if !authToken.MatchString(token) {
		return refused("token", fmt.Sprintf("The region %s has an auth token of its own. %s", place.Region, copied(place.Region)))
	}
	twilio, err := carrier.New(carrier.Account{AccountSid: d.AccountSid, Username: d.AccountSid, Password: token, Rehearsal: s.Twilio, Place: d.place()})
	if err != nil {
		return err
	}
	if _, err = twilio.Account(ctx); errors.Is(err, carrier.ErrCredentials) {
		return notThere(d.place())
	} else if err != nil {
		return setup.InWords(err)
	}
	return s.unkept(s.secrets().Set(secret.AuthToken(d.AccountSid, d.place().Abroad()), token))
}

// notThere refuses an auth token that is not the region's.
func notThere(p edge.Place) error {
	region := cmp.Or(p.Region, edge.Usual.Region)
	return refused("token", fmt.Sprintf("In the region %s Twilio does not know this account with this auth token: each region has its own. %s", region, copied(region)))
}

// copied says where a region's auth token is (Twilio docs: Manage Regional API Credentials).
func copied(region string) string {
	return fmt.Sprintf("In Twilio's console open API keys & auth tokens, choose %s (%s) in the list of regions there, and copy the auth token.", edge.RegionName(region), strings.ToUpper(region))
}
