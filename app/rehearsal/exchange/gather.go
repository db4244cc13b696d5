package exchange

import (
	"context"
	"net/url"
	"strings"
	"time"

	"callin/app/rehearsal/twiml"
)

// gather collects keys, or what a Talker says. Keys pressed before it are not its
// own. A key ends the prompts; the timeout runs from the prompts' end and anew from
// each key. Of keys and speech what comes first counts (inferred).
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
	got := c.collect(ctx, g, said, interrupt)
	if !g.BargeIn {
		<-said
	}
	quiet()
	<-said // the speaker is free again
	if ctx.Err() != nil || got.digits == "" && got.words == "" && !g.ActionOnEmptyResult {
		return nil
	}
	v := url.Values{"msg": {"Gather End"}}
	switch {
	case got.words != "":
		v.Set("SpeechResult", got.words)
		v.Set("Confidence", confidence)
	case g.DTMF:
		v.Set("Digits", got.digits)
	default:
		v.Set("SpeechResult", "")
	}
	if got.finished != "" {
		v.Set("FinishedOnKey", got.finished)
	}
	return p.to(g.Action, g.Method, v)
}

// input is what a Gather has got: keys, with the one that finished them, or words.
type input struct{ digits, finished, words string }

func (c *call) forgetKeys() {
	for {
		select {
		case <-c.keys:
		default:
			return
		}
	}
}

func (c *call) collect(ctx context.Context, g twiml.Gather, said <-chan struct{}, quiet func()) (got input) {
	listening, deaf := context.WithCancel(ctx)
	defer deaf()
	var speaks <-chan struct{}
	var words <-chan string
	if g.Speech {
		speaks, words = c.listenFor(listening, g, said)
	}
	timeout := time.NewTimer(time.Duration(g.Timeout) * time.Second)
	defer timeout.Stop()
	timeout.Stop()
	for {
		select {
		case k := <-c.keys:
			if !g.DTMF {
				continue
			}
			deaf()
			speaks, words = nil, nil // what it began to say at this moment is not waited for
			quiet()
			said = nil
			if strings.IndexByte(g.FinishOnKey, k) >= 0 {
				got.finished = string(k)
				return got
			}
			got.digits += string(k)
			if len(got.digits) == g.NumDigits {
				return got
			}
			timeout.Reset(time.Duration(g.Timeout) * time.Second)
		case <-speaks:
			timeout.Stop()
			g.DTMF = false
		case got.words = <-words:
			return got
		case <-said:
			said = nil
			timeout.Reset(time.Duration(g.Timeout) * time.Second)
		case <-timeout.C:
			return got
		case <-ctx.Done():
			return got
		}
	}
}
