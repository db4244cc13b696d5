package exchange

import (
	"context"
	"fmt"
	"net/url"

	"callin/app/rehearsal/twiml"
)

// situation is where a document is heard that does not direct the call itself.
type situation string

// The situations, and what Twilio allows in them besides Say, Play, Pause and
// Redirect: Gather, Leave and Hangup in a queue, Gather and Hangup for a party
// that was dialled, nothing elsewhere.
const (
	inQueue      situation = "a queue"
	whispered    situation = "a whisper"
	screening    situation = "the called party's document"
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
			if in == whispered && !err.ofTwiML() {
				err.code = 14211 // that Twilio cannot retrieve it (dictionary)
			}
			c.x.failed(c.sid, err)
			return "", err
		}
		if p.audio != nil {
			for { // a URL that is audio itself is heard over and over
				if out(ctx, *p.audio) != nil || in == whispered || in == screening || p.audio.length == 0 {
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
		if code := in.forbids(v); code != 0 {
			c.x.alert(code, c.sid, p.from, fmt.Sprintf("%T is not allowed in %s", v, in))
			continue
		}
		switch v := v.(type) {
		case twiml.Redirect:
			return p.to(v.URL, v.Method, nil), ""
		case twiml.Gather:
			if next := c.gather(ctx, v, p, out); next != nil {
				return next, ""
			}
		case twiml.Hangup:
			return nil, "hangup"
		case twiml.Leave:
			return nil, "leave"
		default:
			c.hearVerb(ctx, v, p, out)
		}
		if ctx.Err() != nil {
			return nil, ""
		}
	}
	return nil, ""
}

// forbids is the error of a verb that is not allowed, 0 for one that is.
func (in situation) forbids(v twiml.Verb) int {
	switch v.(type) {
	case twiml.Say, twiml.Play, twiml.Pause, twiml.Redirect:
		return 0
	case twiml.Gather, twiml.Hangup:
		if in == inQueue || in == screening {
			return 0
		}
	case twiml.Leave:
		if in == inQueue {
			return 0
		}
	case twiml.Dial:
		if in == screening {
			return 13201
		}
	}
	if in == inConference {
		return 13238
	}
	return 12200
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
