package stage

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client directs the stage of a running rehearsal. The three fields are in the
// line that the rehearsal prints.
type Client struct {
	Address, AccountSid, AuthToken string
}

// answerTimeout is for everything but the events, which last.
const answerTimeout = 10 * time.Second

// Ring lets callers ring in.
func (c Client) Ring(ctx context.Context, ask Casting) ([]Caller, error) {
	var out struct{ Callers []Caller }
	err := c.do(ctx, http.MethodPost, "callers", ask, &out)
	return out.Callers, err
}

// Callers returns all callers, oldest first, those who have gone too.
func (c Client) Callers(ctx context.Context) ([]Caller, error) {
	var out struct{ Callers []Caller }
	err := c.do(ctx, http.MethodGet, "callers", nil, &out)
	return out.Callers, err
}

// Caller returns one caller.
func (c Client) Caller(ctx context.Context, callSid string) (Caller, error) {
	var out Caller
	err := c.do(ctx, http.MethodGet, "callers/"+url.PathEscape(callSid), nil, &out)
	return out, err
}

// HangUp lets a caller hang up.
func (c Client) HangUp(ctx context.Context, callSid string) error {
	return c.do(ctx, http.MethodDelete, "callers/"+url.PathEscape(callSid), nil, nil)
}

// HangUpAll lets all callers hang up.
func (c Client) HangUpAll(ctx context.Context) error {
	return c.do(ctx, http.MethodDelete, "callers", nil, nil)
}

// Keys lets a caller press keys: 0-9 * #, and w for half a second.
func (c Client) Keys(ctx context.Context, callSid, digits string) error {
	return c.do(ctx, http.MethodPost, "callers/"+url.PathEscape(callSid)+"/keys", map[string]string{"digits": digits}, nil)
}

// Legs returns every live call.
func (c Client) Legs(ctx context.Context) ([]Leg, error) {
	var out struct{ Calls []Leg }
	err := c.do(ctx, http.MethodGet, "calls", nil, &out)
	return out.Calls, err
}

// Install puts up a telephone.
func (c Client) Install(ctx context.Context, t Telephone) error {
	return c.do(ctx, http.MethodPost, "telephones", t, nil)
}

// Show lets callers ring in by themselves until StopShow.
func (c Client) Show(ctx context.Context, s Show) error {
	return c.do(ctx, http.MethodPost, "show", s, nil)
}

// Text lets a telephone send a text message.
func (c Client) Text(ctx context.Context, t Text) error {
	return c.do(ctx, http.MethodPost, "messages", t, nil)
}

// StopShow lets nobody else ring in by themselves; those on the telephone stay.
func (c Client) StopShow(ctx context.Context) error {
	return c.do(ctx, http.MethodDelete, "show", nil, nil)
}

// Switch sets the switches.
func (c Client) Switch(ctx context.Context, s Switches) error {
	return c.do(ctx, http.MethodPut, "switches", s, nil)
}

// PutBin makes a TwiML Bin, or replaces it, and returns its address.
func (c Client) PutBin(ctx context.Context, name, twiml string) (address string, err error) {
	return c.Address + "/twiml/" + name, c.do(ctx, http.MethodPut, "bins/"+name, Bin{twiml}, nil)
}

// Alerts returns Twilio's debugger log, oldest first.
func (c Client) Alerts(ctx context.Context) ([]Alert, error) {
	var out struct{ Alerts []Alert }
	err := c.do(ctx, http.MethodGet, "alerts", nil, &out)
	return out.Alerts, err
}

// Events calls f with every change from now on, until ctx ends or the stage
// goes away. Ready, unless nil, is called once nothing more can be missed.
func (c Client) Events(ctx context.Context, ready func(), f func(Event)) error {
	res, err := c.send(ctx, http.MethodGet, "events", nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if ready != nil {
		ready()
	}
	for lines := bufio.NewScanner(res.Body); ; {
		if !lines.Scan() {
			return lines.Err()
		}
		data, is := strings.CutPrefix(lines.Text(), "data: ")
		if !is {
			continue
		}
		var e Event
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			return fmt.Errorf("stage: event: %w", err)
		}
		f(e)
	}
}

func (c Client) do(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	res, err := c.send(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(res.Body).Decode(out); err != nil {
		return fmt.Errorf("stage: %s %s: %w", method, path, err)
	}
	return nil
}

func (c Client) send(ctx context.Context, method, path string, in any) (*http.Response, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.Address+"/stage/"+path, body)
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(c.AccountSid, c.AuthToken)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("stage: %w", err)
	}
	if res.StatusCode >= 300 {
		defer res.Body.Close()
		var e struct{ Message string }
		_ = json.NewDecoder(io.LimitReader(res.Body, 1<<16)).Decode(&e)
		return nil, &Error{res.StatusCode, e.Message}
	}
	return res, nil
}

// Error is an answer other than a success.
type Error struct {
	Status  int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("stage: %d %s", e.Status, e.Message) }
