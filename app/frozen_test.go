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

// A journal from before there were studios is the first one's.
func TestTheJournalOfOneStudioIsTheFirstOnes(t *testing.T) {
	b, err := os.ReadFile("journal/testdata/journal-2.db")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if facts := journal.Salvage(t.Context(), path); len(facts) != 29 {
		t.Errorf("of a damaged one %d facts can be read", len(facts))
	}
	j, err := journal.Begin(t.Context(), path, true, quiet())
	if err != nil || j.Trouble != nil {
		t.Fatalf("%+v, %v", j, err)
	}
	defer j.Close()
	s, err := station.New(t.Context(), station.Options{Studios: []picture.Studio{{}, {ID: "b"}}, Journal: j, Carrier: nobody{}, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	p := s.Picture()
	if p.Seq != 29 || p.Studios[0].Show.State != call.ShowOpen || p.Studios[1].Show.State != call.ShowClosed || len(p.Cards) != 6 || len(p.Lines[0].Lost) != 1 {
		t.Errorf("it is %+v", p)
	}
	where := map[string]call.Place{"Ana Duarte": {Kind: call.Park}, "Carla Lindqvist": call.OnLine(call.AirLine, call.Held)}
	for _, c := range p.Cards {
		want, ok := where[c.Name]
		if !ok {
			want = call.InQueue(call.OnAir)
		}
		if c.Studio != "" || c.Place != want {
			t.Errorf("%s %s is %+v in %q", c.Name, c.Number, c.Place, c.Studio)
		}
	}
	for studio, want := range map[call.Studio]int{"": 1, "b": 0} {
		if editions, err := j.Editions(t.Context(), studio); err != nil || len(editions) != want {
			t.Errorf("the record of %q has %d shows, %v", studio, len(editions), err)
		}
	}
}
