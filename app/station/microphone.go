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

// muting is a request to mute or unmute that has not been answered.
type muting struct {
	asked picture.MuteAsked
	// over is closed when it was done, or when somebody has asked anew.
	over chan struct{}
}

// Microphone takes in what the page whose phone leg is on the line says of its
// microphone. obeyed is the At of the request that it did last; 0 for none.
func (s *Station) Microphone(leg call.Sid, muted bool, sound picture.Sound, obeyed int64) (err error) {
	if !sound.Known() {
		return &call.Error{Code: call.CodeBadField, Message: "Callin does not know this sound. Reload the page.", Field: "sound"}
	}
	s.locked(func(c *core) {
		if err = c.hasLine(leg); err != nil {
			return
		}
		// What was asked of the phone of before is not this one's.
		if c.microphone.Call != leg || c.muting != nil && c.muting.asked.At == obeyed {
			c.muteOver()
		}
		c.microphone = picture.Microphone{Call: leg, Muted: muted, Sound: sound}
		c.recordSound(sound)
		s.tellMicrophone(c)
	})
	return err
}

// Mute asks the page whose phone leg is on the line to mute its microphone, or to
// unmute it, and waits until that page says that it is so.
func (s *Station) Mute(ctx context.Context, leg call.Sid, on bool) (err error) {
	var m *muting
	s.locked(func(c *core) {
		if err = c.canMute(leg); err != nil {
			return
		}
		if c.microphone.Muted == on && c.muting == nil {
			return
		}
		c.muteOver()
		c.mutedAt = max(c.now(), c.mutedAt+1)
		m = &muting{asked: picture.MuteAsked{On: on, At: c.mutedAt}, over: make(chan struct{})}
		c.muting = m
		s.tellMicrophone(c)
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
	s.locked(func(c *core) {
		if c.muting == m {
			err = notMuted
			c.muteOver()
			s.tellMicrophone(c)
		}
	})
	return err
}

var notMuted = refuse(call.CodeNotMuted, "The page that has the phone does not answer. Mute or unmute it there, or take the phone here.")

// hasLine refuses what is about another phone than the one on the line.
func (c *core) hasLine(leg call.Sid) error {
	if l, has, _ := c.state.Line(StudioLine); !l.Phone || has != leg {
		return refuse(call.CodePhoneOffLine, "This phone is not on the line any more.")
	}
	return nil
}

func (c *core) canMute(leg call.Sid) error {
	if err := c.hasLine(leg); err != nil {
		return err
	}
	if l, _, _ := c.state.Line(StudioLine); l.Telephone {
		return refuse(call.CodeOnTelephone, "A telephone has the line: mute it on the telephone.")
	}
	if c.microphone.Call != leg {
		return notMuted
	}
	return nil
}

// muteOver ends the request that is under way, if any.
func (c *core) muteOver() {
	if c.muting != nil {
		close(c.muting.over)
		c.muting = nil
	}
}

// tellMicrophone shows the microphone to every desk at once: unlike other changes
// it does not wait behind facts for the disk, as what is on air must not be shown
// as muted meanwhile. It is called with the core, so that all see one order.
func (s *Station) tellMicrophone(c *core) {
	s.hub.publish(picture.Change{Microphone: c.lastMicrophone()})
}

// lastMicrophone is what was last said of a microphone, and what is asked of it.
func (c *core) lastMicrophone() *picture.Microphone {
	if c.microphone.Call == "" {
		return nil
	}
	m := c.microphone
	if c.muting != nil {
		asked := c.muting.asked
		m.Asked = &asked
	}
	return &m
}

// micOnLine is the microphone of the phone that is on the line.
func (c *core) micOnLine() *picture.Microphone {
	if c.hasLine(c.microphone.Call) != nil {
		return nil
	}
	return c.lastMicrophone()
}
