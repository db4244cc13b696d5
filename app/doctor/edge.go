package doctor

import (
	"context"
	"fmt"
	"time"

	"callin/app/edge"
)

// farEdge is how long the way to an edge and back may take: with it twice in a talk, the
// two begin to speak at once (ITU-T G.114: 150 ms one way).
const farEdge = 300 * time.Millisecond

// edge is how far Twilio's edge is, by which phones connect.
func (v *visit) edge(ctx context.Context) Finding {
	if v.Trip == nil {
		return unlooked("Without an account no edge of Twilio's is used.", "")
	}
	host := v.Place.Signalling()
	took, err := edge.Far(ctx, v.Trip, v.Place)
	switch {
	case err != nil:
		return wrong(fmt.Sprintf("Twilio's signalling is not reached at %s: no phone in this network connects.", host), "Look at this computer's internet, and let TCP 443 through to there.")
	case took > farEdge:
		return wrong(fmt.Sprintf("The way to Twilio at %s and back takes %d ms: in a talk both begin to speak at once.", host, took.Milliseconds()), "Choose a nearer edge: Account, Address, or callin setup.")
	}
	return fine(fmt.Sprintf("Phones reach Twilio %s: %d ms from here to %s and back.", v.Place.Said(), took.Milliseconds(), host))
}
