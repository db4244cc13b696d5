package carrier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/call"
)

// page is the most that one list request may return (Twilio: 1000).
const page = 1000

// Redirect makes a call fetch the TwiML of its intended place: from a queue by its
// Member, which is Twilio's documented way out of one, otherwise by the Call.
func (t *Twilio) Redirect(ctx context.Context, sid call.Sid, from call.Place, queueSid string, move int64) error {
	url := fmt.Sprintf("%s/voice/sent?move=%d", t.public, move)
	return t.ask(ctx, func(a *api.ApiService) error {
		if from.Kind == call.Queue && queueSid != "" {
			_, err := a.UpdateMember(queueSid, string(sid), (&api.UpdateMemberParams{}).SetUrl(url).SetMethod("POST"))
			return err
		}
		_, err := a.UpdateCall(string(sid), (&api.UpdateCallParams{}).SetUrl(url).SetMethod("POST"))
		return err
	})
}

// RedirectTo gives a call TwiML to follow at once (Twilio: 4,000 characters at most).
func (t *Twilio) RedirectTo(ctx context.Context, sid call.Sid, twiml string) error {
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.UpdateCall(string(sid), (&api.UpdateCallParams{}).SetTwiml(twiml))
		return err
	})
}

// Ring has Twilio call a telephone from one of the account's numbers, and ask an address
// what it is to hear. It costs money on a real account.
func (t *Twilio) Ring(ctx context.Context, from, to, url string) error {
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.CreateCall((&api.CreateCallParams{}).SetFrom(from).SetTo(to).SetUrl(url).SetMethod("POST"))
		return err
	})
}

// SetParticipant changes how a call stands on its line. Hold leaves the mute as it is,
// so that nobody is heard for an instant on the way from one to the other.
func (t *Twilio) SetParticipant(ctx context.Context, conference string, sid call.Sid, state call.State) error {
	p := &api.UpdateParticipantParams{}
	switch state {
	case call.Held:
		p.SetHold(true).SetHoldUrl(t.public + "/voice/hold").SetHoldMethod("POST")
	case call.Deck:
		p.SetMuted(true).SetHold(false)
	default:
		p.SetMuted(false).SetHold(false)
	}
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.UpdateParticipant(conference, string(sid), p)
		return err
	})
}

// End ends a call.
func (t *Twilio) End(ctx context.Context, sid call.Sid) error {
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.UpdateCall(string(sid), (&api.UpdateCallParams{}).SetStatus("completed"))
		return err
	})
}

// Listen has Twilio tell /voice/page what the page of a phone says in its call (Twilio:
// UserDefinedMessageSubscription).
func (t *Twilio) Listen(ctx context.Context, leg call.Sid) error {
	return t.ask(ctx, func(a *api.ApiService) error {
		p := (&api.CreateUserDefinedMessageSubscriptionParams{}).SetCallback(t.public + "/voice/page").SetMethod("POST")
		_, err := a.CreateUserDefinedMessageSubscription(string(leg), p)
		return err
	})
}

// AskPage asks the page of a phone to say what it hears (Twilio: UserDefinedMessage).
func (t *Twilio) AskPage(ctx context.Context, leg call.Sid) error {
	return t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.CreateUserDefinedMessage(string(leg), (&api.CreateUserDefinedMessageParams{}).SetContent(`{"ask":"sound"}`))
		return err
	})
}

// Find tells what Twilio says of a call.
func (t *Twilio) Find(ctx context.Context, sid call.Sid) (call.Found, error) {
	var found call.Found
	err := t.ask(ctx, func(a *api.ApiService) error {
		c, err := a.FetchCall(string(sid), &api.FetchCallParams{})
		if err == nil {
			found = call.Found{Status: call.CallStatus(value(c.Status)), From: value(c.From), To: value(c.To)}
			found.Desk, _ = t.station.DeskOf(strings.TrimPrefix(found.From, "client:"))
		}
		return err
	})
	return found, err
}

// Survey tells where every call is that waits in one of the queues or is on one
// of the lines. A queue or conference that has gone meanwhile has nobody in it.
func (t *Twilio) Survey(ctx context.Context, queues, lines []string) (map[call.Sid]call.Whereabouts, error) {
	seen := map[call.Sid]call.Whereabouts{}
	for _, queue := range queues {
		err := t.ask(ctx, func(a *api.ApiService) error {
			members, err := a.ListMember(queue, (&api.ListMemberParams{}).SetPageSize(page))
			for _, m := range members {
				seen[call.Sid(value(m.CallSid))] = call.Whereabouts{QueueSid: queue}
			}
			return err
		})
		if err != nil && !errors.Is(err, call.ErrGone) {
			return nil, err
		}
	}
	for _, status := range []string{"init", "in-progress"} {
		if err := t.surveyLines(ctx, lines, status, seen); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// surveyLines notes who is on the lines whose conferences have a status. All of an
// account's are listed at once: asked for one by one, many desks would be many requests.
func (t *Twilio) surveyLines(ctx context.Context, lines []string, status string, seen map[call.Sid]call.Whereabouts) error {
	var conferences []api.ApiV2010Conference
	err := t.ask(ctx, func(a *api.ApiService) (err error) {
		conferences, err = a.ListConference((&api.ListConferenceParams{}).SetStatus(status).SetPageSize(page))
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range conferences {
		line := t.station.OurName(value(c.FriendlyName))
		if !slices.Contains(lines, line) {
			continue
		}
		err := t.ask(ctx, func(a *api.ApiService) error {
			participants, err := a.ListParticipant(value(c.Sid), (&api.ListParticipantParams{}).SetPageSize(page))
			for _, p := range participants {
				seen[call.Sid(value(p.CallSid))] = call.Whereabouts{
					Line: line, Conference: value(c.Sid), Muted: value(p.Muted), Hold: value(p.Hold),
					Desk: strings.HasPrefix(value(p.Label), call.DeskLabel), Talkback: strings.HasPrefix(value(p.Label), call.TalkbackLabel),
					Reserve: strings.HasPrefix(value(p.Label), call.ReserveLabel),
				}
			}
			return err
		})
		if err != nil && !errors.Is(err, call.ErrGone) {
			return err
		}
	}
	return nil
}

// OpenQueue makes the queue, or finds it by its name, sized for size callers.
func (t *Twilio) OpenQueue(ctx context.Context, name string, size int) (string, error) {
	var sid string
	name = t.station.AtTwilio(name)
	err := t.ask(ctx, func(a *api.ApiService) error {
		q, err := a.CreateQueue((&api.CreateQueueParams{}).SetFriendlyName(name).SetMaxSize(size))
		if err == nil {
			sid = value(q.Sid)
			return nil
		}
		if code(err) != 22003 { // there is one of this name
			return err
		}
		queues, err := a.ListQueue((&api.ListQueueParams{}).SetPageSize(page))
		if err != nil {
			return err
		}
		for _, q := range queues {
			if value(q.FriendlyName) == name {
				sid = value(q.Sid)
				_, err = a.UpdateQueue(sid, (&api.UpdateQueueParams{}).SetMaxSize(size))
				return err
			}
		}
		return fmt.Errorf("%w: the queue %s is neither there nor to be made", call.ErrLater, name)
	})
	return sid, err
}

// DeleteQueue deletes an empty queue.
func (t *Twilio) DeleteQueue(ctx context.Context, queueSid string) error {
	err := t.ask(ctx, func(a *api.ApiService) error { return a.DeleteQueue(queueSid, &api.DeleteQueueParams{}) })
	if errors.Is(err, call.ErrGone) {
		return nil
	}
	return err
}
