package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/journal"
	"callin/app/picture"
	"callin/app/studio"
)

// book is the journal that a station begins with.
type book struct {
	*journal.Journal
	// trouble is what the desk is told of it; nil when all is well.
	trouble *picture.Trouble
	// lost is whether facts are missing in it, and last the last one's number.
	lost bool
	last int64
}

// openBook opens the journal at path. A show can begin whatever is wrong with
// the disk: a damaged journal is set aside and a new one begun with what could
// be read of it; where nothing can be written, memory must do. It refuses a
// journal that another Callin has open or that a later one wrote: both are well.
func openBook(ctx context.Context, path string, log *slog.Logger) (*book, error) {
	j, err := journal.Open(ctx, path)
	if err == nil {
		b := &book{Journal: j}
		if err = j.Read(ctx, func(f call.Fact) { b.last = f.Seq }); err == nil {
			return b, nil
		}
		j.Close()
	}
	log.Error("the journal", "error", err)
	switch {
	case errors.Is(err, journal.ErrDamaged):
		b, err := beginAnew(ctx, path)
		if err == nil {
			return b, nil
		}
		log.Error("a new journal", "error", err)
		return inMemory(ctx, path)
	case errors.Is(err, journal.ErrUnwritable):
		return inMemory(ctx, path)
	case errors.Is(err, journal.ErrNewer):
		return nil, &call.Error{Code: call.CodeJournal, Message: "The journal in " + filepath.Dir(path) + " was written by a newer Callin. Start that one, or name another folder with --data."}
	}
	return nil, &call.Error{Code: call.CodeJournal, Message: "The journal in " + filepath.Dir(path) + " cannot be used. See that no other Callin is running with this folder."}
}

func beginAnew(ctx context.Context, path string) (*book, error) {
	aside, err := journal.SetAside(path, time.Now())
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	read := journal.Salvage(ctx, aside)
	return filled(ctx, j, read, picture.Trouble{Code: call.CodeJournalDamaged, Message: fmt.Sprintf(
		"The journal was damaged, so Callin began a new one with the %d facts that could be read and asked Twilio where the calls are. The old one is %s.", len(read), aside)})
}

func inMemory(ctx context.Context, path string) (*book, error) {
	j, err := journal.Memory(ctx)
	if err != nil {
		return nil, err
	}
	return filled(ctx, j, journal.Salvage(ctx, path), picture.Trouble{Code: call.CodeJournalMemory, Message: fmt.Sprintf(
		"Callin cannot write to %s. The show can go on, but nothing of it is kept once Callin ends. Make room there or let Callin write, then start it again.", filepath.Dir(path))})
}

// filled begins j with the facts of another journal that could be read.
func filled(ctx context.Context, j *journal.Journal, facts []call.Fact, why picture.Trouble) (*book, error) {
	if err := j.Append(ctx, facts); err != nil {
		j.Close()
		return nil, err
	}
	why.At = time.Now().UnixMilli()
	b := &book{Journal: j, trouble: &why, lost: true}
	if len(facts) > 0 {
		b.last = facts[len(facts)-1].Seq
	}
	return b, nil
}

// askTwilio mends the show in a journal that lost facts: a show has queues for
// as long as it is open. The studio then finds the calls in them by itself.
func (b *book) askTwilio(ctx context.Context, twilio *carrier.Twilio) error {
	if !b.lost {
		return nil
	}
	queues, err := twilio.Queues(ctx, studio.OnAirQueue, studio.ScreeningQueue)
	if err != nil {
		return err
	}
	facts := []call.Fact{{Kind: call.ShowSet, Code: string(call.ShowClosed), Queues: queues}}
	if len(queues) > 0 {
		facts = []call.Fact{
			{Kind: call.ShowSet, Code: string(call.ShowOpening)},
			{Kind: call.ShowSet, Code: string(call.ShowOpen), Queues: queues},
		}
	} else if b.last == 0 {
		return nil // nothing is known of any show
	}
	for i := range facts {
		b.last++
		facts[i].Seq, facts[i].At = b.last, time.Now().UnixMilli()
	}
	return b.Append(ctx, facts)
}

// keepFor removes what is older than days, now and once a day, until ctx ends.
// 0 keeps everything.
func (b *book) keepFor(ctx context.Context, days int, log *slog.Logger) {
	for days > 0 {
		removed, err := b.Prune(ctx, time.Now().AddDate(0, 0, -days))
		if err != nil && ctx.Err() == nil {
			log.Warn("old facts could not be removed", "error", err)
		} else if removed > 0 {
			log.Info("old facts were removed", "facts", removed, "older than days", days)
		}
		select {
		case <-time.After(24 * time.Hour):
		case <-ctx.Done():
			return
		}
	}
}
