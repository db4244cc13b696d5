package picture

import (
	"slices"

	"callin/app/call"
)

// Apply folds f into the state and notes what it changed. A fact about a call
// that is not there, or that says nothing new, changes nothing.
func (s *State) Apply(f call.Fact, changed *Changes) {
	s.seq, s.at = f.Seq, f.At
	switch f.Kind {
	case call.ShowSet:
		s.applyShow(f, changed)
		return
	case call.PinTyped, call.PinUnlocked, call.Texted, call.OptedOut, call.Forgotten:
		s.applyNumber(f, changed)
		return
	case call.ClockSet:
		s.applyClock(f, changed)
		return
	case call.Dialled:
		s.dialled.Add(f.Call)
		s.phones[f.Call] = f.Desk
		return
	case call.PhoneSet:
		s.applyPhone(f, changed)
		return
	case call.TalkbackSet:
		line := f.Line
		if !f.On {
			line = ""
		}
		s.applyTalkback(f.Call, line, changed)
		return
	case call.ReserveSet:
		var is *Reserve
		if f.On {
			is = &Reserve{Leg: f.Call, Desk: f.Desk, Line: f.Line, Conference: f.Conference}
		}
		s.applyReserve(f.Call, is, changed)
		return
	case call.Recorded, call.Unrecorded:
		s.applyVoicemail(f, changed)
		return
	case call.Chatted, call.ChatSeen:
		s.applyChat(f, changed)
		return
	case call.Arrived:
		s.applyArrived(f)
	case call.Ended:
		s.over.Add(f.Call)
		delete(s.stillThere, f.Call)
		s.applyTalkback(f.Call, "", changed)
		s.applyReserve(f.Call, nil, changed)
		delete(s.phones, f.Call)
	}
	c := s.callers[f.Call]
	if c == nil {
		if f.Kind == call.Noted {
			s.studio(f.Studio).typed.late(f)
		}
		return
	}
	c.changed = f.Seq
	changed.card(c)
	switch f.Kind {
	case call.Began:
		s.applyBegan(c, f, changed)
	case call.Placed:
		s.applyPlaced(c, f, changed)
	case call.Left:
		c.left = true
	case call.Failed:
		s.applyFailed(c, f, changed)
	case call.Ended:
		s.applyEnded(c, f, changed)
	case call.Noted:
		set(&c.card.Name, f.Name)
		set(&c.card.Location, f.Location)
		set(&c.card.Topic, f.Topic)
		set(&c.card.Notes, f.Notes)
		set(&c.card.Language, f.Language)
		set(&c.card.Rating, f.Rating)
		c.noted = true
	case call.LockSet:
		c.card.Locked = f.On
	case call.Ordered:
		c.card.Rank = f.Rank
		c.card.Ordered = nil
		if f.Desk != "" || f.Code != "" {
			c.card.Ordered = &Ordered{Desk: f.Desk, As: call.Ordering(f.Code)}
		}
		c.card.NotNow = call.Ordering(f.Code) == call.OrderNotNow
	}
	s.refile(c)
}

// trouble is why something did not happen, as a fact says it.
func trouble(f call.Fact) *Trouble {
	return &Trouble{Code: call.CodeOf(f.Code), Message: f.Message, At: f.At}
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}

func (s *State) applyArrived(f call.Fact) {
	if s.callers[f.Call] != nil {
		return
	}
	c := &Caller{card: Card{
		Call: f.Call, Studio: f.Studio, Arrived: f.At, Since: f.At, Rank: float64(f.Seq),
		Place: call.Place{Kind: call.Arriving},
	}}
	set(&c.card.Number, f.Number)
	set(&c.card.Name, f.Name)
	set(&c.card.Area, f.Area)
	c.card.Before = s.studio(f.Studio).typed.of(c.card.Number)
	if f.Place != nil {
		c.card.Place = *f.Place
	}
	s.callers[f.Call] = c
	s.addNumber(c)
}

func (s *State) applyBegan(c *Caller, f call.Fact, changed *Changes) {
	if f.Place.Kind == call.Park && c.card.Place.Kind != call.Park {
		was := c.card.Place
		if c.FromHold() {
			was = call.OnLine(c.lane, call.Held)
		}
		c.card.Was, c.card.Next = &was, f.Next
	}
	c.card.Taken = 0
	if f.By == call.OpNext {
		c.card.Taken = f.At
	}
	c.card.Move = &Moving{Number: f.Seq, To: *f.Place, Began: f.At, Desk: f.Desk}
	c.by = f.By
	c.card.Trouble = nil
	if f.By == call.OpDrop {
		c.farewell = call.Farewell(f.Code)
	}
	if f.Reason != nil || f.By == call.OpReady || f.By == call.OpAnswer {
		c.card.Reason = ""
		set(&c.card.Reason, f.Reason)
	}
	if f.By == call.OpLost && !c.FromHold() {
		if l := s.line(c.card.Place.Name); l != nil && !slices.Contains(l.Lost, f.Call) {
			l.Lost = append(slices.Clone(l.Lost), f.Call)
			changed.line(l.Name)
		}
	}
}

func (s *State) applyPlaced(c *Caller, f call.Fact, changed *Changes) {
	to := *f.Place
	if of, ok := call.StudioOf(to.Name); ok && of != c.card.Studio {
		c.card.Studio = of
	}
	_, own := call.DeskOf(to.Name)
	_, _, air := call.LaneOf(c.card.Place.Name)
	switch {
	case to.Kind != call.Line || !own:
		c.card.FromHold = ""
	case air && c.card.Place.State == call.Held:
		c.card.FromHold = c.card.Place.Name
	}
	if to.Kind == call.Queue {
		c.left = false
	} else {
		c.card.Ordered, c.card.NotNow = nil, false
	}
	if to != c.card.Place {
		if c.card.Place.OnAir() {
			c.card.AirMs += f.At - c.card.Since
		}
		if c.card.Place.OnAir() || to.OnAir() {
			s.airs(c, f.At)
		}
		c.card.Since, c.entered = f.At, f.Seq
		c.card.Place = to
		if _, _, air := call.LaneOf(to.Name); air {
			c.lane = to.Name
		}
	}
	s.endBridge(c)
	if to.Kind == call.Bridge && f.Leg != "" {
		c.leg = f.Leg
		s.bridges[f.Leg] = c
	}
	if f.Conference != "" || to.Kind != call.Line {
		c.conference = f.Conference
	}
	held := c.FromHold() || to.Kind == call.Line && (to.State == call.Held || c.MovesTo(call.OnLine(to.Name, call.Held)))
	if c.MovesTo(to) {
		c.card.Move, c.by = nil, ""
	}
	c.keepWas()
	if !held {
		s.notLost(f.Call, changed)
	}
}

func (s *State) applyFailed(c *Caller, f call.Fact, changed *Changes) {
	if !c.UnderMove(f.Move) {
		return
	}
	switch c.by {
	case call.OpLost:
		s.notLost(f.Call, changed)
	case call.OpNext:
		c.card.Taken = 0
	}
	c.card.Move, c.by = nil, ""
	c.keepWas()
	c.card.Trouble = trouble(f)
}

func (s *State) applyEnded(c *Caller, f call.Fact, changed *Changes) {
	s.endBridge(c)
	if c.card.Place.OnAir() {
		c.card.AirMs += f.At - c.card.Since
		s.airs(c, f.At)
	}
	st := s.studio(c.card.Studio)
	if t := &st.talkTimes; c.card.AirMs > 0 {
		t.last[t.count%len(t.last)] = c.card.AirMs
		t.count++
	}
	s.notLost(f.Call, changed)
	delete(s.callers, f.Call)
	st.over.Add(f.Call)
	st.typed.keep(c)
	s.removeNumber(c)
	changed.over(f.Call)
}

// keepWas keeps the way back of a call only while it is parked, whatever became
// of a move.
func (c *Caller) keepWas() {
	if c.card.Place.Kind != call.Park {
		c.card.Was, c.card.Next = nil, ""
	}
}

func (s *State) applyShow(f call.Fact, changed *Changes) {
	changed.shows = append(changed.shows, f.Studio)
	st := s.studio(f.Studio)
	show := &st.is.Show
	if f.Message != "" {
		show.Trouble = trouble(f)
		return
	}
	if state := call.ShowState(f.Code); show.State != state {
		show.State, show.Since = state, f.At
	}
	show.Trouble = nil
	if show.State == call.ShowOpening {
		st.talkTimes, st.aired, st.typed = talkTimes{}, map[string]int64{}, newTypedBefore()
	}
	switch {
	case f.Queues != nil:
		st.queueSids = f.Queues
	case show.State == call.ShowClosed: // an empty map is not kept in a fact
		st.queueSids = map[string]string{}
	}
}

// applyVoicemail keeps the messages that have not been deleted.
func (s *State) applyVoicemail(f call.Fact, changed *Changes) {
	at := slices.IndexFunc(s.voicemail, func(v Voicemail) bool { return v.Recording == f.Recording })
	switch {
	case f.Kind == call.Recorded && at < 0:
		v := Voicemail{Recording: f.Recording, Studio: f.Studio, Call: f.Call, At: f.At, Seconds: f.Seconds}
		set(&v.Number, f.Number)
		set(&v.Name, f.Name)
		s.voicemail = append(slices.Clone(s.voicemail), v)
	case f.Kind == call.Unrecorded && at >= 0:
		s.voicemail = slices.Delete(slices.Clone(s.voicemail), at, at+1)
	default:
		return
	}
	changed.voicemail = true
}

// notLost takes a call off the lists of those held because a phone was lost.
func (s *State) notLost(sid call.Sid, changed *Changes) {
	for _, l := range s.lines {
		if i := slices.Index(l.Lost, sid); i >= 0 {
			l.Lost = slices.Delete(slices.Clone(l.Lost), i, i+1)
			changed.line(l.Name)
		}
	}
}

// endBridge ends what is known of a call's bridge.
func (s *State) endBridge(c *Caller) {
	if s.bridges[c.leg] == c {
		delete(s.bridges, c.leg)
	}
	c.leg = ""
}

// airs notes that a caller is, or was until now, on air.
func (s *State) airs(c *Caller, at int64) {
	if c.card.Number != "" {
		s.studio(c.card.Studio).aired[c.card.Number] = at
	}
}
