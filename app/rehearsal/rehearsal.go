// Package rehearsal is Twilio on this machine: REST, the exchange that follows
// TwiML, the Voice SDK's signalling and a stage full of callers, behind one
// loopback port. It keeps nothing on disk, talks to nobody outside this machine
// and shares no code with the rest of Callin.
package rehearsal

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/faults"
	"callin/app/rehearsal/rest"
	"callin/app/rehearsal/signal"
	"callin/app/rehearsal/stage"
	"callin/app/rehearsal/stage/backstage"
)

// The account's two numbers, of those that are nobody's.
const (
	listenersNumber = "+12025550100"
	dialInNumber    = "+12025550101"
)

// Options is how a rehearsal is started.
type Options struct {
	// Listen is a loopback address, 127.0.0.1:0 if empty.
	Listen string
	// Pace is how many times as fast as usual words are spoken, 1 if 0: who
	// tests does not wait for each sentence's end.
	Pace int
	// Private is whether sound is found at no public address of this computer: pages on
	// other ones are put through to the signalling, and sound is to stay within the
	// network. A page on this one may have no other address to be reached from.
	Private bool
}

// Rehearsal is one that runs.
type Rehearsal struct {
	// Hello is what a client needs to know, and what Main prints.
	Hello

	exchange *exchange.Exchange
	stage    *backstage.Stage
	signal   *signal.Server
	server   *http.Server
	done     chan struct{}
}

// Hello says where a rehearsal is and by which credentials it lets in.
type Hello struct {
	Address         string `json:"address"`
	AccountSid      string `json:"account_sid"`
	AuthToken       string `json:"auth_token"`
	ListenersNumber string `json:"listeners_number"`
	DialInNumber    string `json:"dial_in_number"`
}

// Start starts a rehearsal with credentials of its own.
func Start(o Options) (*Rehearsal, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	at, err := netip.ParseAddrPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("rehearsal: listen: %w", err)
	}
	if !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("rehearsal: %s is not a loopback address", at.Addr())
	}
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("rehearsal: %w", err)
	}
	st := backstage.New(listenersNumber)
	wrong := &faults.Set{}
	var sig *signal.Server // before the first call can come
	x := exchange.New(exchange.Options{
		ListenersNumber: listenersNumber, DialInNumber: dialInNumber, Telephone: st.Telephone,
		Softphone:   func(o exchange.Offer) exchange.Party { return rings(sig, o) },
		UserMessage: func(callSid, sid, content string) bool { return sig.Message(callSid, sid, []byte(content)) },
		Callback:    wrong.Callback, ClockAhead: wrong.ClockAhead, Pace: o.Pace,
	})
	st.Use(x)
	sig, err = signal.NewServer(switchboard{x}, wrong, o.Private)
	if err != nil {
		x.Close()
		l.Close()
		return nil, err
	}
	st.Spoil(wrong, sig.Cut)
	mux := http.NewServeMux()
	mux.Handle("/2010-04-01/", wrong.REST(rest.New(x)))
	newer := wrong.REST(rest.NewNewer(x))
	mux.Handle("/v1/", newer)
	mux.Handle("/v2/", newer)
	mux.Handle("/v1/AuthTokens/", wrong.REST(rest.NewAuthTokens(x)))
	mux.Handle("/stage/", st.Handler())
	mux.HandleFunc("/twiml/{name}", st.Bin)
	mux.Handle("/signal", sig)
	mux.HandleFunc("GET /signal/far", sig.Far)
	r := &Rehearsal{
		exchange: x, stage: st, signal: sig, done: make(chan struct{}),
		server: &http.Server{Handler: onlyHere(mux), ReadHeaderTimeout: 10 * time.Second},
		Hello: Hello{
			Address: "http://" + l.Addr().String(), AccountSid: x.Account().Sid, AuthToken: x.Account().AuthToken,
			ListenersNumber: listenersNumber, DialInNumber: dialInNumber,
		},
	}
	go func() {
		defer close(r.done)
		_ = r.server.Serve(l) // ends with Close
	}()
	return r, nil
}

// Close ends every call and then the rehearsal.
func (r *Rehearsal) Close() error {
	r.exchange.Close()
	r.stage.Close()
	r.signal.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := r.server.Shutdown(ctx)
	if err != nil { // somebody keeps a request open
		err = r.server.Close()
	}
	<-r.done
	return err
}

// Stage is a client of the rehearsal's stage.
func (r *Rehearsal) Stage() stage.Client {
	return stage.Client{Address: r.Address, AccountSid: r.AccountSid, AuthToken: r.AuthToken}
}

// Alerts is Twilio's debugger log: what went wrong with whose documents.
func (r *Rehearsal) Alerts() []exchange.Alert { return r.exchange.Alerts() }

// onlyHere refuses requests by another name than this machine's, as a page of
// somebody else's would make after rebinding its name to 127.0.0.1.
func onlyHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if a, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !a.IsLoopback()) {
			http.Error(w, "a rehearsal is asked by the name of this machine only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
