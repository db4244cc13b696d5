package station

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"callin/app/call"
)

// DeskCalls takes a desk's softphone in. In direct mode it is there at once, and
// done with the caller of before; on a line, when it has joined. It reports
// whether it may go on: its desk may use the line, which has no other phone since.
// What makes this one the newest is on disk before it goes on: after a crash
// nothing else tells.
func (s *Station) DeskCalls(desk call.DeskID, leg call.Sid, line string, direct bool) (goesOn bool) {
	var saved <-chan struct{}
	s.locked(func(c *core) { goesOn, saved = c.deskCalls(desk, leg, line, direct) })
	s.waitForDisk(saved)
	return goesOn
}

func (c *core) deskCalls(desk call.DeskID, leg call.Sid, line string, direct bool) (goesOn bool, saved <-chan struct{}) {
	l, has, _ := c.state.Line(line)
	// Of the lines the studio's first alone takes callers straight from the queue.
	if of, air := call.StudioOf(line); !c.mayUse(desk, line) || direct && (!air || line != of.Line()) || c.state.Replaced(leg) {
		return false, nil
	}
	if !c.state.HasDialled(leg) {
		saved = c.record(told, call.Fact{Kind: call.Dialled, Call: leg, Desk: desk, Line: line})
	}
	if direct {
		c.bridgeDone(leg)
		if has != leg || !l.Direct {
			saved = c.takeLine(line, leg, call.PhoneDirect)
		}
	}
	return !c.state.Replaced(leg), saved
}

// takeLine gives a phone its line, unless it has ended or was replaced before
// this was heard of. The one that had the line is ended, as two must not take
// callers; which of the two that is follows from who dialled last. What is
// returned is closed when that is on disk; nil when it is no news.
func (c *core) takeLine(line string, leg call.Sid, mode call.PhoneMode) (saved <-chan struct{}) {
	l, has, _ := c.state.Line(line)
	switch {
	case c.state.Over(leg), c.state.Replaced(leg):
	case mode != call.PhoneTelephone && !c.mayUse(c.state.PhoneOf(leg), line):
		c.leave(endPhone{leg: leg})
	case l.Phone && has != leg && c.state.Older(leg, has):
		saved = c.record(told, call.PhoneHasNot(line, leg, call.PhoneOlder))
		c.leave(endPhone{leg, saved})
	default:
		saved = c.record(told, call.PhoneHas(line, leg, mode))
		if has != leg {
			c.troubleOver(about{call.TroubleSound, line}) // it was the earlier one's
		}
		if mode == call.PhoneOnLine {
			c.meet(line, leg)
		}
		if l.Phone && has != leg {
			delete(c.pages, has)
			c.leave(endPhone{has, saved})
			c.endTalkback(line) // it is said to a leg that goes
			c.correctLine(line) // who talked with it there would be alone with it gone
		}
	}
	return saved
}

// phoneEvent takes in what is said of a phone on its line.
func (c *core) phoneEvent(e ConferenceEvent) {
	switch l, has, _ := c.state.Line(e.Line); e.Event {
	case "participant-join":
		if has != e.Call || !l.Phone {
			c.takeLine(e.Line, e.Call, call.PhoneOnLine)
		}
	case "participant-leave":
		c.phoneLeaves(e.Call)
	}
}

// phoneLeaves records that a phone has left its line: who was talking is held at
// once, so that callers are never left alone on air.
func (c *core) phoneLeaves(leg call.Sid) { c.phoneOff(leg, call.PhoneOnLine) }

// phoneOff is phoneLeaves for a phone that leaves in some way. What is returned is closed
// when that is on disk; nil when it was on no line.
func (c *core) phoneOff(leg call.Sid, how call.PhoneMode) (saved <-chan struct{}) {
	delete(c.pages, leg)
	if line, has := c.state.LineOf(leg); has {
		saved = c.record(told, call.PhoneHasNot(line, leg, how))
		c.endTalkback(line)
		c.troubleOver(about{call.TroubleSound, line})
		c.correctLine(line)
	}
	return saved
}

// LetPhoneGo takes in that a person takes a phone off its line, before the line
// hears of it: afterwards nothing tells that from a phone that was lost.
func (s Seat) LetPhoneGo(leg call.Sid) {
	s.decide(func(st studio) {
		if line, err := st.mayHave(leg); err == nil {
			st.record(told, call.PhoneHasNot(line, leg, call.PhoneByHand))
		}
	})
}

// phoneReady checks that the desk's softphone is on the line: without it callers
// would talk to nobody.
func (c *core) phoneReady(line string) error {
	_, n, _ := call.LaneOf(line)
	switch l, _, _ := c.state.Line(line); {
	case !l.Phone && n > 1:
		return refuse(call.CodePhoneOffLine, fmt.Sprintf("The desk's phone is not on lane %d. Wait until it is, or choose another lane.", n))
	case !l.Phone:
		return refuse(call.CodePhoneOffLine, "The desk's phone is not connected. Connect it and press again.")
	case l.Telephone:
		return refuse(call.CodeOnTelephone, "A telephone takes the callers now: * on it brings the next. Hang it up, or connect the desk's phone.")
	case l.Direct:
		return refuse(call.CodeDirectMode, "The desk's phone is in direct mode, where * brings the next caller. Leave direct mode first.")
	}
	return nil
}

// PinResult is what became of a PIN that was typed.
type PinResult int

const (
	PinWrong  PinResult = iota
	PinRight            // the telephone is the line's phone now
	PinLocked           // too many were wrong: even the right one is refused
)

// TypedPin takes in a PIN that telephone leg typed, which calls from a number
// (E.164; empty when withheld). The right one makes leg the phone of a studio's line.
func (s *Station) TypedPin(of call.Studio, leg call.Sid, number string, right bool) (result PinResult) {
	var saved <-chan struct{}
	s.locked(func(c *core) { result, saved = c.studio(of).typedPin(leg, number, right) })
	s.waitForDisk(saved)
	return result
}

func (st studio) typedPin(leg call.Sid, number string, right bool) (PinResult, <-chan struct{}) {
	if st.state.PinLockedFor(number, st.now()) {
		return PinLocked, nil
	}
	all := st.state.PinLocked()
	st.record(told, call.Fact{Kind: call.PinTyped, Call: leg, Number: &number, On: right})
	if right {
		return PinRight, st.takeLine(st.id.Line(), leg, call.PhoneTelephone)
	}
	if st.state.PinLocked() && !all {
		st.notice(call.CodePinLocked, "Wrong PINs from many telephones have locked the telephone way. Those that typed the right one lately still come in. Unlock it at the desk.")
	}
	if !st.state.PinLockedFor(number, st.now()) {
		return PinWrong, nil
	}
	if slices.Contains(st.lockedTelephones(), number) {
		who := cmp.Or(number, "telephones that withhold their number")
		st.notice(call.CodePinLocked, "Five wrong PINs have locked "+who+". Other telephones still come in. Unlock it if that was you.")
	}
	return PinLocked, nil
}

// lockedTelephones are the numbers that their own wrong PINs have locked.
func (st studio) lockedTelephones() []string {
	l, _, _ := st.state.Line(st.id.Line())
	return l.LockedTelephones
}

// PinLocked reports whether a telephone cannot try a PIN, by its number.
func (s *Station) PinLocked(number string) (locked bool) {
	s.locked(func(c *core) { locked = c.state.PinLockedFor(number, c.now()) })
	return locked
}

// UnlockPin lets all telephones try a PIN again.
func (s Seat) UnlockPin(ctx context.Context) error {
	return s.keep(ctx, func(st studio) ([]call.Fact, error) {
		if !st.state.PinLocked() && len(st.lockedTelephones()) == 0 {
			return nil, refuse(call.CodeNotLocked, "The telephone way is not locked.")
		}
		return []call.Fact{{Kind: call.PinUnlocked}}, nil
	})
}
