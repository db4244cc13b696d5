package backstage

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/media"
	"callin/app/rehearsal/stage"
	"callin/app/rehearsal/stage/voices"
)

// maxHeard bounds what is remembered of what a caller heard.
const maxHeard = 200

// Levels and pauses of those who speak.
const (
	pilotLevel = -12.0 // dBFS
	breath     = 2 * time.Second
)

// source is something that speaks, frame by frame.
type source interface{ Pull(*media.Frame) bool }

// caller is one telephone of the stage: a Party of the exchange. It takes no
// frames while it is alone, since thousands of them may wait; in a bridge or a
// conference it speaks and listens.
type caller struct {
	stage        *Stage
	number, name string
	keys         string
	ear          *media.Ear
	prompted     chan struct{} // closed when it first hears something
	once         sync.Once
	over         chan struct{} // closed when its call has ended

	mu     sync.Mutex
	sid    string
	voice  source
	echo   *media.Echo // nil without a loudspeaker
	says   []string    // not yet said
	heard  []stage.Heard
	status exchange.Status
}

// spoken is what each voice says and the breath after it, shared by all who
// speak with it.
var spoken = sync.OnceValue(func() map[string][]int16 {
	all := map[string][]int16{}
	for _, v := range voices.All {
		samples, err := voices.Samples(v.ID)
		if err != nil {
			panic(err) // the files are in the binary, and tested
		}
		all[v.ID] = append(samples, make([]int16, breath*media.Rate/time.Second)...)
	}
	return all
})

func (s *Stage) newCaller(c stage.Casting) (*caller, error) {
	p := &caller{
		stage: s, number: c.Number, name: c.Name, keys: c.Keys, says: c.Says, ear: media.NewEar(),
		prompted: make(chan struct{}), over: make(chan struct{}), status: exchange.Queued,
	}
	p.ear.OnChange = func(tones []float64) {
		s.publish(stage.Event{CallSid: p.callSid(), Kind: "tones", Tones: tones})
	}
	if c.Echo != nil {
		p.echo = media.NewEcho(c.Echo.Weaker, c.Echo.Ms)
	}
	switch {
	case c.Tone != 0:
		p.voice = media.NewTone(c.Tone, pilotLevel)
	case c.Voice != "" && c.Voice != "none":
		samples, ok := spoken()[c.Voice]
		if !ok {
			return nil, fmt.Errorf("no voice %q", c.Voice)
		}
		p.voice = media.NewVoice(samples, true)
	}
	return p, nil
}

func (p *caller) callSid() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sid
}

// Pull speaks. Two mixers may ask for a moment while the call moves.
func (p *caller) Pull(f *media.Frame) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	speaks := p.voice != nil && p.voice.Pull(f)
	if !speaks {
		clear(f[:])
	}
	if p.echo != nil {
		p.echo.Add(f)
	}
	return speaks || p.echo != nil
}

// Words implements exchange.Talker.
func (p *caller) Words() (text string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.says) == 0 {
		return "", false
	}
	text, p.says = p.says[0], p.says[1:]
	return text, true
}

// Push listens.
func (p *caller) Push(f *media.Frame) {
	p.ear.Push(f)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.echo != nil {
		p.echo.Hear(f)
	}
}

// NeedsAudio is false: what a caller hears alone is told by Heard.
func (p *caller) NeedsAudio() bool { return false }

// Ringing makes the caller known by its CallSid.
func (p *caller) Ringing(callSid string) {
	p.mu.Lock()
	p.sid = callSid
	p.mu.Unlock()
	p.stage.enter(p)
	p.become(exchange.Ringing)
}

// Answer is the moment from which keys are pressed.
func (p *caller) Answer() {
	p.become(exchange.InProgress)
	if p.keys != "" {
		p.stage.running.Go(func() { p.press(p.keys) })
	}
}

// HungUp ends the caller's part.
func (p *caller) HungUp(final exchange.Status) {
	p.become(final)
	close(p.over)
}

func (p *caller) become(s exchange.Status) {
	p.mu.Lock()
	p.status = s
	sid := p.sid
	p.mu.Unlock()
	p.stage.publish(stage.Event{CallSid: sid, Kind: "status", Status: string(s), Number: p.number, Name: p.name})
}

// Heard remembers what the caller hears.
func (p *caller) Heard(e exchange.Event) {
	h := stage.Heard{At: e.At.UnixMilli(), Kind: e.Kind, Text: e.Text, URL: e.URL, Hz: e.Hz}
	p.mu.Lock()
	if len(p.heard) == maxHeard {
		p.heard = p.heard[1:]
	}
	p.heard = append(p.heard, h)
	sid := p.sid
	p.mu.Unlock()
	p.once.Do(func() { close(p.prompted) })
	p.stage.publish(stage.Event{CallSid: sid, Kind: "heard", Heard: &h})
}

// Keys are pressed as fast as a hurried person does.
const (
	keyGap      = 100 * time.Millisecond
	keyWait     = 500 * time.Millisecond
	longestDeaf = 500 * time.Millisecond
)

func (p *caller) press(keys string) {
	if !p.pause(p.prompted, longestDeaf) {
		return
	}
	for _, k := range keys {
		gap := keyGap
		if k == 'w' {
			gap = keyWait
		} else {
			p.stage.x.Digits(p.callSid(), string(k))
		}
		if !p.pause(nil, gap) {
			return
		}
	}
}

// pause waits until enough or for d, and reports whether the call still lives.
func (p *caller) pause(enough <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-enough:
	case <-t.C:
	case <-p.over:
		return false
	}
	return true
}

// losePatience hangs up after d, unless the caller is by then talking.
func (p *caller) losePatience(d time.Duration) {
	if !p.pause(nil, d) {
		return
	}
	sid := p.callSid()
	if c, err := p.stage.x.CallBySid(sid); err == nil && !talking(c) {
		p.stage.x.HangUp(sid)
	}
}

func talking(c exchange.CallInfo) bool {
	return strings.HasPrefix(c.Where, "conference ") || strings.HasPrefix(c.Where, "bridge ")
}

func (p *caller) show() stage.Caller {
	tones := p.ear.Intervals()
	now := p.ear.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	out := stage.Caller{
		CallSid: p.sid, Number: p.number, Name: p.name, Status: string(p.status),
		Heard:   append([]stage.Heard{}, p.heard...),
		Hearing: stage.Hearing{Tones: append([]float64{}, now.Tones...), Level: now.Level},
	}
	for _, t := range tones {
		from := t.From.UnixMilli()
		out.Heard = append(out.Heard, stage.Heard{At: from, Kind: "tone", Hz: t.Hz, From: from, Until: t.Until.UnixMilli()})
	}
	sortByTime(out.Heard)
	return out
}
