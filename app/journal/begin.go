package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"callin/app/call"
)

// Beginning is the journal that a station begins with.
type Beginning struct {
	*Journal
	// Trouble is what the desk is told of it; nil when all is well.
	Trouble *call.Error
	// Lost is whether facts are missing in it. Last is the last one's number and
	// LastAt its time; 0 when there is none.
	Lost         bool
	Last, LastAt int64
}

// Begin opens the journal at path. A show can begin whatever is wrong with
// the disk: a damaged journal is set aside and a new one begun with what could
// be read of it; where nothing can be written, memory must do. It refuses, with
// a *call.Error, a journal that another program writes or that a later Callin
// wrote: both are well. Who only reads it is let be when alone says that no other
// Callin can have it.
func Begin(ctx context.Context, path string, alone bool, log *slog.Logger) (*Beginning, error) {
	j, err := Open(ctx, path)
	if alone && errors.Is(err, ErrTaken) {
		log.Warn("another program has the journal open", "error", err)
		j, err = openBeside(ctx, path)
	}
	if err == nil {
		b := &Beginning{Journal: j}
		if err = j.Read(ctx, func(f call.Fact) { b.Last, b.LastAt = f.Seq, f.At }); err == nil {
			return b, nil
		}
		j.Close()
	}
	log.Error("the journal", "error", err)
	switch {
	case errors.Is(err, ErrDamaged):
		b, err := beginAnew(ctx, path)
		if err == nil {
			return b, nil
		}
		log.Error("a new journal", "error", err)
		return beginInMemory(ctx, path)
	case errors.Is(err, ErrUnwritable):
		return beginInMemory(ctx, path)
	case errors.Is(err, ErrNewer):
		return nil, &call.Error{Code: call.CodeJournal, Message: "The journal in " + filepath.Dir(path) + " was written by a newer Callin. Start that one, or name another folder with --data."}
	}
	return nil, &call.Error{Code: call.CodeJournal, Message: "The journal in " + filepath.Dir(path) + " cannot be used, as another program has it open: an earlier Callin, or one that reads databases. End that one, then start Callin again."}
}

func beginAnew(ctx context.Context, path string) (*Beginning, error) {
	aside, err := SetAside(path, time.Now())
	if err != nil {
		return nil, err
	}
	j, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	read := Salvage(ctx, aside)
	return beginWith(ctx, j, read, &call.Error{Code: call.CodeJournalDamaged, Message: fmt.Sprintf(
		"The journal was damaged, so Callin began a new one with the %d facts that could be read and asked Twilio where the calls are. The old one is %s.", len(read), aside)})
}

func beginInMemory(ctx context.Context, path string) (*Beginning, error) {
	j, err := Memory(ctx)
	if err != nil {
		return nil, err
	}
	return beginWith(ctx, j, Salvage(ctx, path), &call.Error{Code: call.CodeJournalMemory, Message: fmt.Sprintf(
		"Callin cannot write to %s. The show can go on, but nothing of it is kept once Callin ends. Make room there or let Callin write, then start it again.", filepath.Dir(path))})
}

// beginWith begins j with the facts of another journal that could be read.
func beginWith(ctx context.Context, j *Journal, facts []call.Fact, why *call.Error) (*Beginning, error) {
	if err := j.Append(ctx, facts); err != nil {
		j.Close()
		return nil, err
	}
	b := &Beginning{Journal: j, Trouble: why, Lost: true}
	if len(facts) > 0 {
		last := facts[len(facts)-1]
		b.Last, b.LastAt = last.Seq, last.At
	}
	return b, nil
}

// Add appends facts that have no number yet, as of the last one: whether the
// computer's clock was put since is not known here.
func (b *Beginning) Add(ctx context.Context, facts ...call.Fact) error {
	if b.LastAt == 0 {
		b.LastAt = time.Now().UnixMilli()
	}
	for i := range facts {
		b.Last++
		facts[i].Seq, facts[i].At = b.Last, b.LastAt
	}
	return b.Append(ctx, facts)
}
