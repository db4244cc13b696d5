package station

import (
	"context"
	"errors"
	"slices"

	"callin/app/call"
	"callin/app/picture"
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

// offersVoicemail reports whether a caller can leave a message.
func (c *core) offersVoicemail() bool {
	return c.takesMessages && len(c.state.Voicemail()) < mostVoicemail
}

// LeavesMessage answers a call that wants to leave a message.
func (s *Station) LeavesMessage(a Arrival) Answer {
	return s.answers(a, func(st studio, who *picture.Caller) Answer {
		if who.Place().Kind == call.Closing && st.offersVoicemail() {
			st.placed(a.Call, call.Place{Kind: call.Voicemail}, "", told)
		}
		return st.answer(who, Message)
	})
}

// Recorded takes in a message that a caller has left, and answers the call, if it
// is still there. Seconds is its length.
func (s *Station) Recorded(a Arrival, recording string, seconds int64) (answer Answer) {
	s.locked(func(c *core) { answer = c.recorded(a, recording, seconds) })
	return answer
}

func (c *core) recorded(a Arrival, recording string, seconds int64) Answer {
	name := a.Name
	who := c.state.Caller(a.Call)
	if who != nil && who.Name() != "" {
		name = who.Name()
	}
	if recording != "" && seconds > 0 {
		of := c.state.StudioAtEnd(a.Call, a.Studio) // of one who is here, record knows it
		c.record(told, call.Fact{Kind: call.Recorded, Call: a.Call, Studio: of, Number: &a.Number, Name: &name, Recording: recording, Seconds: seconds})
	}
	if who == nil {
		return ended
	}
	c.closing(a.Call, told)
	return c.of(who).answer(who, Thanks)
}

// message finds one that a caller has left.
func (c *core) message(recording string) (picture.Voicemail, error) {
	all := c.state.Voicemail()
	at := slices.IndexFunc(all, func(v picture.Voicemail) bool { return v.Recording == recording })
	if at < 0 {
		return picture.Voicemail{}, refuse(call.CodeNoSuchMessage, "This message has been deleted.")
	}
	return all[at], nil
}

// VoicemailOf is the studio that a message was left for.
func (s *Station) VoicemailOf(recording string) (of call.Studio, err error) {
	s.locked(func(c *core) {
		var v picture.Voicemail
		v, err = c.message(recording)
		of = v.Studio
	})
	return of, err
}

// DeleteVoicemail deletes a message of the studio's, at Twilio first.
func (s Seat) DeleteVoicemail(ctx context.Context, recording string) error {
	if of, err := s.VoicemailOf(recording); err == nil && of != s.studio {
		return refuse(call.CodeNoSuchMessage, "This message is another studio's.")
	}
	return s.deleteVoicemail(ctx, recording)
}

func (s Seat) deleteVoicemail(ctx context.Context, recording string) (err error) {
	s.decide(func(st studio) {
		if _, err = st.message(recording); err == nil {
			err = st.writable()
		}
	})
	if err != nil {
		return err
	}
	err = s.atOnce(ctx, func(ctx context.Context) error { return s.recordings.DeleteRecording(ctx, recording) })
	if err != nil && !errors.Is(err, call.ErrGone) {
		s.log.Warn("a message was not deleted", "recording", recording, "error", err)
		return refuse(call.CodeNotDeleted, "Twilio did not delete this message. Try again.")
	}
	var saved <-chan struct{}
	s.decide(func(st studio) {
		if v, err := st.message(recording); err == nil { // else somebody else was quicker
			saved = st.record(told, call.Fact{Kind: call.Unrecorded, Call: v.Call, Recording: recording})
		}
	})
	if saved == nil {
		return nil
	}
	return s.onDisk(ctx, saved)
}
