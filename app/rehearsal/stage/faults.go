package stage

import (
	"context"
	"net/http"
)

// Faults are what goes wrong on purpose. Putting new ones replaces those of
// before; the zero Faults puts everything right.
type Faults struct {
	REST      []RESTFault    `json:"rest,omitempty"`
	Callbacks CallbackFaults `json:"callbacks,omitzero"`
	// NoSignalling refuses every softphone that wants to connect.
	NoSignalling bool `json:"no_signalling,omitempty"`
}

// RESTFault is one thing that goes wrong with REST requests. The first fault
// that fits a request is the one that happens.
type RESTFault struct {
	// Kind is busy (429 and code 20429; not done), error (500; not done), html
	// (a 502 that is no JSON; not done), down (the connection is closed; not
	// done), withheld (done, and never answered) or slow (done after Seconds).
	Kind string `json:"kind"`
	// Method and Path, a part of the request's path, say which requests; empty
	// for all.
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	// Count is how many requests it happens to, and ForSeconds how long it
	// lasts; 0 is until it is put right.
	Count      int     `json:"count,omitempty"`
	ForSeconds float64 `json:"for_seconds,omitempty"`
	Seconds    float64 `json:"seconds,omitempty"`
}

// CallbackFaults are the chances, from 0 to 1, that a status callback goes
// wrong. With the same Seed and the same callbacks the same ones do.
type CallbackFaults struct {
	Seed    uint64  `json:"seed,omitempty"`
	Lost    float64 `json:"lost,omitempty"`
	Doubled float64 `json:"doubled,omitempty"`
	// Late ones come after up to LateSeconds, and so out of order.
	Late        float64 `json:"late,omitempty"`
	LateSeconds float64 `json:"late_seconds,omitempty"`
	// ForSeconds is how long it lasts; 0 is until it is put right.
	ForSeconds float64 `json:"for_seconds,omitempty"`
}

// PutFaults makes things go wrong.
func (c Client) PutFaults(ctx context.Context, f Faults) error {
	return c.do(ctx, http.MethodPut, "faults", f, nil)
}

// CutSignalling breaks every softphone's signalling, once, as a lost network does.
func (c Client) CutSignalling(ctx context.Context) error {
	return c.do(ctx, http.MethodPost, "signalling/cut", nil, nil)
}
