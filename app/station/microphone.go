package station

import (
	"context"
	"time"

	"callin/app/call"
	"callin/app/picture"
)

// muteWithin is how long the page that has the phone may take to do what another
// page asks of its microphone.
const muteWithin = 3 * time.Second

// microphone is what the page of a line's phone said last of its own, and what is
// asked of it; nil for nothing.
type microphone struct {
	said   picture.Microphone
	muting *muting
}

// microphoneOf is the microphone of a line's phone.
func (c *core) microphoneOf(line string) *microphone {
	m := c.microphones[line]
	if m == nil {
		m = &microphone{}
		c.microphones[line] = m
	}
	return m
}

// muting is a request to mute or unmute that has not been answered.
type muting struct {
	asked picture.MuteAsked
	// over is closed when it was done, or when somebody has asked anew.
	over chan struct{}
}

// Microphone takes in what the page whose phone leg is on a line says of its
// microphone. obeyed is the At of the request that it did last; 0 for none.
func (s Seat) Microphone(leg call.Sid, muted bool, sound picture.Sound, obeyed int64) (err error) {
	if !sound.Known() {
		return &call.Error{Code: call.CodeBadField, Message: "Callin does not know this sound. Reload the page.", Field: "sound"}
	}
	s.decide(func(st studio) {
		var line string
		if line, err = st.mayHave(leg); err != nil {
			return
		}
		m := st.microphoneOf(line)
		// What was asked of the phone of before is not this one's.
		if m.said.Call != leg || m.muting != nil && m.muting.asked.At == obeyed {
			m.muteOver()
		}
		m.said = picture.Microphone{Line: line, Call: leg, Muted: muted, Sound: sound}
		st.core.recordSound(line, sound)
		s.tellMicrophone(m)
	})
	return err
}

// Mute asks the page whose phone leg is on a line to mute its microphone, or to
// unmute it, and waits until that page says that it is so.
func (s Seat) Mute(ctx context.Context, leg call.Sid, on bool) (err error) {
	var mic *microphone
	var m *muting
	s.decide(func(st studio) {
		if mic, err = st.canMute(leg); err != nil || mic.said.Muted == on && mic.muting == nil {
			return
		}
		mic.muteOver()
		st.mutedAt = max(st.now(), st.mutedAt+1)
		m = &muting{asked: picture.MuteAsked{On: on, At: st.mutedAt}, over: make(chan struct{})}
		mic.muting = m
		s.tellMicrophone(mic)
	})
	if m == nil {
		return err
	}
	late := time.NewTimer(muteWithin)
	defer late.Stop()
	select {
	case <-m.over:
		return nil
	case <-late.C:
	case <-ctx.Done():
	case <-s.life.Done():
	}
	s.locked(func(*core) {
		if mic.muting == m {
			err = notMuted
			mic.muteOver()
			s.tellMicrophone(mic)
		}
	})
	return err
}

var (
	notMuted = refuse(call.CodeNotMuted, "The page that has the phone does not answer. Mute or unmute it there, or take the phone here.")
	offLine  = refuse(call.CodePhoneOffLine, "This phone is not on the line any more.")
)

// mayHave is the line of a phone that the desk may speak for: its own, or one of a host's
// on the studio's line if it is a host's too.
func (st studio) mayHave(leg call.Sid) (line string, err error) {
	line, ok := st.state.LineOf(leg)
	l, _, _ := st.state.Line(line)
	switch {
	case !ok:
		return "", offLine
	case !l.Telephone && l.Desk == st.by.ID, st.isLane(line) && st.by.Roles.Any(call.Host):
		return line, nil
	}
	return "", refuse(call.CodeNotAllowed, "This phone is "+st.called(l.Desk)+"'s. Mute or disconnect it there.")
}

// canMute finds the microphone of a phone that has a line.
func (st studio) canMute(leg call.Sid) (*microphone, error) {
	line, err := st.mayHave(leg)
	if err != nil {
		return nil, err
	}
	if l, _, _ := st.state.Line(line); l.Telephone {
		return nil, refuse(call.CodeOnTelephone, "A telephone has the line: mute it on the telephone.")
	}
	m := st.microphoneOf(line)
	if m.said.Call != leg {
		return nil, notMuted
	}
	return m, nil
}

// muteOver ends the request that is under way, if any.
func (m *microphone) muteOver() {
	if m.muting != nil {
		close(m.muting.over)
		m.muting = nil
	}
}

// tellMicrophone shows a microphone to every desk at once: unlike other changes
// it does not wait behind facts for the disk, as what is on air must not be shown
// as muted meanwhile. It is called with the core, so that all see one order.
func (s *Station) tellMicrophone(m *microphone) {
	s.hub.publish(picture.Change{Microphones: []picture.Microphone{m.told()}})
}

// told is the microphone as desks are told of it.
func (m *microphone) told() picture.Microphone {
	told := m.said
	if m.muting != nil {
		asked := m.muting.asked
		told.Asked = &asked
	}
	return told
}

// microphonesOnLines are those of the phones that have a line.
func (c *core) microphonesOnLines() (all []picture.Microphone) {
	for _, l := range c.state.Lines() {
		if m := c.microphones[l.Name]; m != nil && l.Phone && m.said.Call == l.Leg {
			all = append(all, m.told())
		}
	}
	return all
}
