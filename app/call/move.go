package call

// Op is what a person asks to be done with a call.
type Op string

const (
	OpNext   Op = "next"
	OpTake   Op = "take"
	OpDeck   Op = "deck"
	OpHold   Op = "hold"
	OpResume Op = "resume"
	OpDrop   Op = "drop"
	OpUndo   Op = "undo"
	OpMove   Op = "move"
	// OpAnswer brings a call onto a desk's own line, to be screened off air, and
	// OpReady from there to those who are ready for the air; OpBack back to those who
	// wait to be screened. OpMessage lets the caller leave a message.
	OpAnswer  Op = "answer"
	OpReady   Op = "ready"
	OpBack    Op = "back"
	OpMessage Op = "message"
	// OpTalk brings a caller who is on hold on the studio's line onto a desk's own, to be
	// talked to off air; OpHold puts them back.
	OpTalk Op = "talk"
	// OpGive gives a call to another studio.
	OpGive Op = "give"
	// OpLane brings a call from one lane of the studio's to another.
	OpLane Op = "lane"

	// OpLost holds a call because the desk's softphone was lost.
	OpLost Op = "lost"
	// OpClose sends a call to the closing words because the show closes.
	OpClose Op = "close"
	// OpFell returns a call to its queue because it fell out of its line.
	OpFell Op = "fell"
)

// Void reports whether a move by this operation must not be carried out once
// it is stale: nobody may come on air later than somebody wanted it.
func (o Op) Void() bool {
	switch o {
	case OpNext, OpTake, OpDeck, OpResume, OpUndo, OpAnswer, OpTalk:
		return true
	}
	return false
}

// Waits reports whether an operation waits for the move that is under way
// instead of being refused: what takes somebody off the air is never too early.
func (o Op) Waits() bool {
	switch o {
	case OpHold, OpDrop:
		return true
	}
	return false
}

// Lines are those that a desk moves calls to: the studio's, which goes to air, and its
// own.
type Lines struct{ Air, Own string }

// To is the place that op sends a call to from place from, for the desk with these
// lines. It refuses, in words, an op that makes no sense there. OpUndo, OpMove, OpReady,
// OpBack and OpLane have places of their own and are not asked for here.
func To(op Op, from Place, lines Lines) (Place, *Error) {
	refuse := func(code Code, message string) (Place, *Error) {
		return Place{}, &Error{Code: code, Message: message}
	}
	_, own := DeskOf(from.Name)
	off := from.Kind == Line && own
	switch op {
	case OpAnswer:
		switch {
		case from.Kind == Queue, off && from.Name != lines.Own:
			return OnLine(lines.Own, Talking), nil
		case off:
			return refuse(CodeAlreadyThere, "You are talking to this caller already.")
		}
		return refuse(CodeNotWaiting, "This caller is not waiting in a queue any more.")
	case OpTalk:
		if from.Kind == Line && !own && from.State == Held {
			return OnLine(lines.Own, Talking), nil
		}
		return refuse(CodeNotOnHold, "This caller is not on hold.")
	case OpMessage:
		if from.Kind == Queue || from.Kind == Line {
			return Place{Kind: Voicemail}, nil
		}
		return refuse(CodeNotHere, "This caller cannot leave a message now.")
	case OpTake, OpNext:
		if from.Kind == Queue || off || from.Kind == Line && from.State == Deck {
			return OnLine(lines.Air, Talking), nil
		}
		if from.OnAir() {
			return refuse(CodeAlreadyOnAir, "This caller is on air already.")
		}
		if from.Kind == Line {
			return refuse(CodeOnHold, "This caller is on hold. Press Resume.")
		}
		return refuse(CodeNotWaiting, "This caller is not waiting in a queue any more.")
	case OpDeck:
		if from.Kind == Queue || off {
			return OnLine(lines.Air, Deck), nil
		}
		return refuse(CodeNotWaiting, "Only a caller who waits in a queue can go on deck.")
	case OpHold, OpLost:
		if from.Kind == Line && from.State != Held {
			return OnLine(from.Name, Held), nil
		}
		return refuse(CodeNotOnLine, "Only a caller on the line can be put on hold.")
	case OpResume:
		if from.Kind == Line && from.State == Held {
			return OnLine(from.Name, Talking), nil
		}
		return refuse(CodeNotOnHold, "This caller is not on hold.")
	case OpDrop:
		if from.Kind == Line || from.Kind == Queue || from.Kind == Bridge {
			return Place{Kind: Park}, nil
		}
		return refuse(CodeNotHere, "This caller cannot be dropped now.")
	case OpClose:
		return Place{Kind: Closing}, nil
	}
	return refuse(CodeUnknownOperation, "Callin does not know this operation.")
}
