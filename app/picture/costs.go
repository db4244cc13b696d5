package picture

import "callin/app/call"

// Costs are what the station's shows come to on its account, as an estimate. Like the
// disk's state they are no fact: the latest are what counts.
type Costs struct {
	// Free is whether it is a rehearsal, which costs nothing.
	Free bool `json:"free"`
	// Currency is the account's (ISO 4217); empty while Twilio has told no price.
	Currency string `json:"currency,omitempty"`
	// Shows are one for each studio: its show that is open, or else its last one.
	Shows []ShowCost `json:"shows"`
	// Month is what the account has used in this calendar month (UTC); nil until Twilio
	// has told it.
	Month *MonthCost `json:"month,omitempty"`
	// Limit is what the station means to spend in a month; 0 for none. LimitFixed is
	// whether the settings' file has it.
	Limit      float64 `json:"limit"`
	LimitFixed bool    `json:"limitFixed"`
	// Balance is a trial account's credit.
	Balance *float64 `json:"balance,omitempty"`
	// Trouble is why prices and month are not as of now, in words.
	Trouble string `json:"trouble,omitempty"`
}

// ShowCost is what a studio's show comes to.
type ShowCost struct {
	Studio call.Studio `json:"studio"`
	Parts  []CostPart  `json:"parts"`
	// Sum is of the parts that have a price, and Known whether all of them have one.
	Sum   float64 `json:"sum"`
	Known bool    `json:"known"`
}

// CostKind is a kind of minutes.
type CostKind string

// The kinds of minutes of a show, as an account pays them.
const (
	CostCallers    CostKind = "callers"    // calls to the listeners' number
	CostTelephones CostKind = "telephones" // calls to the dial-in number
	CostDesks      CostKind = "desks"      // phones of desks (Twilio: client)
	CostLines      CostKind = "lines"      // whoever is on a line (Twilio: conference participants)
)

// CostPart is one kind of minutes. Rate is the price of one; nil while that is not
// known.
type CostPart struct {
	Kind    CostKind `json:"kind"`
	Minutes int64    `json:"minutes"`
	Rate    *float64 `json:"rate,omitempty"`
}

// MonthCost is a month so far. Total is Twilio's, as of At; SoFar is with what the
// shows came to since, as an estimate.
type MonthCost struct {
	Total float64 `json:"total"`
	At    int64   `json:"at"`
	SoFar float64 `json:"soFar"`
}
