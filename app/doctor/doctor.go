// Package doctor looks a station over: the account and what of it leads here, the way in,
// this computer. Each finding is fine, or says what is wrong and the one thing to do; it
// changes nothing anywhere.
package doctor

import (
	"context"
	"errors"
	"time"

	"callin/app/call"
	"callin/app/carrier"
	"callin/app/desk"
	"callin/app/edge"
	"callin/app/setup"
)

// Finding is one thing that was looked at.
type Finding = desk.Finding

// Options are what a doctor needs to know of a station.
type Options struct {
	// Quick looks only at what would spoil a show that opens now, within two seconds.
	Quick bool

	// Twilio speaks for the account; nil where there is none, and NoTwilio says why: nil
	// for a station that has none yet.
	Twilio   *carrier.Twilio
	NoTwilio error
	// AccountSid and AuthToken are the account's.
	AccountSid, AuthToken string
	// Wish is what the account should be like, with the API key that is in use.
	Wish setup.Wish
	// Place is where Twilio is used, and Trip times the way there; nil where there is no
	// account.
	Place edge.Place
	Trip  edge.Trip
	// Texts are the countries whose numbers are sent texts.
	Texts []string

	// Port is the voice listener's; 0 where none is set or kept.
	Port int
	// Here is the listener's answer at /voice/here/{nonce}; nil where the station does not
	// run.
	Here func(nonce string) string
	// LastSigned is when Twilio last asked something, and Open whether a show is open or
	// on its way; both of a station that runs.
	LastSigned func() time.Time
	Open       func() bool
	// Tunnel says how the tunnel is that the station keeps up; nil where there is none.
	Tunnel func(ctx context.Context) *call.Error
	// TunnelKind is what the tunnel is by; empty where there is none.
	TunnelKind string

	// Policy are the names of the settings that this computer's policy has.
	Policy []string
	// Data is the folder that all is kept in, and Dir the station's own.
	Data, Dir string
	// Free is how many bytes can still be written to the disk that a folder is on.
	Free func(dir string) (uint64, error)
	// Journal is what is wrong with the journal.
	Journal func(ctx context.Context) *call.Error
	// Secrets reads the account's secrets, and says in words where they are.
	Secrets func() (where string, err error)
}

const (
	// longest is how long a doctor looks, and quickest when it is to be quick.
	longest  = 20 * time.Second
	quickest = 1700 * time.Millisecond
	// grace is what is given to who was told to end, to say how far it came.
	grace = 200 * time.Millisecond
)

// look is one thing that is looked at.
type look struct {
	id    string
	quick bool
	at    func(*visit, context.Context) Finding
}

// looks are all of them, in the order in which they are told.
var looks = []look{
	{"credentials", true, (*visit).credentials},
	{"account", true, (*visit).account},
	{"balance", true, (*visit).balance},
	{"limits", false, (*visit).limits},
	{"key", false, (*visit).key},
	{"clock", false, (*visit).clock},
	{"other", true, (*visit).other},
	{"numbers", false, (*visit).numbers},
	{"address", true, (*visit).address},
	{"certificate", false, (*visit).certificate},
	{"tunnel", false, (*visit).tunnel},
	{"quota", false, (*visit).quota},
	{"port", false, (*visit).port},
	{"edge", false, (*visit).edge},
	{"fallback", false, (*visit).fallback},
	{"queues", false, (*visit).queues},
	{"errors", false, (*visit).errors},
	{"calling", false, (*visit).calling},
	{"texting", false, (*visit).texting},
	{"disk", true, (*visit).disk},
	{"journal", false, (*visit).journal},
	{"secrets", false, (*visit).secrets},
	{"policy", false, (*visit).policy},
}

// visit is one look over a station. What several of them need is asked for once.
type visit struct {
	Options
	owner  func() (carrier.AccountState, error)
	judged func() judgement
}

// owned is whose the account is, or why Twilio does not say so.
type owned struct {
	carrier.AccountState
	err error
}

// soon begins to find something out, which whoever asks waits for.
func soon[T any](find func() T) func() T {
	var found T
	done := make(chan struct{})
	go func() {
		found = find()
		close(done)
	}()
	return func() T {
		<-done
		return found
	}
}

// Run looks a station over.
func Run(ctx context.Context, o Options) []Finding {
	within := longest
	if o.Quick {
		within = quickest
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	v := &visit{Options: o}
	owner := soon(func() (is owned) {
		if o.Twilio == nil {
			is.err = errors.New("there is no account")
			return is
		}
		is.AccountState, is.err = o.Twilio.Account(ctx)
		return is
	})
	v.owner = func() (carrier.AccountState, error) { return owner().AccountState, owner().err }
	if !o.Quick {
		v.judged = soon(func() judgement { return v.judge(ctx) })
	}
	var ask []look
	for _, l := range looks {
		if l.quick || !o.Quick {
			ask = append(ask, l)
		}
	}
	found := make([]chan Finding, len(ask))
	began := time.Now()
	for i, l := range ask {
		found[i] = make(chan Finding, 1)
		go func() {
			f := l.at(v, ctx)
			f.ID, f.TookMs = l.id, time.Since(began).Milliseconds()
			found[i] <- f
		}()
	}
	return append(gather(ctx, ask, found, began), v.ofPages()...)
}

// gather waits for what is found. A disk or a keyring may never answer, and heeds no
// context: it is left behind.
func gather(ctx context.Context, ask []look, found []chan Finding, began time.Time) []Finding {
	late := make(chan struct{})
	defer context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, func() { close(late) })
	})()
	all := []Finding{}
	for i, l := range ask {
		select {
		case f := <-found[i]:
			all = append(all, f)
		case <-late:
			f := unlooked("This took too long to look at.", "Look again; if it stays so, restart this computer.")
			f.ID, f.TookMs = l.id, time.Since(began).Milliseconds()
			all = append(all, f)
		}
	}
	return all
}

// Wrong are the findings that say what is wrong.
func Wrong(all []Finding) (wrong []Finding) {
	for _, f := range all {
		if f.State == desk.Wrong {
			wrong = append(wrong, f)
		}
	}
	return wrong
}

func fine(what string) Finding         { return Finding{State: desk.Fine, What: what} }
func wrong(what, do string) Finding    { return Finding{State: desk.Wrong, What: what, Do: do} }
func unlooked(what, do string) Finding { return Finding{State: desk.Unlooked, What: what, Do: do} }
