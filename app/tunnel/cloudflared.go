package tunnel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"callin/app/call"
)

const (
	// asking is how often cloudflared is asked whether it carries, and answering how long
	// that may take.
	asking    = time.Second
	answering = 2 * time.Second
	// leaving is how long it may take to end.
	leaving = 3 * time.Second
)

// cloudflared makes a tunnel of Cloudflare's by the program of that name, which ends with
// Callin. It comes back from a cut by itself, and keeps its address as long as it runs.
func (o Options) cloudflared(ctx context.Context) (*standing, error) {
	program, err := exec.LookPath("cloudflared")
	if err != nil {
		return nil, &refused{&call.Error{Code: call.CodeTunnelProgram, Message: "cloudflared is not installed on this computer. It is one file, from developers.cloudflare.com (search there for: cloudflared downloads), to be put where programs are; Callin then finds it by itself."}, false}
	}
	own, err := os.MkdirTemp("", "callin-cloudflared-")
	if err != nil {
		return nil, err
	}
	// A person's own settings of cloudflared are for other tunnels of theirs, and would
	// keep it from making one without an account.
	settings := filepath.Join(own, "config.yml")
	if err := os.WriteFile(settings, []byte("{}\n"), 0o600); err != nil {
		return nil, errors.Join(err, os.RemoveAll(own))
	}
	metrics, err := freeAddress()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(own))
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	arguments := []string{"tunnel", "--config", settings, "--no-autoupdate", "--metrics", metrics, "--grace-period", "1s"}
	if o.Token != "" {
		arguments = append(arguments, "run")
	} else {
		arguments = append(arguments, "--url", "http://"+o.To)
	}
	command := exec.CommandContext(life, program, arguments...)
	command.Env = o.environment(os.Environ())
	command.Cancel = func() error { return quit(command.Process) }
	command.WaitDelay = leaving
	said := &mouth{token: o.Token}
	command.Stderr = said
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		defer os.RemoveAll(own)
		said.end(run(command))
	}()
	leave := func() { end(); <-exited }
	p := &process{metrics: metrics, domain: o.Domain, said: said, exited: exited}
	address, err := p.address(ctx)
	if err != nil {
		leave()
		return nil, err
	}
	news := make(chan error, 1)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		defer close(news)
		p.watch(life, news)
	}()
	return &standing{address: address, news: news, close: func() { leave(); <-watched }}, nil
}

// environment is Callin's own without what may be secret, and with the token, which has
// no place among the arguments: everybody on the computer sees those.
func (o Options) environment(all []string) (some []string) {
	for _, v := range all {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "CALLIN_") && !strings.HasPrefix(name, "TWILIO_") && !strings.HasPrefix(name, "TUNNEL_") {
			some = append(some, v)
		}
	}
	if o.Token != "" {
		some = append(some, "TUNNEL_TOKEN="+o.Token)
	}
	return some
}

// freeAddress is one on this computer that nobody has now. If somebody takes it
// meanwhile cloudflared ends, and is started with another.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// process is a cloudflared that was started.
type process struct {
	metrics, domain string
	said            *mouth
	exited          <-chan struct{}
}

// address waits until it carries, and is where.
func (p *process) address(ctx context.Context) (string, error) {
	for {
		if err := p.carries(ctx); err == nil {
			if p.domain != "" {
				return "https://" + strings.TrimPrefix(p.domain, "https://"), nil
			}
			if host := p.given(ctx); host != "" {
				return "https://" + host, nil
			}
		}
		if err := p.said.refusal(); err != nil { // it would try on and on
			return "", err
		}
		select {
		case <-p.exited:
			return "", p.said.why()
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-time.After(asking / 5):
		}
	}
}

// watch tells when it is cut and carries again, until it ends.
func (p *process) watch(ctx context.Context, news chan<- error) {
	tell := func(err error) bool {
		select {
		case news <- err:
			return true
		case <-ctx.Done():
			return false
		}
	}
	for cut := false; ; {
		select {
		case <-p.exited:
			tell(p.said.why())
			return
		case <-ctx.Done():
			return
		case <-time.After(asking):
		}
		err := p.carries(ctx)
		if is := err != nil; is != cut {
			cut = is
			if !tell(err) {
				return
			}
		}
		if err == nil {
			p.said.forget()
		}
	}
}

// carries asks whether it has a connection to Cloudflare.
func (p *process) carries(ctx context.Context) error {
	_, err := p.ask(ctx, "ready")
	return err
}

// given is the host that it was given; empty while it has none.
func (p *process) given(ctx context.Context) string {
	body, err := p.ask(ctx, "quicktunnel")
	var told struct {
		Hostname string `json:"hostname"`
	}
	if err != nil || json.Unmarshal(body, &told) != nil {
		return ""
	}
	return told.Hostname
}

// direct asks this computer whatever proxy is set.
var direct = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: answering}

func (p *process) ask(ctx context.Context, what string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.metrics+"/"+what, nil)
	if err != nil {
		return nil, err
	}
	answer, err := direct.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("cloudflared answers %d", answer.StatusCode)
	}
	return body, err
}
