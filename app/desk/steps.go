package desk

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"callin/app/call"
)

// pressed are the words for a move and for who began it: somebody at the desk, or
// Callin itself.
var pressed = map[call.Op]string{
	call.OpNext:    "Next was pressed at the desk",
	call.OpTake:    "Take was pressed at the desk",
	call.OpDeck:    "On deck was pressed at the desk",
	call.OpHold:    "Hold was pressed at the desk",
	call.OpResume:  "Resume was pressed at the desk",
	call.OpDrop:    "Drop was pressed at the desk",
	call.OpUndo:    "Undo was pressed at the desk",
	call.OpAnswer:  "Answered at the desk, to be screened",
	call.OpTalk:    "Talked to at the desk off air, from hold",
	call.OpReady:   "Made ready at the desk",
	call.OpBack:    "Sent back at the desk, to wait to be screened",
	call.OpMessage: "Sent at the desk to leave a message",
	call.OpGive:    "Given at the desk to another studio",
	call.OpLane:    "Moved at the desk to another lane",
	call.OpLost:    "Put on hold by Callin: the desk's phone was lost",
	call.OpClose:   "The show was closed at the desk",
	call.OpFell:    "Fell out of the line: sent back by Callin",
}

// words say what a fact means for the caller before it is folded, and whether
// something failed; none for what is the telephone network's own business.
func (w *following) words(f call.Fact, modes map[call.Sid]call.PhoneMode) (what string, failed bool) {
	switch f.Kind {
	case call.Began:
		switch {
		case f.By == call.OpMove:
			return "Sent to the queue " + queueName(f.Place.Name) + " at the desk", false
		case f.By == call.OpDrop && f.Next != "":
			return "Dropped, as Next was pressed at the desk", false
		}
		return pressed[f.By], f.By == call.OpLost || f.By == call.OpFell
	case call.Placed:
		return w.placedWords(f, modes)
	case call.Failed:
		return "Not done: " + f.Message, true
	case call.Ended:
		what, _ = w.ending(f)
		if what == w.dropped {
			what = "The call is over"
		}
		failed = broke(f)
		if f.Mended {
			return what + foundOut, true
		}
		return what, failed
	case call.Left:
		switch call.QueueResult(f.Code) {
		case call.QueueFull:
			return "The queue was full", true
		case call.QueueError, call.QueueSystemError:
			return "Twilio could not keep the call in the queue", true
		}
		return "", false
	case call.Texted:
		return "Was sent a text, as " + either(call.TextReason(f.Code) == call.FoundQueueFull, "the queue was full", "the wait was too long"), false
	case call.Arrived, call.Noted, call.LockSet, call.Ordered, call.Recorded, call.Unrecorded:
		what = said(f)
		if f.Mended {
			return what + foundOut, true
		}
	}
	return what, false
}

const foundOut = " (Twilio had not told: found by checking)"

func (w *following) placedWords(f call.Fact, modes map[call.Sid]call.PhoneMode) (what string, failed bool) {
	if *f.Place == w.place && w.move == nil {
		return "", false // only where the line is at Twilio
	}
	what = stands(*f.Place)
	switch {
	case f.Place.Kind == call.Bridge:
		what = "On air: " + takenBy(f, nil, modes)
	case w.heldOnAir() && f.Place.State == call.Talking && f.Place.Name != w.place.Name:
		what = "Is talked to off air, from hold"
	case w.away != "":
		what = w.away
	case w.brought != "":
		what = w.brought + lower(what)
	}
	if m := w.move; m != nil && *m.Place == *f.Place && m.By != call.OpClose { // thousands hear the closing words in turn
		if took := time.Duration(f.At-m.At) * time.Millisecond; took >= slowMove {
			what += fmt.Sprintf(" (Twilio took %.0f s)", took.Seconds())
			failed = true
		}
	}
	if f.Mended {
		return what + foundOut, true
	}
	return what, failed
}

// heldOnAir is whether the caller is on hold on a studio's line, not on a desk's own.
func (w *following) heldOnAir() bool {
	_, own := call.DeskOf(w.place.Name)
	return w.place.State == call.Held && !own
}

// takenBy is what brought a caller to air: a press at the desk, or the key * on a
// phone that takes callers straight from the queue.
func takenBy(f call.Fact, move *call.Fact, modes map[call.Sid]call.PhoneMode) string {
	switch {
	case f.Place.Kind == call.Bridge && modes[f.Leg] == call.PhoneTelephone:
		return "* on a telephone"
	case f.Place.Kind == call.Bridge:
		return "* in direct mode"
	case move == nil:
		return "a press that is not known"
	}
	switch move.By {
	case call.OpNext:
		return "Next at the desk"
	case call.OpTake:
		return "Take at the desk"
	}
	return "the desk"
}

func droppedBy(f call.Fact) string {
	if f.Next != "" {
		return "Dropped by Next at the desk"
	}
	return "Dropped at the desk"
}

// ofStation says what happened to the station itself, and whether something failed;
// none for what is the telephone network's own business. byHand are the phones that
// a person took off the line: they were not lost.
func ofStation(f call.Fact, byHand map[call.Sid]bool) (what string, failed bool) {
	switch f.Kind {
	case call.ShowSet:
		return said(f), f.Message != ""
	case call.PhoneSet:
		switch mode := call.PhoneMode(f.Code); {
		case mode == call.PhoneOlder:
			return said(f), true
		case mode == call.PhoneSilent:
			return said(f), true
		case f.On, mode != call.PhoneOnLine:
			return said(f), false
		case byHand[f.Call]:
			return "", false
		}
		return "The desk's phone was lost", true
	case call.PinTyped:
		return said(f), !f.On
	case call.ClockSet:
		if f.Step == 0 {
			return "", false
		}
		return said(f), true
	case call.Troubled:
		return said(f), f.On
	case call.TracksSet:
		return said(f), f.Message != ""
	case call.PinUnlocked, call.Exported, call.Forgotten, call.OptedOut:
		return said(f), false
	}
	return "", false
}

// troubleWords are the words for a trouble's beginning and for its end.
var troubleWords = map[call.Trouble][2]string{
	call.TroubleWayIn:     {"Twilio did not reach Callin", "Twilio reached Callin again"},
	call.TroubleTakenOver: {"Another Callin had the calls", "This Callin had the calls again"},
	call.TroubleTwilio:    {"Twilio did not answer", "Twilio answered again"},
	call.TroubleSlow:      {"Twilio was slow", "Twilio was quick again"},
	call.TroubleSound:     {"The desk's phone had no sound", "The desk's phone had sound again"},
}

func troubled(f call.Fact) string {
	words, ok := troubleWords[call.Trouble(f.Code)]
	if !ok {
		words = [2]string{"Trouble: " + f.Code, "Trouble over: " + f.Code}
	}
	if f.On {
		return strings.TrimSuffix(words[0]+". "+f.Message, ". ")
	}
	return words[1] + ", after " + clockLength(f.Seconds*1000)
}

// queueName is what a queue is called on the desk.
func queueName(name string) string { return strings.ReplaceAll(name, "-", " ") }

// lower begins a sentence's words in the middle of another one.
func lower(words string) string {
	r, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToLower(r)) + words[size:]
}
