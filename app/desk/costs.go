package desk

import "context"

// Costs are what the shows come to on the station's account, which a desk is told with
// the picture.
type Costs interface {
	// Read asks Twilio anew, unless that was done just now. What it told, or that it did
	// not, is told with the picture.
	Read(ctx context.Context) error
	// SetLimit sets what the station means to spend in a month, as a person wrote it; it
	// is on the disk when it returns.
	SetLimit(amount string) error
}

// CostLimitBody is an amount a month in the account's currency, as a person wrote it;
// empty for no limit.
type CostLimitBody struct {
	Limit string `json:"limit" max:"20"`
}
