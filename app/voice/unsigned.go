package voice

import (
	"log/slog"
	"sync"
	"time"
)

// unsignedEvery is how often the log says that requests were not signed:
// strangers can send as many as they like.
const unsignedEvery = time.Minute

// unsigned counts the requests that Twilio did not sign.
type unsigned struct {
	log *slog.Logger

	mu      sync.Mutex
	count   int  // since the log last said so
	waiting bool // until it may say so again
}

// heard counts one. The first is told at once, as it may be Twilio's own under a
// wrong address.
func (u *unsigned) heard() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.count++
	if !u.waiting {
		u.tell()
	}
}

// tell logs what was counted; mu is held.
func (u *unsigned) tell() {
	if u.waiting = u.count > 0; !u.waiting {
		return
	}
	u.log.Warn("requests that Twilio did not sign for this address", "count", u.count)
	u.count = 0
	time.AfterFunc(unsignedEvery, func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.tell()
	})
}
