package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"callin/app/call"
	"callin/app/folder"
	"callin/app/journal"
	"callin/app/settings"
	"callin/app/web"
)

// openFolder opens what is kept of earlier starts, unless a Callin that runs
// already has it.
func (s *process) openFolder(ctx context.Context) (running bool, err error) {
	running, unknown, err := s.takeFolder(ctx, kindOf(s.settings))
	if err != nil || running {
		return running, err
	}
	s.journal, err = journal.Begin(ctx, filepath.Join(s.dir, "journal.db"), unknown == nil, s.log)
	if err != nil {
		return false, err
	}
	s.atTheEnd(func() { s.journal.Close() })
	if t := s.journal.Trouble; t != nil && unknown != nil {
		t.Message += " It cannot tell either whether another Callin is running with this folder: see that none is."
	}
	return false, nil
}

// kindOf is the folder of a kind of start: a rehearsal's calls are never kept beside a
// real show's.
func kindOf(set settings.Settings) string {
	switch {
	case set.Rehearsal != "" && set.Connected:
		return "rehearsal-account"
	case set.AccountSid == "" || set.Rehearsal != "":
		return "rehearsal"
	}
	return "station"
}

// takeFolder takes the folder of a kind of start, and reads what is kept there. unknown
// is why it is not known whether another Callin has it.
func (s *process) takeFolder(ctx context.Context, kind string) (running bool, unknown, err error) {
	s.dir = filepath.Join(s.data, kind)
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return false, nil, fmt.Errorf("the folder %s cannot be made", s.dir)
	}
	if err := s.keepPrivate(); err != nil {
		return false, nil, err
	}
	held, unknown := folder.Take(s.dir)
	if errors.Is(unknown, folder.ErrTaken) {
		return true, nil, nil
	}
	if unknown == nil {
		s.atTheEnd(func() { held.Close() })
		s.markRunning()
	} else {
		s.log.Warn("the folder cannot be locked", "error", unknown)
	}
	if s.kept, err = settings.LoadKept(s.dir); errors.Is(err, settings.ErrDamaged) {
		s.beginKept(err)
	} else if err != nil {
		return false, nil, err
	}
	s.holds = unknown == nil
	s.stderr.hide(s.kept.KeySecret)
	if unknown != nil {
		if here, _ := s.answers(ctx, s.kept.DeskPort); here {
			return true, nil, nil
		}
	}
	return false, unknown, nil
}

// beginKept begins anew with what is kept, which is damaged.
func (s *process) beginKept(err error) {
	s.log.Error("what is kept", "error", err)
	aside, err := settings.SetKeptAside(s.dir, time.Now())
	if err != nil {
		s.log.Error("what is kept cannot be set aside", "error", err)
		aside = filepath.Join(s.dir, "kept.json")
	}
	s.warn("What Callin keeps of its keys and addresses was damaged, so it began anew: pages that were open must be opened again at the new address. The old file is " + aside + ".")
}

// appears is how long another Callin may take until its desk is there: it may
// just be starting too.
const appears = 10 * time.Second

// leadToRunning shows the desk of the Callin that has the folder.
func (s *process) leadToRunning(ctx context.Context) error {
	if s.headless {
		return &call.Error{Code: call.CodeRunning, Message: "A Callin is running already with the folder " + s.dir + ". End it first, or name another folder with --data."}
	}
	for late := time.After(appears); ; {
		kept, err := settings.LoadKept(s.dir)
		if here, open := s.answers(ctx, kept.DeskPort); err == nil && here {
			host := deskHost(kept.DeskPort)
			s.pageOpen = func() bool { return s.bringForward(ctx, host) || open }
			address := func(time.Duration) (string, error) {
				code, err := web.LeaveCode(s.dir, host)
				return deskAddress(host, code), err
			}
			if err := s.showDesk(address); err == nil {
				s.log.Info("Callin is running already; this is its desk", "page open", open)
				return nil
			}
		}
		select {
		case <-time.After(200 * time.Millisecond):
			continue
		case <-late:
		case <-ctx.Done():
		}
		// Its address is kept there too, if Callin can write there.
		return &call.Error{Code: call.CodeRunning, Message: "Callin is running already with the folder " + s.dir + ", but its desk is not where it was kept, or Callin may not write there. Use the address that it printed, or end it and start again."}
	}
}

// deskName tells the folder's desk from those of other folders.
func (s *process) deskName() string {
	sum := sha256.Sum256([]byte(s.dir))
	return hex.EncodeToString(sum[:8])
}

// comesBack is how long a page of an earlier start, which asks every two seconds,
// may take to find this one.
const comesBack = 2500 * time.Millisecond

// pageComesBack reports whether a page that was left open has found the desk again.
func (s *process) pageComesBack(ctx context.Context, desk int) bool {
	for late := time.After(comesBack); ; {
		if _, open := s.answers(ctx, desk); open {
			return true
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-late:
			return false
		case <-ctx.Done():
			return true // nobody opens a desk that ends
		}
	}
}

// answers reports whether this folder's desk is at a port, and whether a page of it
// is open in a browser.
func (s *process) answers(ctx context.Context, desk int) (here, open bool) {
	if desk == 0 {
		return false, false
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+deskHost(desk)+"/", nil)
	if err != nil {
		return false, false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false, false
	}
	answer.Body.Close()
	return answer.Header.Get(web.DeskHeader) == s.deskName(), answer.Header.Get(web.OpenHeader) != ""
}
