// Package backstage is the stage's own side: the callers of a rehearsal, what
// they say and hear, and the HTTP by which they are directed.
package backstage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"callin/app/rehearsal/exchange"
	"callin/app/rehearsal/faults"
	"callin/app/rehearsal/stage"
	"callin/app/rehearsal/stage/voices"
)

// maxCallers bounds the callers remembered; those who have gone are forgotten
// first.
const maxCallers = 10000

// Stage has every telephone of a rehearsal.
type Stage struct {
	bins    sync.Map // TwiML by name
	x       *exchange.Exchange
	to      string // the listeners' number
	token   string // the account's at its beginning
	running sync.WaitGroup
	life    context.Context
	stop    context.CancelFunc
	faults  *faults.Set
	cut     func(identity string) // breaks the signalling

	mu       sync.Mutex
	bySid    map[string]*caller
	order    []*caller
	phones   map[string]stage.Telephone
	watchers map[chan stage.Event]bool
	rung     int // how many numbers have been made up
	endShow  context.CancelFunc
}

// New makes an empty stage whose callers ring the number to. Use is next.
func New(to string) *Stage {
	life, stop := context.WithCancel(context.Background())
	return &Stage{
		to: to, life: life, stop: stop, bySid: map[string]*caller{}, phones: map[string]stage.Telephone{},
		watchers: map[chan stage.Event]bool{}, endShow: func() {},
	}
}

// Use gives the stage its exchange, which in turn finds its Telephones here.
func (s *Stage) Use(x *exchange.Exchange) { s.x, s.token = x, x.Account().AuthToken }

// Spoil gives the stage what it lets go wrong: faults, and the signalling's cut.
func (s *Stage) Spoil(f *faults.Set, cut func(identity string)) { s.faults, s.cut = f, cut }

// Close ends the show and the events. The exchange is closed before.
func (s *Stage) Close() {
	s.stop()
	s.running.Wait()
}

// Ring lets callers ring in.
func (s *Stage) Ring(ask stage.Casting) ([]stage.Caller, error) {
	if ask.Count == 0 {
		ask.Count = 1
	}
	if ask.Count < 0 || ask.Count > stage.MaxCount {
		return nil, fmt.Errorf("count is 1 to %d", stage.MaxCount)
	}
	if ask.Tone != 0 && (ask.Tone < 200 || ask.Tone > 3400) {
		return nil, fmt.Errorf("a tone of %g Hz cannot pass a telephone: 200 to 3400", ask.Tone)
	}
	if e := ask.Echo; e != nil && (e.Weaker < 0 || e.Ms < 20 || e.Ms > 1000) {
		return nil, errors.New("an echo is weaker by 0 dB or more, and late by 20 to 1000 ms")
	}
	if len(ask.Says) > stage.MaxSays || slices.ContainsFunc(ask.Says, func(s string) bool { return s == "" || len(s) > stage.MaxText }) {
		return nil, fmt.Errorf("a caller says at most %d texts, each of 1 to %d bytes", stage.MaxSays, stage.MaxText)
	}
	var out []stage.Caller
	for range ask.Count {
		c, err := s.ringOne(ask)
		if err != nil {
			return out, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (s *Stage) ringOne(ask stage.Casting) (stage.Caller, error) {
	callerName := s.makeUp(&ask)
	p, err := s.newCaller(ask)
	if err != nil {
		return stage.Caller{}, err
	}
	sid, err := s.x.Ring(ask.Number, ask.To, callerName, p)
	if err != nil {
		return stage.Caller{}, err
	}
	p.mu.Lock()
	p.sid = sid
	p.mu.Unlock()
	s.enter(p)
	if ask.PatienceSeconds > 0 {
		s.running.Go(func() { p.losePatience(time.Duration(ask.PatienceSeconds * float64(time.Second))) })
	}
	return p.show(), nil
}

// areas are area codes; each has a hundred numbers, 555-0100 to 0199, that are
// nobody's.
var areas = []string{"206", "212", "213", "305", "312", "404", "415", "503", "512", "602", "617", "702", "713", "801", "816", "901"}

// makeUp fills in what a casting leaves out, and returns the name that the telephone
// company tells: of half of those who are made up it knows none.
func (s *Stage) makeUp(ask *stage.Casting) (callerName string) {
	s.mu.Lock()
	n := s.rung
	s.rung++
	s.mu.Unlock()
	who := voices.All[n%len(voices.All)]
	if ask.Number == "" {
		ask.Number = fmt.Sprintf("+1%s55501%02d", areas[n%len(areas)], n/len(areas)%100)
	}
	callerName = ask.Name
	if ask.Name == "" {
		ask.Name = who.Name
		if (n+n/len(voices.All))%2 == 0 { // each person now with a name, now without
			callerName = who.Name
		}
	}
	if ask.Voice == "" {
		ask.Voice = who.ID
	}
	if ask.To == "" {
		ask.To = s.to
	}
	return callerName
}

// enter makes a caller known once it has a CallSid.
func (s *Stage) enter(p *caller) {
	sid := p.callSid()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bySid[sid] != nil {
		return
	}
	if len(s.order) >= maxCallers {
		delete(s.bySid, s.order[0].callSid())
		s.order = s.order[1:]
	}
	s.bySid[sid] = p
	s.order = append(s.order, p)
}

// Telephone finds the telephone of a number. A number that was not installed is
// answered by somebody who says nothing.
func (s *Stage) Telephone(number string) (exchange.Party, exchange.Answers) {
	s.mu.Lock()
	t, ok := s.phones[number]
	s.mu.Unlock()
	if !ok {
		t = stage.Telephone{Number: number}
	}
	p, err := s.newCaller(stage.Casting{Number: number, Name: t.Name, Voice: t.Voice, Tone: t.Tone})
	if err != nil { // Install has checked it
		return nil, exchange.AnswersNo
	}
	return p, cmp.Or(exchange.Answers(t.Answers), exchange.AnswersYes)
}

// Install puts up a telephone.
func (s *Stage) Install(t stage.Telephone) error {
	switch exchange.Answers(t.Answers) {
	case "", exchange.AnswersYes, exchange.AnswersBusy, exchange.AnswersNo:
	default:
		return fmt.Errorf("answers is yes, busy or no, not %q", t.Answers)
	}
	if t.Number == "" {
		return fmt.Errorf("a telephone needs a number")
	}
	if _, err := s.newCaller(stage.Casting{Voice: t.Voice, Tone: t.Tone}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phones[t.Number] = t
	return nil
}

// Callers returns all callers, oldest first.
func (s *Stage) Callers() []stage.Caller {
	s.mu.Lock()
	all := slices.Clone(s.order)
	s.mu.Unlock()
	out := make([]stage.Caller, len(all))
	for i, p := range all {
		out[i] = p.show()
	}
	return out
}

// Caller returns one caller.
func (s *Stage) Caller(sid string) (stage.Caller, bool) {
	s.mu.Lock()
	p := s.bySid[sid]
	s.mu.Unlock()
	if p == nil {
		return stage.Caller{}, false
	}
	return p.show(), true
}

// HangUpAll lets everybody who is on the telephone hang up.
func (s *Stage) HangUpAll() {
	s.mu.Lock()
	all := slices.Clone(s.order)
	s.mu.Unlock()
	for _, p := range all {
		select {
		case <-p.over:
		default:
			s.x.HangUp(p.callSid())
		}
	}
}

// Press lets a caller press keys; it reports whether there is such a caller.
func (s *Stage) Press(sid, keys string) bool {
	s.mu.Lock()
	p := s.bySid[sid]
	s.mu.Unlock()
	if p != nil {
		p.once.Do(func() { close(p.prompted) })
		s.running.Go(func() { p.press(keys) })
	}
	return p != nil
}

func sortByTime(h []stage.Heard) {
	slices.SortStableFunc(h, func(a, b stage.Heard) int { return cmp.Compare(a.At, b.At) })
}

// Play lets callers ring in by themselves, at about the interval given.
func (s *Stage) Play(show stage.Show) error {
	if show.EverySeconds < 0.05 || show.Most < 1 || show.Most > stage.MaxCount {
		return fmt.Errorf("every_seconds is at least 0.05 and most is 1 to %d", stage.MaxCount)
	}
	ctx, stop := context.WithCancel(s.life)
	s.mu.Lock()
	s.endShow()
	s.endShow = stop
	s.mu.Unlock()
	s.running.Go(func() {
		for {
			if s.live() < show.Most {
				_, _ = s.Ring(stage.Casting{PatienceSeconds: showPatience}) // refused only while closing
			}
			wait := show.EverySeconds * (0.5 + rand.Float64())
			select {
			case <-time.After(time.Duration(wait * float64(time.Second))):
			case <-ctx.Done():
				return
			}
		}
	})
	return nil
}

// showPatience is how long those who ring in by themselves wait, in seconds.
const showPatience = 600

// StopPlay ends Play; who has rung in stays.
func (s *Stage) StopPlay() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endShow()
}

func (s *Stage) live() int {
	n := 0
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.order {
		select {
		case <-p.over:
		default:
			n++
		}
	}
	return n
}
