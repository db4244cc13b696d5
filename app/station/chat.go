package station

import (
	"context"

	"callin/app/call"
)

// Say says something to the other desks of the studio; toHost is what no host may miss.
func (s Seat) Say(ctx context.Context, text string, toHost bool) error {
	return s.keep(ctx, func(studio) ([]call.Fact, error) {
		return []call.Fact{{Kind: call.Chatted, Message: text, On: toHost}}, nil
	})
}

// HasSeen keeps that a host has seen what was said for hosts, by its number.
func (s Seat) HasSeen(ctx context.Context, seq int64) error {
	return s.keep(ctx, func(st studio) ([]call.Fact, error) {
		switch said, ok := st.state.Said(seq); {
		case !ok || said.Studio != st.id:
			return nil, refuse(call.CodeNoSuchMessage, "This message is not there any more.")
		case said.Seen:
			return nil, nil
		}
		return []call.Fact{{Kind: call.ChatSeen, Move: seq}}, nil
	})
}
