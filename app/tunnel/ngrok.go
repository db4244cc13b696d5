package tunnel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.ngrok.com/ngrok/v2"

	"callin/app/call"
)

// ngrok makes a tunnel of ngrok's. Its library comes back by itself too, but keeps the
// address that it had, whatever it is given then, and says nothing of a refusal: here one
// connection is one tunnel, and keep makes the next.
func (o Options) ngrok(ctx context.Context) (*standing, error) {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	lost := make(chan error, 1)
	agent, err := ngrok.NewAgent(append(o.far(),
		ngrok.WithAuthtoken(o.Token), ngrok.WithAutoConnect(false), ngrok.WithDialer(&single{}),
		ngrok.WithLogger(slog.New(slog.DiscardHandler)), // its errors have the authtoken in them
		ngrok.WithEventHandler(func(e ngrok.Event) {
			if gone, is := e.(*ngrok.EventAgentDisconnected); is {
				first(lost, gone.Error)
			}
		}))...)
	if err != nil {
		end()
		return nil, bare(err)
	}
	type made struct {
		listener ngrok.EndpointListener
		err      error
	}
	done := make(chan made, 1)
	go func() { // which ends with life, and not before where ngrok refuses: the library tries on
		listener, err := o.listen(life, agent)
		done <- made{listener, err}
	}()
	var listener ngrok.EndpointListener
	select {
	case m := <-done:
		listener, err = m.listener, m.err
	case err = <-lost:
		err = gone(err)
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err != nil {
		end()
		_ = agent.Disconnect()
		return nil, bare(err)
	}
	news, idle := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(idle)
		ended := make(chan error, 1)
		var carrying sync.WaitGroup
		carrying.Go(func() { ended <- o.carry(life, listener, &carrying) })
		select {
		case err = <-lost:
			err = gone(err)
		case err = <-ended:
		}
		news <- bare(err)
		close(news)
		carrying.Wait()
	}()
	return &standing{address: listener.URL().String(), news: news, close: func() {
		end()
		_ = agent.Disconnect()
		select {
		case <-idle:
		case <-time.After(leaving):
		}
	}}, nil
}

// single dials once: the library, which dials again at once, would hold the domain that
// the next tunnel asks for.
type single struct {
	net.Dialer
	dialled atomic.Bool
}

func (s *single) Dial(network, address string) (net.Conn, error) {
	return s.DialContext(context.Background(), network, address)
}

func (s *single) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if s.dialled.Swap(true) {
		return nil, errors.New("this tunnel is over")
	}
	return s.Dialer.DialContext(ctx, network, address)
}

// far is another far end than ngrok's own.
func (o Options) far() (all []ngrok.AgentOption) {
	if o.Server != "" {
		all = append(all, ngrok.WithAgentConnectURL(o.Server))
	}
	if o.CA != nil {
		all = append(all, ngrok.WithAgentConnectCAs(o.CA))
	}
	return all
}

func (o Options) listen(ctx context.Context, agent ngrok.Agent) (ngrok.EndpointListener, error) {
	if err := agent.Connect(ctx); err != nil {
		return nil, err
	}
	var at []ngrok.EndpointOption
	if o.Domain != "" {
		at = append(at, ngrok.WithURL("https://"+strings.TrimPrefix(o.Domain, "https://")))
	}
	return agent.Listen(ctx, at...)
}

// carry passes connections on as they are, so that Twilio's signature holds, until there
// come no more.
func (o Options) carry(ctx context.Context, from net.Listener, carrying *sync.WaitGroup) error {
	for {
		in, err := from.Accept()
		if err != nil {
			return err
		}
		carrying.Go(func() {
			defer in.Close()
			to, err := (&net.Dialer{Timeout: 3 * time.Second}).DialContext(ctx, "tcp", o.To)
			if err != nil {
				return // the far end says so to who asks
			}
			defer to.Close()
			defer context.AfterFunc(ctx, func() { in.Close(); to.Close() })()
			var back sync.WaitGroup
			back.Go(func() {
				io.Copy(in, to)
				in.Close()
			})
			io.Copy(to, in)
			if half, is := to.(*net.TCPConn); is {
				half.CloseWrite()
			}
			back.Wait()
		})
	}
}

// first keeps the first error: later ones follow from it.
func first(of chan error, err error) {
	select {
	case of <- err:
	default:
	}
}

func gone(err error) error {
	if err == nil {
		return errors.New("the session has ended")
	}
	return err
}

// bare is an error without ngrok's words, which repeat the authtoken, and with ours for
// its code.
func bare(err error) error {
	var theirs ngrok.Error
	var inner interface{ ErrorCode() string } // of an event, which has it as it came
	switch {
	case errors.As(err, &theirs):
		return refusal(theirs.Code())
	case errors.As(err, &inner):
		return refusal(inner.ErrorCode())
	}
	return err
}

// refusals are what ngrok's codes mean here (ngrok docs: Errors Reference).
var refusals = []struct {
	codes  string
	code   call.Code
	passes bool
	what   string
}{
	{
		"105 106 107 109", call.CodeTunnelToken, false,
		"ngrok does not know this authtoken. Copy it again from dashboard.ngrok.com, Your Authtoken.",
	},
	{
		"102 103", call.CodeTunnelLimit, false,
		"ngrok has suspended its account, or a payment failed. See dashboard.ngrok.com, Billing.",
	},
	{
		"108 324", call.CodeTunnelLimit, true,
		"The ngrok account has as many tunnels at once as it may. End another one, which dashboard.ngrok.com shows under Agents; this one then comes up by itself.",
	},
	{
		"725 727 734 718 720 4027", call.CodeTunnelLimit, false,
		"The ngrok account has used up what it may carry. See dashboard.ngrok.com, Usage and Billing.",
	},
	{
		"334 18009", call.CodeTunnelDomain, true, // perhaps by this station's session of before
		"Another session of ngrok's has the tunnel's domain. End it, which dashboard.ngrok.com shows under Endpoints; this one then comes up by itself.",
	},
	{
		"309 310 319 320", call.CodeTunnelDomain, false,
		"The tunnel's domain, tunnel_domain, is not one of this ngrok account. dashboard.ngrok.com shows the account's own under Domains.",
	},
}

func refusal(code string) error {
	number := strings.TrimPrefix(code, "ERR_NGROK_")
	for _, r := range refusals {
		if slices.Contains(strings.Fields(r.codes), number) {
			return &refused{&call.Error{Code: r.code, Message: r.what}, r.passes}
		}
	}
	if number == "" {
		return errors.New("ngrok gives no code for it")
	}
	return &refused{&call.Error{Code: call.CodeTunnelCut, Message: fmt.Sprintf("ngrok refuses the tunnel with its code %s, of which ngrok.com/docs/errors says more. It is tried again.", code)}, true}
}
