package desk

import (
	"context"

	"callin/app/call"
)

// Setup connects the station to an account at Twilio, a step after the other. What is
// answered is on the disk before, and each answer is all that is known then, so that
// a set-up goes on after any break.
type Setup interface {
	// State is how far the set-up is. It asks Twilio.
	State(ctx context.Context) (SetupState, error)
	Account(ctx context.Context, b SetupAccountBody) (SetupState, error)
	Number(ctx context.Context, number string) (SetupState, error)
	// Offers are numbers to buy; Buy buys one at the price that was shown.
	Offers(ctx context.Context, b SetupOffersBody) (SetupOffers, error)
	Buy(ctx context.Context, b SetupBuyBody) (SetupState, error)
	DialIn(ctx context.Context, b SetupDialInBody) (SetupState, error)
	Address(ctx context.Context, b SetupAddressBody) (SetupState, error)
	// Edges measures how far Twilio's edges are; Place chooses one, with its region.
	Edges(ctx context.Context) (SetupEdges, error)
	Place(ctx context.Context, b SetupPlaceBody) (SetupState, error)
	// Do changes what mark stands for and nothing else. The station then begins again
	// with its account.
	Do(ctx context.Context, b SetupDoBody) (SetupState, error)
	// Call has Twilio call a telephone, which hears the station.
	Call(ctx context.Context, number string) (SetupState, error)
	// NewKey has the station begin again with another API key at Twilio; the one before is
	// revoked.
	NewKey(ctx context.Context) (SetupState, error)
	// Undo puts everything at Twilio back; the station then begins again as a rehearsal.
	Undo(ctx context.Context) (SetupState, error)
}

// SetupStep is a step of the set-up.
type SetupStep string

// The steps, in their order.
const (
	StepAccount SetupStep = "account"
	StepNumber  SetupStep = "number"
	StepDialIn  SetupStep = "dialIn"
	StepAddress SetupStep = "address"
	StepChange  SetupStep = "change"
	StepTry     SetupStep = "try"
)

// SetupState is how far a set-up is.
type SetupState struct {
	// Step is the first that is not settled. Those before it can be done again.
	Step    SetupStep    `json:"step"`
	Account *SetupOwner  `json:"account,omitempty"`
	Numbers []SetupOwned `json:"numbers"`
	// Number and DialIn are those that were chosen; Pin is whether there is one.
	Number string        `json:"number,omitempty"`
	DialIn string        `json:"dialIn,omitempty"`
	Pin    bool          `json:"pin"`
	Public SetupPublic   `json:"public"`
	Place  SetupPlace    `json:"place"`
	Will   []SetupChange `json:"will"`
	// Mark stands for Will.
	Mark string `json:"mark,omitempty"`
	// Trial are sentences about what a trial account cannot do at a step, and how a show
	// differs; none for another account.
	Trial map[SetupStep]string `json:"trial,omitempty"`
	// Trouble is why nothing more is known of the account.
	Trouble string `json:"trouble,omitempty"`
	// Other is the public address of another Callin that is alive and has the account's
	// calls.
	Other string `json:"other,omitempty"`
	// Connected is whether this station runs on the account.
	Connected bool `json:"connected"`
	// Undoable is whether there is something to put back at Twilio.
	Undoable bool `json:"undoable"`
	// Secrets is where the auth token is, or will be, kept, in words.
	Secrets string `json:"secrets"`
	// Fixed are the settings that a file or the environment sets: the set-up does not.
	Fixed []string `json:"fixed"`
	// Again is whether the station begins again now: its page comes back by itself.
	Again bool `json:"again,omitempty"`
	// Left are sentences about what an undo has left as it is.
	Left []string `json:"left,omitempty"`
}

// SetupOwner is the account, as Twilio tells.
type SetupOwner struct {
	Sid  string `json:"sid"`
	Name string `json:"name"`
	// Says are sentences about what kind of account it is and what that means for a
	// show.
	Says []string `json:"says"`
	// Trial accounts cannot do all.
	Trial bool `json:"trial"`
	// Balance is in Currency (ISO 4217), such as 12.34; empty where Twilio does not tell.
	Balance  string `json:"balance,omitempty"`
	Currency string `json:"currency,omitempty"`
}

// SetupOwned is a number of the account.
type SetupOwned struct {
	Number string `json:"number"`
	Name   string `json:"name,omitempty"`
	// Now is a sentence about where its calls go today; Used is whether that is somewhere.
	Now  string `json:"now"`
	Used bool   `json:"used"`
}

// SetupPublic is where Twilio reaches the station.
type SetupPublic struct {
	Kind    PublicKind `json:"kind,omitempty"`
	Address string     `json:"address,omitempty"`
	// Domain is a tunnel's reserved one.
	Domain string `json:"domain,omitempty"`
	// Forward is what a proxy or port forward leads to on this computer.
	Forward string `json:"forward"`
	// Proxies are configurations for the usual proxies, by their names.
	Proxies []SetupProxy `json:"proxies"`
	// Within is whether Twilio is a stand-in on this computer, which needs neither a
	// tunnel nor a proxy.
	Within bool `json:"within,omitempty"`
	// Seen is whether Callin answers there, fetched through the address itself; TookMs is
	// how long that took. Trouble is why not.
	Seen    bool   `json:"seen"`
	TookMs  int64  `json:"tookMs,omitempty"`
	Trouble string `json:"trouble,omitempty"`
}

// PublicKind is how Twilio reaches a station.
type PublicKind string

// The ways: an address of one's own, or a tunnel that Callin keeps up.
const (
	PublicOwn    PublicKind = "own"
	PublicNgrok  PublicKind = "ngrok"
	PublicTunnel PublicKind = "cloudflared"
)

// SetupProxy is a configuration of a proxy for this station.
type SetupProxy struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// SetupPlace is where Twilio is used: its edge and its region, and both in words.
type SetupPlace struct {
	Edge   string `json:"edge"`
	Region string `json:"region"`
	Said   string `json:"said"`
}

// SetupEdges are Twilio's edges by how far they are from the station's computer, the
// nearest first.
type SetupEdges struct {
	Edges []SetupEdge `json:"edges"`
	// Nearest is the one that is proposed; empty where none is clearly nearer than the one
	// that is used.
	Nearest string `json:"nearest,omitempty"`
}

// SetupEdge is an edge, and how long the way there and back takes.
type SetupEdge struct {
	Edge    string `json:"edge"`
	City    string `json:"city"`
	TookMs  int64  `json:"tookMs"`
	Reached bool   `json:"reached"`
}

// SetupPlaceBody is where Twilio is to be used. Token is the auth token of another region
// than before.
type SetupPlaceBody struct {
	Edge   string `json:"edge" need:"yes" max:"20"`
	Region string `json:"region" need:"yes" max:"8"`
	Token  string `json:"token" max:"64"`
}

// SetupChange is something at Twilio that the set-up changes or makes.
type SetupChange struct {
	// What is the thing, such as the number +1 202 555 0100.
	What   string       `json:"what"`
	Made   bool         `json:"made,omitempty"`
	Fields []SetupField `json:"fields"`
}

// SetupField is one field of it, by a person's name for it. From is empty for nothing.
type SetupField struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// SetupOffers are numbers to buy.
type SetupOffers struct {
	Offers []SetupOffer `json:"offers"`
}

// SetupOffer is a number to buy: Price is what it costs a month, in Currency, such as
// 1.15; empty where Twilio does not tell, and it is not sold here then.
type SetupOffer struct {
	Number   string `json:"number"`
	Place    string `json:"place,omitempty"`
	Price    string `json:"price,omitempty"`
	Currency string `json:"currency,omitempty"`
}

// SetupAccountBody is an account's SID with its auth token.
type SetupAccountBody struct {
	Sid   string `json:"sid" need:"yes" max:"40"`
	Token string `json:"token" need:"yes" max:"64"`
}

// SetupNumberBody is the number that listeners call, in E.164.
type SetupNumberBody struct {
	Number string `json:"number" need:"yes" max:"20"`
}

// SetupOffersBody is which numbers to look for. Country is of ISO 3166, and Contains
// digits that the number has in it, with an area code first if it is to begin so.
type SetupOffersBody struct {
	Country  string `json:"country" need:"yes" max:"2"`
	Contains string `json:"contains" max:"16"`
	TollFree bool   `json:"tollFree"`
}

// SetupBuyBody is a number that was offered, with the price that was shown. DialIn is
// whether the DJ dials it, and not listeners.
type SetupBuyBody struct {
	Number string `json:"number" need:"yes" max:"20"`
	Price  string `json:"price" need:"yes" max:"12"`
	DialIn bool   `json:"dialIn"`
}

// SetupDialInBody is the DJ's number and PIN; without a number there is none. An empty
// PIN leaves the one that there is.
type SetupDialInBody struct {
	Number string `json:"number" max:"20"`
	Pin    string `json:"pin" max:"8"`
}

// SetupAddressBody is how Twilio reaches the station: Address is one's own, Token and
// Domain are of a tunnel. An empty token leaves the one that there is.
type SetupAddressBody struct {
	Kind    PublicKind `json:"kind" need:"yes" max:"12"`
	Address string     `json:"address" max:"200"`
	Token   string     `json:"token" max:"200"`
	Domain  string     `json:"domain" max:"200"`
}

// SetupDoBody agrees to what is to be changed. Over takes the account's calls from
// another Callin that is alive.
type SetupDoBody struct {
	Mark string `json:"mark" need:"yes" max:"16"`
	Over bool   `json:"over"`
}

// SetupCallBody is a telephone that Twilio calls.
type SetupCallBody struct {
	Number string `json:"number" need:"yes" max:"20"`
}

// setup makes an entry of the set-up.
func setup[Body, Result any](do func(Setup, context.Context, Body) (Result, error)) operation {
	return op(chiefs, func(ctx context.Context, a asked, b Body) (r Result, err error) {
		if a.Setup == nil {
			return r, &call.Error{Code: call.CodeSetup, Message: "This station is set up elsewhere: by its settings, or by callin setup on its computer."}
		}
		return do(a.Setup, ctx, b)
	})
}
