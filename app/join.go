package app

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"callin/app/call"
	"callin/app/pairing"
	"callin/app/remote"
	"callin/app/settings"
)

// notNow is why a station was not joined now, and may be at the next try.
type notNow struct{ why *call.Error }

func (n notNow) Error() string { return n.why.Message }

// join makes this PC a desk as a request says, and keeps that in s.dir. id is what tells
// the PC from others. The error is a notNow, or a refusal.
func (s *process) join(ctx context.Context, r settings.Request, id string) (settings.Paired, error) {
	s.stderr.hide(r.Key, r.Secret)
	if r.Key == "" {
		return s.joinByCode(ctx, r)
	}
	key, ok := parseKey(r.Key)
	if !ok {
		return settings.Paired{}, refusedStart("This is no roll-out key: it was not copied whole. Copy it once more, or ask a manager of the station for a new one.")
	}
	s.stderr.hide(key.secret)
	p, refused := remote.Join(ctx, r.Station, key.pin, key.secret, remote.Computer{Name: computerName(), Machine: id, Secret: r.Secret})
	if refused != nil {
		return settings.Paired{}, joinRefused(r.Station, refused)
	}
	now, err := s.keepPaired(r.Station, key.pin, p)
	if err != nil {
		return now, &call.Error{Code: call.CodeNotSaved, Message: "The pairing cannot be kept in " + s.dir + ". Free some space and see that Callin may write there, then do this once more: the key's place is this PC's."}
	}
	return now, nil
}

// keepRefusal keeps why this PC is no desk of the station that it was to join, so that its next start says it
// and is no rehearsal. Who is a desk already, of whichever station, stays that.
func (s *process) keepRefusal(r settings.Request, why string) error {
	kept, err := settings.LoadPaired(s.dir)
	if of := s.machine(); kept == nil && err == nil && of != "" {
		kept, err = settings.LoadPaired(of)
	}
	if kept != nil || err != nil {
		return settings.ForgetRequest(s.dir)
	}
	return r.WasRefused(why).Save(s.dir)
}

// joinByCode has a person compare the words of a certificate that nobody vouches for.
func (s *process) joinByCode(ctx context.Context, r settings.Request) (settings.Paired, error) {
	if time.Since(r.Made) > pairing.CodeLife {
		return settings.Paired{}, &call.Error{Code: call.CodeWrongCode, Message: "The code that this PC was given for " + r.Station + " was good for ten minutes, and the station was not reached in them. Ask a manager of the station for a new one."}
	}
	s.code = r.Code
	before, _ := s.keptPairing() // without one the words are compared
	now, err := s.pair(ctx, r.Station, before)
	s.code = ""
	var refused *call.Error
	if errors.As(err, &refused) {
		err = joinRefused(r.Station, refused)
	}
	return now, err
}

// joinRefused tells what may be done at the next try from what will not.
func joinRefused(station string, refused *call.Error) error {
	switch refused.Code {
	case call.CodeNotReached, call.CodeUnanswered, call.CodeNotSaved, call.CodeFailed, call.CodeTooOften:
		return notNow{refused}
	case call.CodeOtherKey:
		return &call.Error{Code: refused.Code, Message: "What answers at " + station + " shows another certificate than the roll-out key is for, so nothing was sent there. See that the address is right; if the station's certificate was made anew, ask a manager for a new key."}
	case call.CodeNotTrusted:
		return &call.Error{Code: refused.Code, Message: "This PC does not trust the certificate at " + station + ", and the roll-out key knows none. Ask a manager of the station for a new key, or see that the address is right."}
	}
	return refused
}

// computerName is this PC's own, without the network's.
func computerName() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	name, _, _ = strings.Cut(name, ".")
	return name
}
