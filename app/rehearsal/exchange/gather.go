package exchange

import (
	"context"
	"net/url"
	"strings"
	"time"

	"callin/app/rehearsal/twiml"
)

// gather collects keys. Those pressed before it are not its own. A key ends the
// prompts; the timeout runs from the prompts' end and anew from each key. Speech
// is listened to in vain: nothing here understands it, and nothing is made up.
func (c *call) gather(ctx context.Context, g twiml.Gather, p *page, out speaker) *step {
	c.forgetKeys()
	prompting, quiet := context.WithCancel(ctx)
	said := make(chan struct{})
	go func() {
		defer close(said)
		for _, v := range g.Prompts {
			c.hearVerb(prompting, v, p, out)
		}
	}()
	interrupt := quiet
	if !g.BargeIn {
		interrupt = func() {}
	}
	digits, finished := c.collect(ctx, g, said, interrupt)
	if !g.BargeIn {
		<-said
	}
	quiet()
	<-said // the speaker is free again
	if ctx.Err() != nil || digits == "" && !g.ActionOnEmptyResult {
		return nil
	}
	v := url.Values{"msg": {"Gather End"}}
	if g.DTMF {
		v.Set("Digits", digits)
	} else {
		v.Set("SpeechResult", "")
	}
	if finished != "" {
		v.Set("FinishedOnKey", finished)
	}
	return p.to(g.Action, g.Method, v)
}

func (c *call) forgetKeys() {
	for {
		select {
		case <-c.keys:
		default:
			return
		}
	}
}

func (c *call) collect(ctx context.Context, g twiml.Gather, said <-chan struct{}, quiet func()) (digits, finished string) {
	timeout := time.NewTimer(time.Duration(g.Timeout) * time.Second)
	defer timeout.Stop()
	timeout.Stop()
	for {
		select {
		case k := <-c.keys:
			if !g.DTMF {
				continue
			}
			quiet()
			said = nil
			if strings.IndexByte(g.FinishOnKey, k) >= 0 {
				return digits, string(k)
			}
			digits += string(k)
			if len(digits) == g.NumDigits {
				return digits, ""
			}
			timeout.Reset(time.Duration(g.Timeout) * time.Second)
		case <-said:
			said = nil
			timeout.Reset(time.Duration(g.Timeout) * time.Second)
		case <-timeout.C:
			return digits, ""
		case <-ctx.Done():
			return digits, ""
		}
	}
}
