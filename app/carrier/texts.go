package carrier

import (
	"context"
	"fmt"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"callin/app/call"
)

// Text sends a text message. A number that has replied STOP is call.ErrOptedOut
// (Twilio: 21610).
func (t *Twilio) Text(ctx context.Context, from, to, words string) error {
	err := t.ask(ctx, func(a *api.ApiService) error {
		_, err := a.CreateMessage((&api.CreateMessageParams{}).SetFrom(from).SetTo(to).SetBody(words))
		return err
	})
	if code(err) == 21610 {
		return fmt.Errorf("%w: %w", call.ErrOptedOut, err)
	}
	return err
}
