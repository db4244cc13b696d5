package picture

import (
	"slices"

	"callin/app/call"
)

// remembersChat is how many of the last things that desks said are shown to who opens one.
const remembersChat = 100

// applyChat folds what desks say to one another.
func (s *State) applyChat(f call.Fact, changed *Changes) {
	if f.Kind == call.Chatted {
		s.chat = append(slices.Clone(s.chat), Said{
			Seq: f.Seq, At: f.At, Studio: f.Studio, Desk: f.Desk, Text: f.Message, ToHost: f.On,
		})
		s.chat = s.chat[max(0, len(s.chat)-remembersChat):]
		changed.chat = append(changed.chat, s.chat[len(s.chat)-1])
		return
	}
	at := slices.IndexFunc(s.chat, func(said Said) bool { return said.Seq == f.Move })
	if at < 0 || s.chat[at].Seen {
		return
	}
	s.chat = slices.Clone(s.chat)
	s.chat[at].Seen = true
	changed.chat = append(changed.chat, s.chat[at])
}

// Said is something that a desk said, by its number; false when it is not remembered.
func (s *State) Said(seq int64) (Said, bool) {
	at := slices.IndexFunc(s.chat, func(said Said) bool { return said.Seq == seq })
	if at < 0 {
		return Said{}, false
	}
	return s.chat[at], true
}
