package app

import (
	"context"

	"callin/app/desk"
)

var _ desk.Setup = managing{}

// setUp asks the station that runs for a step of its set-up.
func (m managing) setUp(ctx context.Context, op string, body any) (st desk.SetupState, err error) {
	err = m.ask(ctx, op, body, &st)
	return st, err
}

func (m managing) State(ctx context.Context) (desk.SetupState, error) {
	return m.setUp(ctx, "setup", desk.Empty{})
}

func (m managing) Account(ctx context.Context, b desk.SetupAccountBody) (desk.SetupState, error) {
	return m.setUp(ctx, "setupAccount", b)
}

func (m managing) Number(ctx context.Context, number string) (desk.SetupState, error) {
	return m.setUp(ctx, "setupNumber", desk.SetupNumberBody{Number: number})
}

func (m managing) Offers(ctx context.Context, b desk.SetupOffersBody) (offers desk.SetupOffers, err error) {
	err = m.ask(ctx, "setupOffers", b, &offers)
	return offers, err
}

func (m managing) Buy(ctx context.Context, b desk.SetupBuyBody) (desk.SetupState, error) {
	return m.setUp(ctx, "setupBuy", b)
}

func (m managing) DialIn(ctx context.Context, b desk.SetupDialInBody) (desk.SetupState, error) {
	return m.setUp(ctx, "setupDialIn", b)
}

func (m managing) Address(ctx context.Context, b desk.SetupAddressBody) (desk.SetupState, error) {
	return m.setUp(ctx, "setupAddress", b)
}

func (m managing) Edges(ctx context.Context) (edges desk.SetupEdges, err error) {
	err = m.ask(ctx, "setupEdges", desk.Empty{}, &edges)
	return edges, err
}

func (m managing) Place(ctx context.Context, b desk.SetupPlaceBody) (desk.SetupState, error) {
	return m.setUp(ctx, "setupPlace", b)
}

func (m managing) Do(ctx context.Context, b desk.SetupDoBody) (desk.SetupState, error) {
	return m.setUp(ctx, "setupDo", b)
}

func (m managing) Call(ctx context.Context, number string) (desk.SetupState, error) {
	return m.setUp(ctx, "setupCall", desk.SetupCallBody{Number: number})
}

func (m managing) NewKey(ctx context.Context) (desk.SetupState, error) {
	return m.setUp(ctx, "setupKey", desk.Empty{})
}

func (m managing) Undo(ctx context.Context) (desk.SetupState, error) {
	return m.setUp(ctx, "setupUndo", desk.Empty{})
}
