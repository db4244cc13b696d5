// Package tunnel keeps up an address at which Twilio reaches a station that has none of
// its own: a far end on the internet takes requests there and passes them on through a
// connection that Callin made.
//
// Of the two kinds ngrok is a part of Callin: nothing is installed, and an account of
// theirs has a domain that stays. The other kind is cloudflared, a program on the same
// computer, rather than Tailscale's Funnel: for a first try it needs no account with
// anybody, it is one file that no administrator installs, it answers for itself at an
// address of its own rather than in words, and all of it ends with the process. A Funnel
// needs tailscaled as a service, a network whose administrator has allowed Funnel and
// HTTPS, and goes on in tailscaled when Callin has died.
package tunnel

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"time"

	"callin/app/call"
)

// The kinds of a tunnel.
const (
	Ngrok       = "ngrok"
	Cloudflared = "cloudflared"
)

// Options say which tunnel there is to be.
type Options struct {
	Kind string
	// Token is ngrok's authtoken, or that of a tunnel of Cloudflare's. Cloudflared needs
	// none for an address that is another one at each start.
	Token string
	// Domain is the reserved one, such as "radio.ngrok.app"; empty for what the far end
	// gives. A tunnel of Cloudflare's with a token must have one, as it is set there.
	Domain string
	// To is where requests are passed on to: a host and port on this computer.
	To string
	// Tell hears of each change, one after the other.
	Tell func(State)
	Log  *slog.Logger
	// Server is another far end of ngrok's, with CA to know it by; empty for its own.
	Server string
	CA     *x509.CertPool
}

// State is how a tunnel stands. With neither an address nor trouble it is being made.
type State struct {
	// Address is where Twilio reaches the station, such as "https://radio.ngrok.app"; empty
	// while it does not. It may be another one than before.
	Address string
	// Trouble is what is wrong, and what to do.
	Trouble *call.Error
}

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
	// opening is how long a tunnel may take until it carries.
	opening = time.Minute
)

// open makes a tunnel, within ctx and the time that it may take.
type open func(ctx context.Context) (*standing, error)

// standing is a tunnel that was made.
type standing struct {
	address string
	// news are nil when it carries again and an error while it does not. The last one,
	// before it is closed, is why the tunnel is gone.
	news <-chan error
	// close ends it; what is on its way may go on for a moment.
	close func()
}

// Run keeps a tunnel up until ctx ends.
func Run(ctx context.Context, o Options) {
	tell := changes(o.Tell)
	make, wrong := o.kind()
	if wrong != nil {
		tell(State{Trouble: wrong})
		<-ctx.Done()
		return
	}
	keep(ctx, make, tell, o.Log)
}

func (o Options) kind() (open, *call.Error) {
	setting := func(message string) *call.Error { return &call.Error{Code: call.CodeTunnelSetting, Message: message} }
	switch {
	case o.Kind == Ngrok && o.Token == "":
		return nil, setting("A tunnel of ngrok's needs an authtoken. It stands at dashboard.ngrok.com under Your Authtoken.")
	case o.Kind == Ngrok:
		return o.ngrok, nil
	case o.Kind == Cloudflared && o.Token != "" && o.Domain == "":
		return nil, setting("A tunnel of Cloudflare's with a token needs its address too, tunnel_domain: the public hostname that it was given at Cloudflare.")
	case o.Kind == Cloudflared && o.Token == "" && o.Domain != "":
		return nil, setting("A tunnel of Cloudflare's with an address of its own, tunnel_domain, needs its token. Without an address it needs none.")
	case o.Kind == Cloudflared:
		return o.cloudflared, nil
	}
	return nil, setting(`There is no such tunnel. tunnel must be "ngrok" or "cloudflared".`)
}

// changes tells of a state that is not as the last one, and reports whether it is not.
func changes(tell func(State)) func(State) bool {
	var last State
	first := true
	return func(s State) bool {
		same := s.Address == last.Address && (s.Trouble == nil) == (last.Trouble == nil) && (s.Trouble == nil || *s.Trouble == *last.Trouble)
		if !first && same {
			return false
		}
		first, last = false, s
		tell(s)
		return true
	}
}

// keep makes a tunnel again whenever it is gone, after pauses that grow until one has
// stood for longer than the longest of them. What no waiting puts right is tried as
// seldom as that at once.
func keep(ctx context.Context, make open, tell func(State) bool, log *slog.Logger) {
	tell(State{})
	up := func(address string) {
		if tell(State{Address: address}) {
			log.Info("the tunnel is up", "address", address)
		}
	}
	down := func(err error) (passes bool) {
		trouble, passes := troubleOf(err)
		if tell(State{Trouble: trouble}) {
			log.Warn("the tunnel", "trouble", trouble.Message, "error", err)
		}
		return passes
	}
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		began := time.Now()
		err := once(ctx, make, up, down)
		if ctx.Err() != nil {
			return
		}
		passes := down(err)
		switch {
		case !passes:
			pause = longestPause
		case time.Since(began) > longestPause:
			pause = firstPause
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// once makes a tunnel and says how it stands until it is gone, or ctx ends.
func once(ctx context.Context, make open, up func(address string), down func(error) bool) error {
	within, cancel := context.WithTimeoutCause(ctx, opening, errSlow)
	defer cancel()
	t, err := make(within)
	if err != nil {
		if within.Err() != nil {
			err = errors.Join(context.Cause(within), err)
		}
		return err
	}
	defer t.close()
	up(t.address)
	for last := error(nil); ; {
		select {
		case news, more := <-t.news:
			switch {
			case !more && last == nil:
				return errors.New("it ended without a word")
			case !more:
				return last
			case news != nil:
				down(news)
			default:
				up(t.address)
			}
			last = news
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

var errSlow = errors.New("the tunnel was not up within a minute")

// refused is an error of a far end in words.
type refused struct {
	is *call.Error
	// passes: it may be over without anybody's doing anything here.
	passes bool
}

func (r *refused) Error() string { return r.is.Error() }

// troubleOf is an error in words, and whether it may pass by itself.
func troubleOf(err error) (trouble *call.Error, passes bool) {
	var known *refused
	if errors.As(err, &known) {
		return known.is, known.passes
	}
	return &call.Error{Code: call.CodeTunnelCut, Message: "The tunnel is cut, so Twilio does not reach this station. It comes back by itself; if it does not, see that this computer reaches the internet."}, true
}
