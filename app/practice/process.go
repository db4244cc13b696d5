// Package practice is a show to practise, as Callin sees it: the rehearsal, a
// process beside it, and its stage, on which a desk makes callers up and lets
// things go wrong. Nothing else knows that its Twilio is a rehearsal.
package practice

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"time"

	"callin/app/settings"
)

// Rehearsal is a process of its own that ends with this one: it watches its
// standard input, which even a killed process closes.
type Rehearsal struct {
	command *exec.Cmd
	input   io.Closer
	ended   chan struct{}

	Address         string `json:"address"`
	AccountSid      string `json:"account_sid"`
	AuthToken       string `json:"auth_token"`
	ListenersNumber string `json:"listeners_number"`
	DialInNumber    string `json:"dial_in_number"`
}

// Start starts a rehearsal and waits until it says where it is: at the port of
// last time if that is free, so that an open page finds it again. elsewhere is whether
// there are desks elsewhere, whose sound is to stay within the network.
func Start(ctx context.Context, stderr io.Writer, last int, elsewhere bool) (*Rehearsal, error) {
	if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", last)); err == nil {
		l.Close()
	} else {
		last = 0
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r := &Rehearsal{
		command: exec.Command(self, "rehearsal", "--with-parent", "--listen", fmt.Sprintf("127.0.0.1:%d", last), fmt.Sprintf("--private=%t", elsewhere)),
		ended:   make(chan struct{}),
	}
	r.command.Stderr = stderr
	apart(r.command)
	if r.input, err = r.command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := r.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := r.command.Start(); err != nil {
		return nil, err
	}
	said := make(chan error, 1)
	go func() {
		line, err := bufio.NewReader(output).ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, r)
		}
		said <- err
		io.Copy(io.Discard, output)
		r.command.Wait()
		close(r.ended)
	}()
	select {
	case err = <-said:
	case <-time.After(20 * time.Second):
		err = errors.New("it does not say where it is")
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		r.Stop()
		return nil, fmt.Errorf("rehearsal: %w", err)
	}
	return r, nil
}

// Port is the one that the rehearsal listens on.
func (r *Rehearsal) Port() int {
	u, err := url.Parse(r.Address)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(u.Port())
	return n
}

func (r *Rehearsal) Into(s *settings.Settings) {
	s.Rehearsal, s.AccountSid, s.AuthToken = r.Address, r.AccountSid, r.AuthToken
	s.Number, s.DialIn = r.ListenersNumber, r.DialInNumber
}

var ErrEnded = errors.New("the rehearsal ended")

// Wait returns when the rehearsal has ended, with the reason to end too.
func (r *Rehearsal) Wait() error {
	<-r.ended
	return ErrEnded
}

// Stop ends the rehearsal and waits for it.
func (r *Rehearsal) Stop() {
	r.input.Close()
	select {
	case <-r.ended:
	case <-time.After(5 * time.Second):
		r.command.Process.Kill()
		<-r.ended
	}
}
