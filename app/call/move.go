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
	case OpNext, OpTake, OpDeck, OpResume, OpUndo:
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

// To is the place that op sends a call to from place from, for the desk whose
// line is line. It refuses, in words, an op that makes no sense there. OpUndo
// and OpMove have places of their own and are not asked for here.
func To(op Op, from Place, line string) (Place, *Error) {
	refuse := func(code Code, message string) (Place, *Error) {
		return Place{}, &Error{Code: code, Message: message}
	}
	switch op {
	case OpTake, OpNext:
		if from.Kind == Queue || from.Kind == Line && from.State == Deck {
			return OnLine(line, Talking), nil
		}
		if from.OnAir() {
			return refuse(CodeAlreadyOnAir, "This caller is on air already.")
		}
		if from.Kind == Line {
			return refuse(CodeOnHold, "This caller is on hold. Press Resume.")
		}
		return refuse(CodeNotWaiting, "This caller is not waiting in a queue any more.")
	case OpDeck:
		if from.Kind == Queue {
			return OnLine(line, Deck), nil
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
