package stage

import (
	"context"
	"net/http"
)

// Planting is what others have made of the account, or Twilio: it is there as it is
// said here, unasked and unpaid. What is left out stays as it was.
type Planting struct {
	Account *Account `json:"account,omitempty"`
	// NoNumbers gives back all numbers that the account has, before Numbers.
	NoNumbers bool          `json:"no_numbers,omitempty"`
	Numbers   []Number      `json:"numbers,omitempty"`
	Apps      []App         `json:"apps,omitempty"`
	Keys      []string      `json:"keys,omitempty"`   // by name
	Queues    []string      `json:"queues,omitempty"` // by name
	Profiles  []Profile     `json:"profiles,omitempty"`
	ForSale   []Sale        `json:"for_sale,omitempty"`
	Prices    []NumberPrice `json:"prices,omitempty"`
	// MayDial and MayText say of countries, by ISO code, whether calls and texts may go
	// there.
	MayDial map[string]bool `json:"may_dial,omitempty"`
	MayText map[string]bool `json:"may_text,omitempty"`
	Alerts  []PlantedAlert  `json:"alerts,omitempty"`
	Usage   []Usage         `json:"usage,omitempty"`
}

// Account is how the account stands; whether it is a trial one is a switch.
type Account struct {
	Name    string   `json:"name,omitempty"`
	Status  string   `json:"status,omitempty"` // active, suspended or closed
	Balance *float64 `json:"balance,omitempty"`
	// Currency is as REST writes it, such as USD.
	Currency string `json:"currency,omitempty"`
	// Tokens are the auth tokens of regions other than us1, by region. A region without
	// one takes the account's.
	Tokens map[string]string `json:"tokens,omitempty"`
}

// Number is one that the account has. REST sets what is not here.
type Number struct {
	Number         string `json:"number"` // E.164
	Name           string `json:"name,omitempty"`
	VoiceURL       string `json:"voice_url,omitempty"`
	SmsURL         string `json:"sms_url,omitempty"`
	StatusCallback string `json:"status_callback,omitempty"`
	ApplicationSid string `json:"application_sid,omitempty"`
	TrunkSid       string `json:"trunk_sid,omitempty"`
}

// App is a TwiML App. REST sets what is not here.
type App struct {
	Name           string `json:"name"`
	VoiceURL       string `json:"voice_url,omitempty"`
	StatusCallback string `json:"status_callback,omitempty"`
}

// Profile is a customer profile of the Trust Hub.
type Profile struct {
	Name   string `json:"name"`
	Status string `json:"status"` // draft, pending-review, in-review, twilio-rejected or twilio-approved
}

// Sale is a number that can be had.
type Sale struct {
	Number   string `json:"number"`            // E.164
	Country  string `json:"country,omitempty"` // ISO code; US if empty
	Kind     string `json:"kind,omitempty"`    // local, mobile or toll free; local if empty
	Locality string `json:"locality,omitempty"`
	Region   string `json:"region,omitempty"`
	Needs    string `json:"needs,omitempty"` // address or bundle, without which it cannot be had
	// Taken ones are still listed, but somebody else is quicker.
	Taken bool `json:"taken,omitempty"`
}

// NumberPrice is what the numbers of a kind cost a month in a country.
type NumberPrice struct {
	Country string  `json:"country"`
	Kind    string  `json:"kind"`
	Monthly float64 `json:"monthly"`
}

// PlantedAlert is an entry of Twilio's debugger; HoursAgo is when.
type PlantedAlert struct {
	Code     int     `json:"code"`
	Message  string  `json:"message,omitempty"`
	URL      string  `json:"url,omitempty"`
	CallSid  string  `json:"call_sid,omitempty"`
	HoursAgo float64 `json:"hours_ago,omitempty"`
}

// Usage is what a category of usage came to today, beside the calls there were.
type Usage struct {
	Category string  `json:"category"` // Twilio's, such as calls-globalconference
	Count    int     `json:"count"`
	Minutes  int     `json:"minutes"`
	Price    float64 `json:"price"` // US dollars
}

// Planted are the SIDs of what was planted, each list in the planting's order.
type Planted struct {
	Numbers  []string `json:"numbers,omitempty"`
	Apps     []string `json:"apps,omitempty"`
	Keys     []string `json:"keys,omitempty"`
	Queues   []string `json:"queues,omitempty"`
	Profiles []string `json:"profiles,omitempty"`
	Alerts   []string `json:"alerts,omitempty"`
}

// Plant puts things into the account.
func (c Client) Plant(ctx context.Context, p Planting) (Planted, error) {
	var out Planted
	err := c.do(ctx, http.MethodPost, "account", p, &out)
	return out, err
}
