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
	s.mu.Lock()
	err := s.writable()
	for _, c := range s.state.callers {
		if err == nil && c.Number == number {
			err = refuse(call.CodeOnThePhone, "This caller is on the telephone now. Delete the data after the call.")
		}
	}
	if err != nil {
		s.mu.Unlock()
		return err
	}
	messages := s.state.voicemail
	s.mu.Unlock()
	for _, v := range messages {
		if v.Number == number {
			if err := s.DeleteVoicemail(ctx, v.Recording); err != nil {
				return err
			}
		}
	}
	s.mu.Lock()
	saved := s.record(call.Fact{Kind: call.Forgotten})
	s.mu.Unlock()
	if err := s.onDisk(ctx, saved); err != nil {
		return err
	}
	if err := erase(ctx, number); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.state.texted, number)
	delete(s.state.optedOut, number) // Twilio refuses the next text again
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.ring = nil // desks that come back get a whole picture
	return nil
}
