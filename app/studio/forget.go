package studio

import (
	"context"

	"callin/app/call"
)

// Forget has a person's data erased, by their number (E.164), where it is kept
// and here; the messages they have left are deleted at Twilio too. A caller who
// is on the telephone is refused: the desk needs the card.
// That somebody was forgotten becomes a fact, which also sees to it that
// everything of before is on disk and can be erased there.
func (s *Studio) Forget(ctx context.Context, number string, erase func(context.Context, string) error) error {
	var messages []string
	var err error
	s.locked(func(c *core) {
		for who := range c.state.Callers() {
			if who.Number() == number {
				err = refuse(call.CodeOnThePhone, "This caller is on the telephone now. Delete the data after the call.")
				return
			}
		}
		for _, v := range c.state.Voicemail() {
			if v.Number == number {
				messages = append(messages, v.Recording)
			}
		}
	})
	if err != nil {
		return err
	}
	for _, recording := range messages {
		if err := s.DeleteVoicemail(ctx, recording); err != nil {
			return err
		}
	}
	err = s.keep(ctx, func(*core) ([]call.Fact, error) {
		return []call.Fact{{Kind: call.Forgotten, Whose: number}}, nil
	})
	if err != nil {
		return err
	}
	if err := erase(ctx, number); err != nil {
		return err
	}
	s.hub.forget()
	return nil
}
