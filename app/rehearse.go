package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"time"

	"callin/app/settings"
)

// child is a rehearsal in a process of its own, which ends with this one: it
// watches its standard input, which even a killed process closes.
type child struct {
	command *exec.Cmd
	input   io.Closer
	ended   chan struct{}

	Address         string `json:"address"`
	AccountSid      string `json:"account_sid"`
	AuthToken       string `json:"auth_token"`
	ListenersNumber string `json:"listeners_number"`
	DialInNumber    string `json:"dial_in_number"`
}

// rehearse starts a rehearsal and waits until it says where it is: at the port
// of last time if that is free, so that an open page finds it again.
func rehearse(ctx context.Context, stderr io.Writer, last int) (*child, error) {
	if l, err := listen(0, last); err == nil {
		last = port(l)
		l.Close()
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{
		command: exec.Command(self, "rehearsal", "--with-parent", "--listen", fmt.Sprintf("127.0.0.1:%d", last)),
		ended:   make(chan struct{}),
	}
	c.command.Stderr = stderr
	apart(c.command)
	if c.input, err = c.command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.command.Start(); err != nil {
		return nil, err
	}
	said := make(chan error, 1)
	go func() {
		line, err := bufio.NewReader(output).ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, c)
		}
		said <- err
		io.Copy(io.Discard, output)
		c.command.Wait()
		close(c.ended)
	}()
	select {
	case err = <-said:
	case <-time.After(20 * time.Second):
		err = errors.New("it does not say where it is")
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		c.stop()
		return nil, fmt.Errorf("rehearsal: %w", err)
	}
	return c, nil
}

// port is the one that the rehearsal listens on.
func (c *child) port() int {
	u, err := url.Parse(c.Address)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(u.Port())
	return n
}

func (c *child) into(s *settings.Settings) {
	s.Rehearsal, s.AccountSid, s.AuthToken = c.Address, c.AccountSid, c.AuthToken
	s.Number, s.DialIn = c.ListenersNumber, c.DialInNumber
}

var errRehearsalEnded = errors.New("the rehearsal ended")

// wait returns when the rehearsal has ended, with the reason to end too.
func (c *child) wait() error {
	<-c.ended
	return errRehearsalEnded
}

// stop ends the rehearsal and waits for it.
func (c *child) stop() {
	c.input.Close()
	select {
	case <-c.ended:
	case <-time.After(5 * time.Second):
		c.command.Process.Kill()
		<-c.ended
	}
}
