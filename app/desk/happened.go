package desk

import (
	"fmt"
	"strings"
	"time"

	"callin/app/call"
)

// decided are the words for a move that somebody, or Callin itself, began.
var decided = map[call.Op]string{
	call.OpNext:    "Next was pressed: to go on air",
	call.OpTake:    "Taken: to go on air",
	call.OpDeck:    "To go on deck",
	call.OpHold:    "To be put on hold",
	call.OpResume:  "To be resumed",
	call.OpDrop:    "Dropped",
	call.OpUndo:    "The drop was undone",
	call.OpAnswer:  "To be screened",
	call.OpTalk:    "To be talked to off air, from hold",
	call.OpReady:   "Screened: ready for the air",
	call.OpBack:    "Sent back to wait to be screened",
	call.OpMessage: "To leave a message",
	call.OpGive:    "Given to another studio",
	call.OpLane:    "To be moved to another lane",
	call.OpLost:    "To be put on hold: the desk's phone left",
	call.OpClose:   "To hear the closing words: the show closes",
	call.OpFell:    "Fell out of the line",
}

var showTurns = map[call.ShowState]string{
	call.ShowOpening:  "The show was opened",
	call.ShowOpen:     "The show takes calls",
	call.ShowStopping: "The show closes: nobody new is let in",
	call.ShowClosing:  "The show was closed; who waits hears the closing words",
	call.ShowClosed:   "The show is over",
}

// happened says a fact in a producer's words.
func happened(f call.Fact) string {
	if f.Mended {
		return said(f) + " (found by checking with Twilio)"
	}
	return said(f)
}

func said(f call.Fact) string {
	switch f.Kind {
	case call.Arrived:
		return "Rang in"
	case call.Began:
		if f.By == call.OpMove && f.Place != nil {
			return "To be sent to the queue " + queueName(f.Place.Name)
		}
		if words, ok := decided[f.By]; ok {
			return words
		}
	case call.Placed:
		return stands(*f.Place)
	case call.Failed:
		return "Not done: " + f.Message
	case call.Ended:
		if f.Call == "" {
			return "A call is over: " + f.Code
		}
		return "The call is over: " + f.Code
	case call.Noted:
		return "Card: " + noted(f)
	case call.LockSet:
		return either(f.On, "Locked", "Unlocked")
	case call.Ordered:
		switch call.Ordering(f.Code) {
		case call.OrderNext:
			return "Made next"
		case call.OrderProposed:
			return "Proposed as the next"
		case call.OrderNotNow:
			return "Not now: put after those who wait to be screened"
		}
		return "Put at another place in the queue"
	case call.ShowSet:
		if words, ok := showTurns[call.ShowState(f.Code)]; ok && f.Message == "" {
			return words
		}
	case call.Dialled:
		return "A phone calls for " + f.Line
	case call.PhoneSet:
		switch call.PhoneMode(f.Code) {
		case call.PhoneReplaced:
			return "The call of an earlier phone of " + f.Line + " has ended"
		case call.PhoneOlder:
			return "A phone came too late for " + f.Line + ": a newer one has it"
		case call.PhoneSilent:
			return "The desk's phone was lost: its page did not answer any more"
		case call.PhoneByHand:
			return "The desk's phone was disconnected by hand"
		}
		return either(f.On, "The desk's phone came to "+f.Line, "The desk's phone left "+f.Line)
	case call.ReserveSet:
		return "A phone " + either(f.On, "is", "is no more") + " in reserve on " + f.Line
	case call.TalkbackSet:
		return either(f.On, "A desk talks to the host alone", "A desk talks to the host no more")
	case call.PinTyped:
		return "A telephone typed " + either(f.On, "the right PIN", "a wrong PIN")
	case call.PinUnlocked:
		return "Telephones may try the PIN again"
	case call.Left:
		return "Left Twilio's queue: " + f.Code
	case call.Recorded:
		return "Left a message"
	case call.Unrecorded:
		return "The message was deleted"
	case call.Chatted:
		return "A desk said: " + f.Message
	case call.ChatSeen:
		return "A host has seen what was said"
	case call.Texted:
		return strings.TrimRight("Was sent a text: "+f.Code+" "+f.Message, ": ")
	case call.OptedOut:
		return either(f.On, "Wants no more texts", "Wants texts again")
	case call.ClockSet:
		switch by := time.Duration(f.Step) * time.Millisecond; {
		case by > 0:
			return "This computer's clock was put forward by " + by.Round(time.Second).String()
		case by < 0:
			return "This computer's clock was put back by " + (-by).Round(time.Second).String()
		}
		return "This computer's clock was compared with Twilio's"
	case call.Troubled:
		return troubled(f)
	case call.TracksSet:
		switch {
		case f.On:
			return "Isolated tracks are recorded in " + f.File
		case f.Message != "":
			return "Isolated tracks are not recorded. " + f.Message
		}
		return "Isolated tracks are on: every caller is told that they are recorded on air"
	case call.Exported:
		return "The record was saved as " + f.File
	case call.Forgotten:
		return strings.TrimSuffix("A person's data was deleted. "+mayHold(f.Files), ". ")
	}
	// A kind that has no words of its own yet is not left out.
	return strings.TrimSuffix(strings.Join([]string{string(f.Kind), f.Code, f.Message}, " "), " ")
}

// stands says where a call is.
func stands(p call.Place) string {
	switch p.Kind {
	case call.Queue:
		return "Waits in the queue " + queueName(p.Name)
	case call.Bridge:
		return "On air, with the DJ in direct mode"
	case call.Park:
		return "Off air; can be brought back for a moment"
	case call.Closing:
		return "Hears the closing words"
	case call.Voicemail:
		return "Leaves a message"
	case call.Line:
		if _, own := call.DeskOf(p.Name); own {
			return either(p.State == call.Talking, "Is being screened, off air", "On hold while being screened")
		}
		switch p.State {
		case call.Talking:
			return "On air"
		case call.Held:
			return "On hold"
		case call.Deck:
			return "On deck: hears the programme"
		}
	}
	return "Is in " + string(p.Kind)
}

// mayHold says which saved files may hold a person's data still, if any.
func mayHold(files []call.SavedFile) string {
	if len(files) == 0 {
		return ""
	}
	var named []string
	for _, f := range files {
		named = append(named, f.Name+" of "+time.UnixMilli(f.At).Format("2 Jan 2006, 15:04"))
	}
	return "Files that were saved before may still hold it; delete them by hand: " + strings.Join(named, "; ")
}

func noted(f call.Fact) string {
	var parts []string
	for _, field := range []struct {
		label string
		text  *string
	}{{"name", f.Name}, {"location", f.Location}, {"topic", f.Topic}} {
		if field.text != nil {
			parts = append(parts, fmt.Sprintf("%s “%s”", field.label, *field.text))
		}
	}
	return strings.Join(parts, ", ")
}

func either(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}
