package station

import (
	"context"

	"callin/app/call"
	"callin/app/picture"
)

// Forget has a person's data erased, by their number (E.164), where it is kept
// and here; the messages they have left are deleted at Twilio too. A caller who
// is on the telephone is refused: the desk needs the card. That somebody was
// forgotten becomes a fact, with the saved files that erase says may have them.
func (s Seat) Forget(ctx context.Context, number string, erase func(context.Context, string) ([]call.SavedFile, error)) error {
	var messages []string
	var err error
	s.locked(func(c *core) {
		err = c.forgettable(number)
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
		if err := s.deleteVoicemail(ctx, recording); err != nil {
			return err
		}
	}
	var saved <-chan struct{}
	s.locked(func(c *core) {
		if err = c.forgettable(number); err == nil { // they may have rung in since
			saved = c.tell(picture.Change{})
		}
	})
	if err == nil {
		err = s.onDisk(ctx, saved) // what is on disk can be erased there
	}
	var files []call.SavedFile
	if err == nil {
		files, err = erase(ctx, number)
	}
	if err != nil {
		return err
	}
	s.hub.forget()
	return s.keep(context.WithoutCancel(ctx), func(studio) ([]call.Fact, error) {
		return []call.Fact{{Kind: call.Forgotten, Whose: number, Files: files}}, nil
	})
}

// forgettable refuses to forget somebody now.
func (c *core) forgettable(number string) error {
	if err := c.writable(); err != nil {
		return err
	}
	for who := range c.state.Callers() {
		if who.Number() == number {
			return refuse(call.CodeOnThePhone, "This caller is on the telephone now. Delete the data after the call.")
		}
	}
	return nil
}

// Export keeps that an edition's record is about to be saved as file, and returns
// the number of the fact before which the file is to end: what is in it is known.
func (s Seat) Export(ctx context.Context, e call.Edition, file string) (until int64, err error) {
	err = s.keep(ctx, func(st studio) ([]call.Fact, error) {
		until = min(e.Until, st.state.Seq()+1)
		return []call.Fact{{Kind: call.Exported, File: file, Show: e.Show, Until: until}}, nil
	})
	return until, err
}
