package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"callin/app/call"
	"callin/app/certificate"
	"callin/app/remote"
	"callin/app/settings"
)

// paired is what this PC has of a station: it is paired first if there is a code.
func (s *process) paired(ctx context.Context, station string) (settings.Paired, error) {
	kept, err := s.keptPairing()
	if s.code != "" {
		return s.pair(ctx, station, kept)
	}
	wanted, unreadable := s.request()
	switch {
	case unreadable != nil:
		return settings.Paired{}, unreadable
	case wanted != nil && wanted.Station == station && wanted.Refused != "":
		return settings.Paired{}, refusedStart("This PC is no desk of " + station + " yet. " + wanted.Refused + " If it is to be one of its own again, type callin leave.")
	case wanted != nil && wanted.Station == station:
		return s.joins(ctx, *wanted, kept)
	case err != nil:
		return settings.Paired{}, err
	case kept == nil || kept.Station != station:
		return settings.Paired{}, refusedStart("This PC is not paired with " + station + ". Ask a manager's desk there for a code, or run callin desks add on the station's computer. Then start callin --station " + station + " --code CODE here.")
	}
	return *kept, nil
}

// pair makes this PC a desk of a station by the code, and keeps that. before is what it
// had until now, if anything.
func (s *process) pair(ctx context.Context, station string, before *settings.Paired) (now settings.Paired, err error) {
	shown, refused := remote.Look(ctx, station)
	if refused != nil {
		return settings.Paired{}, refused
	}
	if shown.Trusted {
		return s.pairBy(ctx, station, certificate.Pin{})
	}
	if before != nil && before.Station == station && before.Pin == shown.Pin.String() {
		return s.pairBy(ctx, station, shown.Pin)
	}
	err = s.compareWords(ctx, station, shown.Pin)
	switch {
	case err == nil:
		return s.pairBy(ctx, station, shown.Pin)
	case errors.Is(err, errNobodyThere) && !s.pageless:
		err = s.compareOnPage(ctx, station, shown.Pin, func() (err error) {
			now, err = s.pairBy(ctx, station, shown.Pin)
			return err
		})
	}
	return now, err
}

// pairBy makes this PC a desk of the station that the pin is of.
func (s *process) pairBy(ctx context.Context, station string, pin certificate.Pin) (settings.Paired, error) {
	p, refused := remote.Pair(ctx, station, pin, s.code)
	if refused != nil {
		return settings.Paired{}, refused
	}
	now, err := s.keepPaired(station, pin, p)
	if err != nil {
		return now, &call.Error{Code: call.CodeNotSaved, Message: "The pairing cannot be kept in " + s.dir + ". Free some space and see that Callin may write there, then pair with a new code."}
	}
	return now, nil
}

// keepPaired keeps what this PC has of its station from now on.
func (s *process) keepPaired(station string, pin certificate.Pin, p remote.Paired) (settings.Paired, error) {
	s.stderr.hide(p.Secret)
	now := settings.Paired{
		Station: station, Pin: pin.String(), Secret: p.Secret,
		Name: p.Name, Desk: p.Desk.Name, Rehearsal: p.Rehearsal, Edge: p.Edge, Region: p.Region,
	}
	if err := now.Save(s.dir); err != nil {
		s.log.Error("the pairing", "error", err)
		return now, err
	}
	if err := settings.ForgetRequest(s.dir); err != nil {
		s.log.Warn("that this PC was to join its station is not forgotten", "error", err)
	}
	s.log.Info("this PC is paired", "station", station, "name", p.Name, "desk", p.Desk.Name)
	return now, nil
}

// errNobodyThere is that there is no terminal, or nobody at it: a window's PC has none.
var errNobodyThere = errors.New("nobody has compared the words")

// compareWords has the person compare what the station shows with what its own screen
// says: nothing else tells that nobody answers in its place.
func (s *process) compareWords(ctx context.Context, station string, pin certificate.Pin) error {
	fmt.Fprintf(s.world.Stdout, "%s has a certificate of its own. Compare these words with those on the station's screen:\n\n    %s\n\nAre they the same? Type yes or no.\n", station, pin.Words())
	said := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(s.world.Stdin).ReadString('\n')
		said <- line
	}()
	select {
	case line := <-said:
		if line == "" {
			return errNobodyThere
		}
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "yes", "y":
			return nil
		case "":
			return refusedStart("Nobody has compared the words, so this PC is not paired. Start it again, and answer yes if they are the same.")
		}
		return wordsDiffer(station)
	case <-ctx.Done():
		return ctx.Err()
	}
}
