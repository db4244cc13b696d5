package app

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"slices"
	"time"

	"callin/app/call"
	"callin/app/folder"
	"callin/app/locked"
	"callin/app/picture"
	"callin/app/tracks"
)

// openTracks makes what keeps the shows' isolated tracks.
func (s *process) openTracks() {
	shows := &openedShows{locked.New(map[call.Studio]tracks.Show{}), s}
	s.tracks = tracks.New(rand.Text(), tracks.Options{
		Dir: filepath.Join(s.dir, "tracks"), Show: shows.of, Now: func() int64 { return s.show.Now() },
		Free: folder.Free, Tell: func(t tracks.Status) { s.show.SetTracks(tracksShown(t)) }, Log: s.log,
	})
	s.atTheEnd(s.tracks.Close)
	for _, st := range s.studios() {
		if st.Show.Tracks {
			s.beside(func(ctx context.Context) { s.followLanes(ctx, st, shows) })
		}
	}
}

func tracksShown(t tracks.Status) picture.Tracks {
	shown := picture.Tracks{Studio: t.Studio, On: t.On, Since: t.Since, Folder: t.Folder, Host: t.Host}
	if t.Trouble != nil {
		shown.Trouble = &picture.Trouble{Code: t.Trouble.Code, Message: t.Trouble.Message}
	}
	return shown
}

// openedShows are the shows that were opened last, by studio: the journal is not asked for
// each second of sound.
type openedShows struct {
	known *locked.Value[map[call.Studio]tracks.Show]
	at    *process
}

func (o *openedShows) of(ctx context.Context, in call.Studio) (show tracks.Show, err error) {
	o.known.With(func(known map[call.Studio]tracks.Show) { show = known[in] })
	if show.Number != 0 {
		return show, nil
	}
	editions, err := o.at.journal.Editions(ctx, in)
	if err != nil {
		return show, err
	}
	if len(editions) == 0 {
		return show, &call.Error{Code: call.CodeShowClosed, Message: "The show is closed: nothing of it is recorded."}
	}
	show = tracks.Show{Studio: in, Number: editions[0].Show, Opened: editions[0].Opened}
	for _, st := range o.at.studios() {
		if st.ID == in {
			show.Lanes = len(st.Lanes)
		}
	}
	o.known.With(func(known map[call.Studio]tracks.Show) { known[in] = show })
	return show, nil
}

func (o *openedShows) forget(in call.Studio) {
	o.known.With(func(known map[call.Studio]tracks.Show) { delete(known, in) })
}

// followLanes tells the recorder who is on the lanes of a studio.
func (s *process) followLanes(ctx context.Context, of picture.Studio, shows *openedShows) {
	on := map[call.Sid]bool{}
	look := func() {
		there, open := s.show.OnLanes(of.ID)
		clear(on)
		var lanes []tracks.OnLane
		for _, l := range there {
			on[l.Card.Call] = true
			lanes = append(lanes, tracks.OnLane{
				Lane: l.Lane, Call: l.Card.Call, Name: l.Card.Name, State: l.Card.Place.State, Since: l.Card.Since, Shared: l.Shared,
			})
		}
		s.tracks.Lanes(of.ID, open, lanes)
	}
	concerns := func(c picture.Change) bool {
		return slices.ContainsFunc(c.Studios, func(st picture.Studio) bool { return st.ID == of.ID }) ||
			slices.ContainsFunc(c.Gone, func(sid call.Sid) bool { return on[sid] }) ||
			slices.ContainsFunc(c.Cards, func(card picture.Card) bool {
				return on[card.Call] || card.Place.Kind == call.Line && slices.Contains(of.Lanes, card.Place.Name)
			})
	}
	for ctx.Err() == nil {
		feed := s.show.Attach(-1)
		shows.forget(of.ID)
		look()
		for {
			change, err := feed.Next(ctx)
			if err != nil {
				break
			}
			if slices.ContainsFunc(change.Studios, func(st picture.Studio) bool { return st.ID == of.ID && st.Show.State == call.ShowOpening }) {
				shows.forget(of.ID)
			}
			if concerns(change) {
				look()
			}
		}
		feed.Close()
	}
}

// keepTracksFor removes the isolated tracks of shows that are too old.
func (s *process) keepTracksFor(before time.Time) {
	removed, err := s.tracks.Prune(before)
	if err != nil {
		s.log.Warn("old isolated tracks could not be removed", "error", err)
	}
	if removed > 0 {
		s.log.Info("old isolated tracks were removed", "folders", removed)
	}
}
