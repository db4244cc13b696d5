package app

import (
	"context"
	"encoding/json"

	"callin/app/awake"
	"callin/app/call"
	"callin/app/desk"
	"callin/app/picture"
)

// keeper keeps this computer awake while a show is open.
func (s *process) keeper() *awake.Keeper {
	return &awake.Keeper{Why: "A show is open", Failed: func(err error) {
		s.log.Info("this computer may go to sleep in a show: the system cannot be asked not to", "error", err)
	}}
}

// stayAwake keeps the station's computer awake while a show of it is open.
func (s *process) stayAwake(ctx context.Context) {
	keeper, open := s.keeper(), false
	follow := func(is bool) {
		switch {
		case is && !open:
			keeper.Hold()
		case !is && open:
			keeper.Drop()
		}
		open = is
	}
	defer follow(false)
	for ctx.Err() == nil {
		feed := s.show.Attach(-1)
		follow(s.openOrOnItsWay())
		for {
			change, err := feed.Next(ctx)
			if err != nil {
				break
			}
			if len(change.Studios) > 0 {
				follow(s.openOrOnItsWay())
			}
		}
		feed.Close()
	}
}

// wakeful is a desk of a station elsewhere: this PC is kept awake while a page of the
// desk is open and a show of it is, too.
type wakeful struct {
	desk.Backend
	keeper *awake.Keeper
}

// Attach begins a feed, which tells of the shows.
func (w wakeful) Attach(from int64) desk.Feed {
	return &wakefulFeed{Feed: w.Backend.Attach(from), keeper: w.keeper, open: map[call.Studio]bool{}}
}

type wakefulFeed struct {
	desk.Feed
	keeper *awake.Keeper
	open   map[call.Studio]bool
}

// Next waits for the next event.
func (f *wakefulFeed) Next(ctx context.Context) (desk.Event, error) {
	e, err := f.Feed.Next(ctx)
	var told struct{ Studios []picture.Studio }
	if err != nil || (e.Name != "picture" && e.Name != "change") || json.Unmarshal(e.Data, &told) != nil {
		return e, err
	}
	before := len(f.open)
	if e.Name == "picture" {
		clear(f.open)
	}
	for _, st := range told.Studios {
		if st.Show.State == "" || st.Show.State == call.ShowClosed {
			delete(f.open, st.ID)
		} else {
			f.open[st.ID] = true
		}
	}
	f.follow(before)
	return e, nil
}

// Close ends the feed.
func (f *wakefulFeed) Close() {
	f.Feed.Close()
	before := len(f.open)
	clear(f.open)
	f.follow(before)
}

// follow holds and lets go by how many shows were open before, and are.
func (f *wakefulFeed) follow(before int) {
	switch now := len(f.open); {
	case before == 0 && now > 0:
		f.keeper.Hold()
	case before > 0 && now == 0:
		f.keeper.Drop()
	}
}
