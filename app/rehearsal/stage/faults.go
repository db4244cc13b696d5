package stage

import (
	"context"
	"net/http"
	"net/url"
)

// Faults are what goes wrong on purpose. Putting new ones replaces those of
// before; the zero Faults puts everything right.
type Faults struct {
	REST      []RESTFault    `json:"rest,omitempty"`
	Callbacks CallbackFaults `json:"callbacks,omitzero"`
	// NoSignalling refuses softphones that want to connect; CutSignalling breaks
	// the connections there are.
	NoSignalling *Outage `json:"no_signalling,omitempty"`
	// NoMedia loses the audio of softphones both ways; their signalling lives.
	NoMedia *Outage `json:"no_media,omitempty"`
	// NoUDP lets softphones that call out from now on find no way for their audio; their
	// signalling lives.
	NoUDP *Outage `json:"no_udp,omitempty"`
	// FarMs is how far edges are, in ms at /signal/far; one that is less than 0 is not
	// reached.
	FarMs map[string]int `json:"far_ms,omitempty"`
	// ClockSeconds is how far the stand-in's clock is ahead, or behind: in callbacks,
	// in REST's dates and when it judges a token. Else it goes on evenly from what this
	// computer's showed at its start.
	// What is measured, as a wait, is not changed. A day either way at most.
	ClockSeconds float64 `json:"clock_seconds,omitempty"`
}

// Outage is a network that is gone.
type Outage struct {
	// ForSeconds is how long it lasts; 0 is until it is put right.
	ForSeconds float64 `json:"for_seconds,omitempty"`
	// Identity is whose softphones it concerns; empty is everybody's.
	Identity string `json:"identity,omitempty"`
	// Call is the one call whose audio it concerns; empty is all.
	Call string `json:"call,omitempty"`
}

// RESTFault is one thing that goes wrong with REST requests. The first fault
// that fits a request is the one that happens.
type RESTFault struct {
	// Kind is busy (429 and code 20429; not done), error (500; not done), html
	// (a 502 that is no JSON; not done), down (the connection is closed; not
	// done), withheld (done, and never answered), broken (done, and then the
	// connection is closed), refused (answered with Status and Code; not done) or
	// slow (done after Seconds).
	Kind string `json:"kind"`
	// Method and Path, a part of the request's path, say which requests; empty
	// for all.
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	// Skip is how many requests that fit go well before.
	Skip int `json:"skip,omitempty"`
	// Count is how many requests it happens to, and ForSeconds how long it
	// lasts; 0 is until it is put right.
	Count      int     `json:"count,omitempty"`
	ForSeconds float64 `json:"for_seconds,omitempty"`
	Seconds    float64 `json:"seconds,omitempty"`
	// Status, Code and Message are what a refused one is answered.
	Status  int    `json:"status,omitempty"`
	Code    int    `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// Chance is how likely it is for each request, from 0 to 1; 0 is always.
	Chance float64 `json:"chance,omitempty"`
}

// CallbackFaults are the chances, from 0 to 1, that a status callback goes
// wrong. With the same Seed and the same callbacks the same ones do; REST's
// chances follow from the Seed as well.
type CallbackFaults struct {
	Seed    uint64  `json:"seed,omitempty"`
	Lost    float64 `json:"lost,omitempty"`
	Doubled float64 `json:"doubled,omitempty"`
	// Disordered ones wait until the next about the same call or conference has
	// been sent, 2 s at most.
	Disordered float64 `json:"disordered,omitempty"`
	// Late ones come after up to LateSeconds, which must be given.
	Late        float64 `json:"late,omitempty"`
	LateSeconds float64 `json:"late_seconds,omitempty"`
	// ForSeconds is how long it lasts; 0 is until it is put right.
	ForSeconds float64 `json:"for_seconds,omitempty"`
}

// PutFaults makes things go wrong.
func (c Client) PutFaults(ctx context.Context, f Faults) error {
	return c.do(ctx, http.MethodPut, "faults", f, nil)
}

// CutSignalling breaks the signalling of an identity's softphones, or of all if
// it is empty, once, as a lost network does.
func (c Client) CutSignalling(ctx context.Context, identity string) error {
	return c.do(ctx, http.MethodPost, "signalling/cut?"+url.Values{"identity": {identity}}.Encode(), nil, nil)
}
