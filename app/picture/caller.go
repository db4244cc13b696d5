package picture

import "callin/app/call"

// Caller is a caller's call as the facts have it: the card that desks see, and
// what they need not. It can be read only, and shows at any time what the last
// fact has made of it.
type Caller struct {
	card       Card
	filed      filed         // where it is found in the state's lists
	gathered   int64         // the last Changes that have it, by number
	by         call.Op       // of the move under way
	conference string        // ConferenceSid, while on a line
	queue      string        // the queue it is in or was in last
	left       bool          // Twilio's queue has said since that it has left it
	entered    int64         // the fact by which it came to its place
	leg        call.Sid      // the desk's, while in a bridge
	changed    int64         // the last fact about it
	noted      bool          // somebody has typed something
	farewell   call.Farewell // what a parked call is told at the end
	lane       string        // the one that it was on, or came from, last
}

// Call is the caller's CallSid.
func (c *Caller) Call() call.Sid { return c.card.Call }

// Studio is the one that was called, or that the caller was given to since.
func (c *Caller) Studio() call.Studio { return c.card.Studio }

// Number is E.164; empty when withheld.
func (c *Caller) Number() string { return c.card.Number }

// Name, Location and Topic are what is known of the caller.
func (c *Caller) Name() string     { return c.card.Name }
func (c *Caller) Location() string { return c.card.Location }
func (c *Caller) Topic() string    { return c.card.Topic }

// Arrived is when the call rang in, and Since when it came to its place, in
// milliseconds since 1970.
func (c *Caller) Arrived() int64 { return c.card.Arrived }
func (c *Caller) Since() int64   { return c.card.Since }

// Locked is whether Next and Drop pass the call by.
func (c *Caller) Locked() bool { return c.card.Locked }

// Rank orders the callers of one queue: lowest first.
func (c *Caller) Rank() float64 { return c.card.Rank }

// MadeNext is whether somebody put the caller at the head of the queue to stay there:
// ranks by arrival are the numbers of facts, from 1.
func (c *Caller) MadeNext() bool { return c.card.Rank <= 0 }

// FromHold is whether a desk talks off air to who was on hold on the studio's line, and
// goes back to hold there.
func (c *Caller) FromHold() bool { return c.card.FromHold != "" }

// Lane is the line of the lane that the call is on, or was on last; empty for none.
func (c *Caller) Lane() string { return c.lane }

// Place is where Twilio last said the call is.
func (c *Caller) Place() call.Place { return c.card.Place }

// Was is where a parked call goes back to; false when that is not known.
func (c *Caller) Was() (call.Place, bool) {
	if c.card.Was == nil {
		return call.Place{}, false
	}
	return *c.card.Was, true
}

// Moving is whether a move is under way; Move is that one, and By the operation
// that began it.
func (c *Caller) Moving() bool { return c.card.Move != nil }
func (c *Caller) By() call.Op  { return c.by }
func (c *Caller) Move() Moving {
	if c.card.Move == nil {
		return Moving{}
	}
	return *c.card.Move
}

// UnderMove is whether the move with a number is under way.
func (c *Caller) UnderMove(number int64) bool { return c.Moving() && c.card.Move.Number == number }

// TakenBack is who must wait again if the drop of a parked call is taken back, as
// one Next did both; empty for nobody.
func (c *Caller) TakenBack() call.Sid { return c.card.Next }

// Taken is when a Next took this caller, if nothing else was done with the call
// since; 0 otherwise.
func (c *Caller) Taken() int64 { return c.card.Taken }

// MovesTo is whether a move to a place is under way.
func (c *Caller) MovesTo(to call.Place) bool { return c.Moving() && c.card.Move.To == to }

// Intended is where the call should be: every TwiML answer follows from it.
func (c *Caller) Intended() call.Place {
	if c.Moving() {
		return c.card.Move.To
	}
	return c.card.Place
}

// Conference is the ConferenceSid of the line that the call is on; empty before
// its join was heard of.
func (c *Caller) Conference() string { return c.conference }

// Queue is the queue that the call is in, or was in last.
func (c *Caller) Queue() string { return c.queue }

// Left is whether Twilio has said since that the call has left its queue.
func (c *Caller) Left() bool { return c.left }

// Entered is the number of the fact by which the call came to its place.
func (c *Caller) Entered() int64 { return c.entered }

// Leg is the desk's call that this one is bridged with.
func (c *Caller) Leg() call.Sid { return c.leg }

// Changed is the number of the last fact about the call.
func (c *Caller) Changed() int64 { return c.changed }

// Farewell is what the caller is told at the end of a drop.
func (c *Caller) Farewell() call.Farewell { return c.farewell }

// Called is what to call the caller in a sentence.
func (c *Caller) Called() string {
	switch {
	case c.card.Name != "":
		return c.card.Name
	case c.card.Number != "":
		return c.card.Number
	}
	return "The caller"
}
