package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"callin/app/call"
	"callin/app/journal"
	"callin/app/picture"
	"callin/app/station"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// The state that an earlier Callin left is taken up by this one.
func TestTheFirstVersionsJournalIsFolded(t *testing.T) {
	b, err := os.ReadFile("journal/testdata/journal-1.db")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Begin(t.Context(), path, true, quiet())
	if err != nil || j.Trouble != nil {
		t.Fatalf("%+v, %v", j, err)
	}
	defer j.Close()
	// Pruning is for what nothing follows from: the picture stays.
	for _, pruned := range []bool{false, true} {
		if pruned {
			if _, err := j.Prune(t.Context(), time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		s, err := station.New(t.Context(), station.Options{Studios: []picture.Studio{{}}, Journal: j, Carrier: nobody{}, Log: quiet()})
		if err != nil {
			t.Fatal(err)
		}
		p := s.Picture()
		if p.Seq != 26 || p.Studios[0].Show.State != call.ShowOpen || !p.Lines[0].Phone || p.Lines[0].Direct || len(p.Lines[0].Lost) != 1 || len(p.Cards) != 2 {
			t.Errorf("pruned %v: %+v", pruned, p)
		}
		for _, c := range p.Cards {
			switch c.Name {
			case "Ben":
				if c.Place != call.OnLine(call.AirLine, call.Held) || c.Topic != "the ferry" || c.AirMs != 2000 || c.Move != nil {
					t.Errorf("pruned %v: Ben is %+v", pruned, c)
				}
			default:
				if c.Place != call.InQueue(call.Screening) || !c.Locked {
					t.Errorf("pruned %v: the other one is %+v", pruned, c)
				}
			}
		}
	}
}
