package station

import (
	"context"

	"callin/app/call"
)

// Note is what somebody typed on a card; a nil field stays as it is.
type Note struct {
	Name, Location, Topic, Notes, Language *string
	Rating                                 *int // 1 to 5, 0 for none
}

// Note keeps what somebody typed, also of a caller of the studio's who has just hung up,
// and returns the number of the fact: a picture that has come so far has what was typed.
func (s Seat) Note(ctx context.Context, sid call.Sid, n Note) (seq int64, err error) {
	return s.kept(ctx, func(st studio) ([]call.Fact, error) {
		_, err := st.named(sid)
		if st.state.WasCaller(st.id, sid) {
			err = nil
		}
		return []call.Fact{{Kind: call.Noted, Call: sid, Name: n.Name, Location: n.Location, Topic: n.Topic, Notes: n.Notes, Language: n.Language, Rating: n.Rating}}, err
	})
}

// Lock makes Next and Drop pass the call by, or not.
func (s Seat) Lock(ctx context.Context, sid call.Sid, on bool) error {
	return s.keep(ctx, func(st studio) ([]call.Fact, error) {
		who, err := st.named(sid)
		if err == nil {
			err = st.mayMove(st.belongs(who), who.Place())
		}
		return []call.Fact{{Kind: call.LockSet, Call: sid, On: on}}, err
	})
}
