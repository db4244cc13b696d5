package studio

import (
	"context"
	"errors"
	"slices"

	"callin/app/call"
)

// Recordings are what callers have left, as Twilio keeps it.
type Recordings interface {
	// DeleteRecording deletes one by its RecordingSid; call.ErrGone when there is
	// none.
	DeleteRecording(ctx context.Context, recording string) error
}

// mostVoicemail is how many messages are kept: then nobody is offered to leave
// one until some are deleted, as anybody who rings in can fill the list.
const mostVoicemail = 200

// Voicemail is a message that a caller has left.
type Voicemail struct {
	Recording string   `json:"recording"` // RecordingSid
	Call      call.Sid `json:"call"`
	Number    string   `json:"number"` // E.164; empty when withheld
	Name      string   `json:"name"`
	At        int64    `json:"at"`
	Seconds   int64    `json:"seconds"`
}

// applyVoicemail keeps the messages that have not been deleted, oldest first.
func (s *state) applyVoicemail(f call.Fact, t *touched) {
	at := slices.IndexFunc(s.voicemail, func(v Voicemail) bool { return v.Recording == f.Recording })
	switch {
	case f.Kind == call.Recorded && at < 0:
		v := Voicemail{Recording: f.Recording, Call: f.Call, At: f.At, Seconds: f.Seconds}
		set(&v.Number, f.Number)
		set(&v.Name, f.Name)
		s.voicemail = append(slices.Clone(s.voicemail), v)
	case f.Kind == call.Unrecorded && at >= 0:
		s.voicemail = slices.Delete(slices.Clone(s.voicemail), at, at+1)
	default:
		return
	}
	t.voicemail = true
}

// takesVoicemail reports whether a caller can leave a message. The lock is held.
func (s *Studio) takesVoicemail() bool {
	return s.recordings != nil && len(s.state.voicemail) < mostVoicemail
}

// LeavesMessage answers a call that wants to leave a message.
func (s *Studio) LeavesMessage(a Arrival) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.known(a)
	if c == nil {
		return ended
	}
	if c.Place.Kind == call.Closing && s.takesVoicemail() {
		s.placed(c.Call, call.Place{Kind: call.Voicemail}, "")
	}
	return s.answer(c, Message)
}

// Recorded takes in a message that a caller has left, and answers the call, if it
// is still there. Seconds is its length.
func (s *Studio) Recorded(a Arrival, recording string, seconds int64) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := a.Name
	c := s.state.callers[a.Call]
	if c != nil && c.Name != "" {
		name = c.Name
	}
	if recording != "" && seconds > 0 {
		s.record(call.Fact{Kind: call.Recorded, Call: a.Call, Number: &a.Number, Name: &name, Recording: recording, Seconds: seconds})
	}
	if c == nil {
		return ended
	}
	s.placed(c.Call, call.Place{Kind: call.Closing}, "")
	return s.answer(c, Thanks)
}

// voicemailOf finds a message. The lock is held.
func (s *Studio) voicemailOf(recording string) (Voicemail, error) {
	for _, v := range s.state.voicemail {
		if v.Recording == recording {
			return v, nil
		}
	}
	return Voicemail{}, refuse(call.CodeNoSuchMessage, "This message has been deleted.")
}

// HasVoicemail checks that a message is there.
func (s *Studio) HasVoicemail(recording string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.voicemailOf(recording)
	return err
}

// DeleteVoicemail deletes a message, at Twilio first.
func (s *Studio) DeleteVoicemail(ctx context.Context, recording string) error {
	s.mu.Lock()
	v, err := s.voicemailOf(recording)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	err = s.settle(ctx, func(ctx context.Context) error { return s.recordings.DeleteRecording(ctx, recording) })
	if err != nil && !errors.Is(err, call.ErrGone) {
		s.log.Warn("a message was not deleted", "recording", recording, "error", err)
		return refuse(call.CodeNotDeleted, "Twilio did not delete this message. Try again.")
	}
	s.mu.Lock()
	saved := s.record(call.Fact{Kind: call.Unrecorded, Call: v.Call, Recording: recording})
	s.mu.Unlock()
	return s.onDisk(ctx, saved)
}
