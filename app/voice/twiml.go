package voice

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/station"
)

// callerLabel tells a caller's leg from a desk's, call.DeskLabel; the CallSid
// makes each unique, as Twilio asks (16025).
const callerLabel = "caller-"

// longest is how long a leg may stay on a line. Twilio's default would cut a
// show off after four hours.
const longest = 12 * time.Hour

// Script writes the TwiML of what the studio answers: what callers hear and where
// they go.
type Script struct {
	// Public is the address at which Twilio reaches the listener: TwiML's URLs
	// begin with it.
	Public string
	// Studios are the station's, with what is set of their shows, the first one first.
	Studios []picture.Studio
	// ID is whose queues and lines callers come to.
	ID call.StationID
}

// Document is what a call should do, as it is said to Twilio in a request to its
// REST: TwiML of 4,000 characters at most.
func (s Script) Document(sid call.Sid, a station.Answer) string {
	return string(document(s.twiml(sid, a)))
}

// at is one of the listener's own addresses.
func (s Script) at(path string) string { return s.Public + "/voice/" + path }

func (s Script) play() verb { return verb{name: "Play", text: s.at("audio/hold.wav")} }

func (s Script) redirect(path string) verb {
	return verb{name: "Redirect", attrs: []attr{{"method", "POST"}}, text: s.at(path)}
}

// twiml is what a call should do to be where it should be: every answer to a
// caller's call is made here.
func (s Script) twiml(sid call.Sid, a station.Answer) []verb {
	var verbs []verb
	show := s.show(a.Studio)
	if a.Offer && !a.Alone {
		verbs = append(verbs, s.offer(a.Words, show))
		a.Words = station.Thanks
	}
	if words := said(a.Words, show); words != "" {
		verbs = append(verbs, say(words))
	}
	if s.recorded(a) {
		verbs = append(verbs, say(recordedWords))
	}
	switch a.Place.Kind {
	case call.Queue:
		if a.Alone { // with Twilio's own music
			return append(verbs, verb{name: "Enqueue", text: s.ID.AtTwilio(a.Place.Name)}, say(said(station.Thanks, show)), hangup())
		}
		return append(verbs, verb{name: "Enqueue", text: s.ID.AtTwilio(a.Place.Name), attrs: []attr{
			{"action", s.at("left")},
			{"method", "POST"},
			{"waitUrl", s.at("wait?queue=" + url.QueryEscape(a.Place.Name))},
			{"waitUrlMethod", "POST"},
		}})
	case call.Line:
		verbs = append(verbs, s.conferenceOf(a.Place.Name, callerLabel+string(sid), a.Place.State, false))
		if a.Alone {
			return append(verbs, say(said(station.Thanks, show)), hangup())
		}
		return append(verbs, s.redirect("fell"))
	case call.Voicemail:
		return append(verbs, s.takeMessage()...)
	case call.Bridge: // it has left one, and it is not known yet why
		return append(verbs, say("One moment, please."), pause(1), s.redirect("parted"))
	case call.Park:
		return append(verbs, say("One moment, please."), pause(int(show.ParkMs/1000)), say(farewell(a.Farewell, show)), hangup())
	}
	return append(verbs, hangup())
}

// conferenceOf joins a line. A caller who is to be held joins muted: hold comes
// a moment after the join, and nothing may be heard before it.
func (s Script) conferenceOf(line, label string, state call.State, desk bool) verb {
	return s.dialConference(line, label, desk,
		attr{"muted", strconv.FormatBool(state != call.Talking)})
}

// talkback joins a studio's line so that the host alone hears it: it is never on air.
func (s Script) talkback(line string, leg, host call.Sid) verb {
	return s.dialConference(line, call.TalkbackLabel+string(leg), false, attr{"coach", string(host)})
}

func (s Script) dialConference(line, label string, desk bool, stands attr) verb {
	return verb{
		name: "Dial", attrs: []attr{{"timeLimit", strconv.Itoa(int(longest.Seconds()))}},
		inner: []verb{{name: "Conference", text: s.ID.AtTwilio(line), attrs: []attr{
			{"participantLabel", label},
			stands,
			{"beep", "false"}, // it would go to air
			{"jitterBufferSize", "small"},
			{"startConferenceOnEnter", strconv.FormatBool(desk)},
			{"endConferenceOnExit", "false"},
			// Without one Twilio plays music to whoever is first, on air.
			{"waitUrl", s.at("silence")},
			{"waitMethod", "POST"},
			// The first participant's are the conference's, so all say the same.
			{"statusCallback", s.at("conference")},
			{"statusCallbackMethod", "POST"},
			{"statusCallbackEvent", "start end join leave mute hold"},
		}}},
	}
}

// show is a studio's.
func (s Script) show(of call.Studio) picture.Show {
	for _, st := range s.Studios {
		if st.ID == of {
			return st.Show
		}
	}
	return picture.Show{}
}

// recordedWords are heard before the queue where isolated tracks are recorded.
const recordedWords = "Please note that you are recorded while you are on air. If you do not want that, please hang up now."

// recorded reports whether a caller comes to a show's queue for the first time, and isolated
// tracks of that show are recorded.
func (s Script) recorded(a station.Answer) bool {
	if a.Place.Kind != call.Queue || a.Words != station.Greeting && a.Words != station.Brought {
		return false
	}
	of, known := call.StudioOf(a.Place.Name)
	return known && s.show(of).Tracks
}

// said is what a caller is told on the way, at a show.
func said(w station.Words, show picture.Show) string {
	switch w {
	case station.Greeting:
		return fmt.Sprintf("Welcome to %s. Please hold, and we will bring you to the studio. To be heard well, please turn your radio down.", show.Name)
	case station.Shut:
		return fmt.Sprintf("%s is not taking calls at the moment. Thank you for calling. Goodbye.", show.Name)
	case station.Thanks:
		return fmt.Sprintf("Thank you for calling %s. Goodbye.", show.Name)
	case station.Full:
		return "We are sorry, all our places are taken. Please try again later. Goodbye."
	case station.TooMany:
		return "Several calls from your number are waiting already. Please stay on one of them. Thank you, and goodbye."
	case station.Message:
		return "Please speak after the tone, and press pound when you are done."
	case station.Sorry:
		return "Please stay on the line."
	case station.Answered:
		return "Someone from the show will talk to you now. You are not on air."
	case station.Ready:
		return "You are ready to go on air. Please hold, and listen."
	case station.Back:
		return "Please hold on a little longer."
	}
	return ""
}

// farewell is what a caller who is dropped is told at the end.
func farewell(f call.Farewell, show picture.Show) string {
	switch f {
	case call.FarewellFull:
		return fmt.Sprintf("We are sorry, there is no time left for more callers today. Thank you for calling %s. Goodbye.", show.Name)
	case call.FarewellTopic:
		return fmt.Sprintf("We are sorry, today %s is about something else. Thank you for calling. Goodbye.", show.Name)
	case call.FarewellAgain:
		return fmt.Sprintf("We could not take your call today. Please call %s again another day. Goodbye.", show.Name)
	}
	return said(station.Thanks, show)
}

// waiting says where a caller is, how long it has been, and how long it may take
// yet if that can be said.
func waiting(a station.Answer) string {
	words := "You are next."
	if a.Position > 1 {
		words = fmt.Sprintf("You are number %d in the queue.", a.Position)
	}
	switch minutes := int(a.Waited.Minutes()); {
	case minutes < 1:
		words += " Thank you for waiting."
	case minutes == 1:
		words += " You have been waiting for one minute."
	default:
		words += fmt.Sprintf(" You have been waiting for %d minutes.", minutes)
	}
	switch minutes := int(math.Ceil(a.Estimate.Minutes())); {
	case minutes == 1:
		words += " It may take about one minute more."
	case minutes > 1:
		words += fmt.Sprintf(" It may take about %d minutes more.", minutes)
	}
	return words
}
