package exchange

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"callin/app/rehearsal/twiml"
)

// Nothing here understands sound. Where Twilio would recognise speech, a Talker says
// the texts that it was given, and they are taken as understood.

// A Talker is a Party that has texts to say. Words gives the next and takes it off;
// it is false when all has been said.
type Talker interface {
	Words() (text string, ok bool)
}

// A person takes a moment before words, and more between two sentences that nobody
// has asked for.
const (
	beforeWords  = 500 * time.Millisecond
	betweenWords = 2 * time.Second
)

// confidence is what a recogniser says of its result, of 0 to 1: any would do.
const confidence = "0.9"

// say lets the party say its next text, which takes its time. It calls begins when
// there is one.
func (c *call) say(ctx context.Context, begins func()) (text string, ok bool) {
	who, is := c.party.(Talker)
	if !is {
		return "", false
	}
	if text, ok = who.Words(); !ok {
		return "", false
	}
	begins()
	c.hear(Event{Kind: "understood", Text: text})
	if sleep(ctx, c.x.speech(text).length) != nil {
		return "", false
	}
	c.transcribe(text)
	return text, true
}

// listenFor lets the party say something once it has been prompted, and is sent
// when it begins and, after the silence that ends it, what it said.
func (c *call) listenFor(ctx context.Context, g twiml.Gather, prompted <-chan struct{}) (begins <-chan struct{}, said <-chan string) {
	began, words := make(chan struct{}, 1), make(chan string, 1)
	silence := time.Duration(g.Timeout) * time.Second // unless speechTimeout says so (Twilio docs: Gather)
	switch {
	case g.SpeechTimeout == twiml.SpeechTimeoutAuto:
		silence = time.Second // "when there is a pause in speech"; how long a one is ours
	case g.SpeechTimeout > 0:
		silence = time.Duration(g.SpeechTimeout) * time.Second
	}
	c.asked(1)
	c.x.running.Go(func() {
		defer c.asked(-1)
		select {
		case <-prompted:
		case <-ctx.Done():
			return
		}
		if sleep(ctx, beforeWords) != nil {
			return
		}
		if text, ok := c.say(ctx, func() { began <- struct{}{} }); ok && sleep(ctx, silence) == nil {
			words <- text
		}
	})
	return began, words
}

// asked counts the Gathers that listen for speech.
func (c *call) asked(more int) {
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	c.askedFor += more
}

// transcription tells a URL what the party says (Twilio docs: Transcription).
type transcription struct {
	twiml.Transcription
	sid, url string
	sequence int // mu
}

// start begins the transcriptions of a Start. A party that has texts says them from
// then on by itself, but for those that a Gather asks for.
func (c *call) start(v twiml.Start, p *page) {
	for _, t := range v.Transcriptions {
		one := &transcription{Transcription: t, sid: newSid("GT"), url: p.told(t.StatusCallback)}
		began := url.Values{
			"LanguageCode": {t.Language}, "Track": {t.Track}, "PartialResults": {strconv.FormatBool(t.PartialResults)}, "TranscriptionEngine": {t.Engine},
		}
		for name, s := range map[string]string{"Name": t.Name, "InboundTrackLabel": t.InboundLabel, "OutboundTrackLabel": t.OutboundLabel} {
			if s != "" {
				began.Set(name, s)
			}
		}
		c.x.mu.Lock()
		first := len(c.transcriptions) == 0
		c.transcriptions = append(c.transcriptions, one)
		one.tell(c, "started", began)
		c.x.mu.Unlock()
		if first {
			c.x.running.Go(c.talkAlong)
		}
	}
}

// talkAlong lets a party that is transcribed talk until the call ends.
func (c *call) talkAlong() {
	for sleep(c.life, beforeWords) == nil {
		c.x.mu.Lock()
		free := c.askedFor == 0
		c.x.mu.Unlock()
		if free {
			if _, ok := c.say(c.life, func() {}); !ok {
				break
			}
		}
		_ = sleep(c.life, betweenWords)
	}
	<-c.life.Done()
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	for _, t := range c.transcriptions {
		t.tell(c, "stopped", nil)
	}
}

// transcribe tells the transcriptions of what the party has said. Of what it hears
// they are told nothing.
func (c *call) transcribe(text string) {
	data, _ := json.Marshal(map[string]any{"transcript": text, "confidence": json.Number(confidence)}) // strings always can
	c.x.mu.Lock()
	defer c.x.mu.Unlock()
	for _, t := range c.transcriptions {
		if t.Track != "outbound_track" {
			t.tell(c, "content", url.Values{"TranscriptionData": {string(data)}, "Final": {"true"}, "LanguageCode": {t.Language}, "Track": {"inbound_track"}})
		}
	}
}

// tell makes one callback; mu is held.
func (t *transcription) tell(c *call, event string, v url.Values) {
	if t.url == "" {
		return
	}
	t.sequence++
	c.x.tellStatus(&c.outbox, c.sid, t.url, t.Method, merge(v, url.Values{
		"AccountSid": {c.x.account.Sid}, "CallSid": {c.sid}, "TranscriptionSid": {t.sid}, "TranscriptionEvent": {"transcription-" + event},
		"SequenceId": {strconv.Itoa(t.sequence)}, "Timestamp": {c.x.Clock(time.Now()).UTC().Format("2006-01-02T15:04:05.000000Z")},
	}))
}
