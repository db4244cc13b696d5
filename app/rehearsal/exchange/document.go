package exchange

import (
	"context"
	"net/url"

	"callin/app/rehearsal/twiml"
)

// situation is where a document is heard that does not direct the call itself.
type situation string

// The situations, and what Twilio allows in them besides Say, Play, Pause and
// Redirect: Gather, Leave and Hangup in a queue, nothing elsewhere.
const (
	inQueue      situation = "a queue"
	whispered    situation = "a whisper"
	inConference situation = "a conference"
)

// hearDocument follows a document of sounds to its end, and where it redirects
// to. With leave or hangup the document takes the call away. An error has been
// put into the alerts.
func (c *call) hearDocument(ctx context.Context, st step, in situation, out speaker, params func() url.Values) (exit string, failed *fetchError) {
	for next := &st; next != nil; {
		now := *next
		now.params = merge(params(), next.params)
		p, err := c.load(ctx, &now)
		if ctx.Err() != nil {
			return "", nil
		}
		if err != nil {
			c.x.failed(c.sid, err)
			return "", err
		}
		if p.audio != nil {
			for { // a URL that is audio itself is heard over and over
				if out(ctx, *p.audio) != nil || in == whispered || p.audio.length == 0 {
					return "", nil
				}
			}
		}
		if next, exit = c.hearVerbs(ctx, p, in, out); exit != "" || ctx.Err() != nil {
			return exit, nil
		}
	}
	return "", nil
}

func (c *call) hearVerbs(ctx context.Context, p *page, in situation, out speaker) (next *step, exit string) {
	for _, v := range p.doc.Verbs {
		switch v := v.(type) {
		case twiml.Say, twiml.Play, twiml.Pause:
			c.hearVerb(ctx, v, p, out)
		case twiml.Redirect:
			return p.to(v.URL, v.Method, nil), ""
		case twiml.Gather:
			if in != inQueue {
				c.x.alert(12200, c.sid, p.from, "<Gather> in "+string(in))
			} else if next := c.gather(ctx, v, p, out); next != nil {
				return next, ""
			}
		case twiml.Leave, twiml.Hangup:
			if in != inQueue {
				c.x.alert(12200, c.sid, p.from, "<Leave> or <Hangup> in "+string(in))
				continue
			}
			if _, hang := v.(twiml.Hangup); hang {
				return nil, "hangup"
			}
			return nil, "leave"
		default:
			c.x.alert(12200, c.sid, p.from, "a verb that is not allowed in "+string(in))
		}
		if ctx.Err() != nil {
			return nil, ""
		}
	}
	return nil, ""
}

func merge(a, b url.Values) url.Values {
	out := url.Values{}
	for _, v := range []url.Values{a, b} {
		for k, s := range v {
			out[k] = s
		}
	}
	return out
}
