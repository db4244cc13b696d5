package carrier

import (
	"context"
	"slices"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Queue is one of the account's, by Twilio's name for it.
type Queue struct {
	Name string
	Size int // how many wait in it
}

// AllQueues are the account's queues, whoever made them.
func (t *Twilio) AllQueues(ctx context.Context) (all []Queue, err error) {
	err = t.ask(ctx, func(a *api.ApiService) error {
		queues, err := a.ListQueue((&api.ListQueueParams{}).SetPageSize(page))
		for _, q := range queues {
			all = append(all, Queue{value(q.FriendlyName), q.CurrentSize})
		}
		return err
	})
	return all, err
}

// QueueSid finds the queue of a name that is the account's, not this station's
// alone: its QueueSid, empty when there is none.
func (t *Twilio) QueueSid(name string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		queues, err := t.queues(ctx, func(atTwilio string) string { return atTwilio }, name)
		return queues[name], err
	}
}

// Queues are the QueueSids of those of the station's named queues that there are.
func (t *Twilio) Queues(ctx context.Context, names ...string) (map[string]string, error) {
	return t.queues(ctx, t.station.OurName, names...)
}

func (t *Twilio) queues(ctx context.Context, ours func(string) string, names ...string) (map[string]string, error) {
	sids := map[string]string{}
	err := t.ask(ctx, func(a *api.ApiService) error {
		queues, err := a.ListQueue((&api.ListQueueParams{}).SetPageSize(page))
		for _, q := range queues {
			if name := ours(value(q.FriendlyName)); slices.Contains(names, name) {
				sids[name] = value(q.Sid)
			}
		}
		return err
	})
	return sids, err
}
