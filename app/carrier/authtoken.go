package carrier

import (
	"context"
	"sync"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// changing is what is known of an AuthToken that is being changed: Twilio makes a second
// one, and ends the first at the moment at which the second is promoted (Twilio docs:
// Auth Token).
type changing struct {
	mu      sync.Mutex // held while the second is tried
	next    func() []string
	changed func(authToken string)
}

// change goes on with a next AuthToken that Twilio accepts, and reports whether there are
// other credentials than those that were used. A question that changes nothing tries it.
func (t *Twilio) change(ctx context.Context, used *client.Credentials) bool {
	c := &t.changing
	if c.next == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.credentials.Load() != used { // by another request meanwhile
		return true
	}
	for _, next := range c.next() {
		if next == used.Password {
			continue
		}
		as := client.NewCredentials(used.Username, next)
		err := t.askAs(ctx, as, func(a *api.ApiService) error {
			_, err := a.FetchAccount(t.accountSid)
			return err
		})
		if err == nil {
			c.changed(next)
			t.credentials.Store(as)
			return true
		}
	}
	return false
}
