package exchange

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"callin/app/rehearsal/media"
	"callin/app/rehearsal/twiml"
)

// apology is what Twilio says before it gives a call up.
const apology = "We are sorry, an application error has occurred. Goodbye."

// maxDocument is the largest TwiML, in bytes (Twilio docs: error 11750).
const maxDocument = 64 << 10

// paceOfFetches is the least time between two documents of one call: the
// network's own delay, without which an endless Redirect would take all of a
// processor.
const paceOfFetches = 20 * time.Millisecond

// page is a document that a call follows.
type page struct {
	doc *twiml.Document
	// base is the document's own URL, without the parameters of the request;
	// nil for inline TwiML, whose URLs must be absolute.
	base   *url.URL
	method string
	audio  *clip // instead of doc when a URL answered with sound
	from   *webhook
}

// follow does a step and returns the next, or nil when there is none or
// something else has taken its place.
func (c *call) follow(ctx context.Context, st *step) *step {
	if st.do != nil {
		return st.do(ctx)
	}
	p, err := c.load(ctx, st)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return c.giveUp(ctx, st, err)
	}
	if p.audio != nil {
		c.answer()
		_ = c.direct(ctx, *p.audio)
		return nil
	}
	for _, v := range p.doc.Verbs {
		next, done := c.do(ctx, v, p)
		if ctx.Err() != nil {
			return nil
		}
		if next != nil || done {
			return next
		}
	}
	return nil
}

// nextFetch says how long to wait before the next document of a call is
// fetched. A participant's wait and hold documents are fetched beside the call's
// own.
func (c *call) nextFetch() (wait time.Duration, refused *fetchError) {
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	if err := c.trialHop(); err != nil {
		return 0, err
	}
	wait = max(0, time.Until(c.lastFetch.Add(paceOfFetches)))
	c.lastFetch = time.Now().Add(wait)
	return wait, nil
}

// load fetches and reads a step's document.
func (c *call) load(ctx context.Context, st *step) (*page, *fetchError) {
	if st.twiml != "" {
		return c.parse([]byte(st.twiml), "", nil)
	}
	if st.url == "" {
		return nil, &fetchError{11100, errors.New("no voice URL is set"), nil}
	}
	wait, refused := c.nextFetch()
	if refused != nil {
		return nil, refused
	}
	if err := sleep(ctx, wait); err != nil {
		return nil, &fetchError{11205, err, nil}
	}
	a, err := c.x.fetch(ctx, st.method, st.url, c.params(st.params))
	if err != nil {
		return nil, err
	}
	var p *page
	switch {
	case strings.HasPrefix(a.kind, "audio/"):
		samples, bad := media.ParseAudio(a.body)
		if bad != nil {
			return nil, &fetchError{12300, bad, a.webhook}
		}
		k := sound(st.url, samples)
		p = &page{audio: &k}
	case a.kind == "text/plain":
		text, bad := twiml.UTF8(a.body, a.charset)
		if bad != nil {
			return nil, &fetchError{12300, bad, a.webhook}
		}
		p = &page{doc: &twiml.Document{Verbs: []twiml.Verb{twiml.Say{Text: string(text), Loop: 1}}}}
	case a.kind == "text/html" || strings.HasSuffix(a.kind, "xml"):
		if p, err = c.parse(a.body, a.charset, a.webhook); err != nil {
			return nil, err
		}
	default: // none, too: "You must return a Content-Type for all requests" (dictionary: 12300)
		return nil, &fetchError{12300, fmt.Errorf("invalid content type %q", a.header.Get("Content-Type")), a.webhook}
	}
	p.from = a.webhook
	p.base, _ = url.Parse(a.url) // after redirects
	p.method = st.method
	return p, nil
}

// parse reads a document. What Twilio's dictionary calls a warning goes into the
// alerts and the call goes on; what it calls an error ends the call as a
// document that cannot be read does, which is inferred.
func (c *call) parse(b []byte, charset string, from *webhook) (*page, *fetchError) {
	if len(b) > maxDocument {
		return nil, &fetchError{11750, fmt.Errorf("TwiML of %d bytes, more than %d", len(b), maxDocument), from}
	}
	doc, err := twiml.Parse(b, charset)
	switch {
	case errors.Is(err, twiml.ErrRoot):
		return nil, &fetchError{12102, err, from}
	case err != nil:
		return nil, &fetchError{12100, err, from}
	}
	for _, w := range doc.Problems {
		if level(w.Code) == "error" && !w.OfEnqueue() {
			return nil, &fetchError{w.Code, errors.New(w.Text), from}
		}
		c.x.alert(w.Code, c.sid, from, w.Text)
	}
	return &page{doc: doc, from: from}, nil
}

// giveUp is what follows a document that cannot be had: the fallback URL, or
// an apology and the end.
func (c *call) giveUp(ctx context.Context, st *step, err *fetchError) *step {
	c.x.failed(c.sid, err)
	if c.fallback.url != "" && !st.isFallback {
		next := c.fallback
		next.params = url.Values{"ErrorCode": {strconv.Itoa(err.code)}, "ErrorUrl": {st.url}}
		return &next
	}
	c.answer()
	_ = c.direct(ctx, c.x.speech(apology))
	return nil
}

// to makes a step of a URL in a document: relative to it, and the document
// itself when empty.
func (p *page) to(ref, method string, params url.Values) *step {
	u := ref
	if p.base != nil {
		if ref == "" {
			return &step{url: p.base.String(), method: p.method, params: params}
		}
		if abs, err := p.base.Parse(ref); err == nil {
			u = abs.String()
		}
	}
	return &step{url: u, method: method, params: params}
}

// told is the URL of a callback in a document; empty is none.
func (p *page) told(ref string) string {
	if ref == "" {
		return ""
	}
	return p.to(ref, "", nil).url
}

// do follows one verb. It returns where to go on, or that the call is done with
// this document; with neither, the next verb follows.
func (c *call) do(ctx context.Context, v twiml.Verb, p *page) (next *step, done bool) {
	switch v := v.(type) {
	case twiml.Redirect, twiml.Pause: // these leave a ringing call ringing
	case twiml.Reject:
		return nil, c.reject(v)
	case twiml.Dial:
		if !v.AnswerOnBridge && len(v.Parties) == 0 { // else once they have been told
			c.answer()
		}
	default:
		c.answer()
	}
	if c.trialReplaces(ctx, v) {
		return nil, false
	}
	switch v := v.(type) {
	case twiml.Hangup:
		return nil, true
	case twiml.Redirect:
		return p.to(v.URL, v.Method, nil), false
	case twiml.Gather:
		return c.gather(ctx, v, p, c.direct), false
	case twiml.Record:
		return c.record(ctx, v, p), false
	case twiml.Enqueue:
		return c.enqueue(ctx, v, p)
	case twiml.Dial:
		return c.dial(ctx, v, p)
	case twiml.Start:
		c.start(v, p)
	case twiml.Leave:
		c.x.alert(12200, c.sid, p.from, "<Leave> outside a queue")
	default:
		c.hearVerb(ctx, v, p, c.direct)
	}
	return nil, false
}

// reject refuses a ringing call; an answered one it merely ends.
func (c *call) reject(v twiml.Reject) bool {
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	switch {
	case !c.answered.IsZero():
		c.x.end(c, Completed)
	case v.Reason == "busy":
		c.x.end(c, Busy)
	default:
		c.x.end(c, NoAnswer)
	}
	return true
}

// hearVerb follows a verb that is only heard: Say, Play or Pause.
func (c *call) hearVerb(ctx context.Context, v twiml.Verb, p *page, out speaker) {
	switch v := v.(type) {
	case twiml.Say:
		repeat(ctx, v.Loop, func() error { return out(ctx, c.x.speech(v.Text)) })
	case twiml.Pause:
		_ = out(ctx, silence(time.Duration(v.Length)*time.Second))
	case twiml.Play:
		if v.Digits != "" {
			c.sendDigits(ctx, v.Digits, out)
			return
		}
		u := p.to(v.URL, "GET", nil).url
		repeat(ctx, v.Loop, func() error {
			k, err := c.x.clips.get(ctx, u)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				c.x.failed(c.sid, err)
				return err
			}
			if k.length == 0 {
				return errors.New("nothing to play")
			}
			return out(ctx, k)
		})
	}
}

// sendDigits presses keys for the far end to hear.
func (c *call) sendDigits(ctx context.Context, digits string, out speaker) {
	sound := media.DTMF(digits)
	_ = out(ctx, clip{Event{Kind: "digits", Text: digits}, sampleTime(len(sound)), func() []int16 { return sound }})
}

// mostLoops is what a loop of 0 comes to (Twilio docs: Play).
const mostLoops = 1000

// repeat does f n times, or as often as may be when n is 0, until it fails.
func repeat(ctx context.Context, n int, f func() error) {
	if n == 0 {
		n = mostLoops
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		if f() != nil {
			return
		}
	}
}
