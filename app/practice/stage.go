package practice

import (
	"container/list"
	"context"
	"sync"
	"time"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
)

// Stage lets a desk make callers up, on a rehearsal's stage, and follows them.
type Stage struct {
	client stage.Client
	// making is held while a trouble begins or ends, so that what is shown is
	// what goes wrong.
	making sync.Mutex

	mu      sync.Mutex
	callers map[call.Sid]*list.Element // of on, by call
	on      list.List                  // desk.StageCaller, who is on the telephone, the longest first
	trouble desk.StageTrouble
	until   time.Time
	ends    *time.Timer // of the trouble; nil before the first
	now     desk.StageNow
	changed chan struct{}
	due     bool // now is to be made anew
}

// NewStage is the stage of the rehearsal that the settings name.
func NewStage(s settings.Settings) *Stage {
	return &Stage{
		client:  stage.Client{Address: s.Rehearsal, AccountSid: s.AccountSid, AuthToken: s.AuthToken},
		callers: map[call.Sid]*list.Element{},
		now:     desk.StageNow{Callers: []desk.StageCaller{}}, changed: make(chan struct{}),
	}
}

// Show lets callers ring in by themselves, a few at a time, as on a quiet morning.
func (t *Stage) Show(ctx context.Context) error {
	return t.client.Show(ctx, stage.Show{EverySeconds: 8, Most: 5})
}

func (t *Stage) Ring(ctx context.Context, to string, count int, name, number string) error {
	_, err := t.client.Ring(ctx, stage.Casting{To: to, Count: count, Name: name, Number: number})
	return err
}

func (t *Stage) HangUp(ctx context.Context, sid call.Sid) error {
	return t.client.HangUp(ctx, string(sid))
}

func (t *Stage) HangUpAll(ctx context.Context) error { return t.client.HangUpAll(ctx) }

// Trouble lets one thing go wrong, in place of what went wrong before.
func (t *Stage) Trouble(ctx context.Context, kind desk.StageTrouble, seconds int) error {
	t.making.Lock()
	defer t.making.Unlock()
	if err := t.client.PutFaults(ctx, faultsOf(kind, float64(seconds))); err != nil {
		return err
	}
	t.begins(kind, seconds)
	if kind == desk.PhoneCut {
		return t.client.CutSignalling(ctx, "")
	}
	return nil
}

// begins shows a trouble until it is over.
func (t *Stage) begins(kind desk.StageTrouble, seconds int) {
	lasts := time.Duration(seconds) * time.Second
	t.mu.Lock()
	defer t.mu.Unlock()
	t.trouble, t.until = kind, time.Now().Add(lasts)
	if t.ends != nil {
		t.ends.Stop()
	}
	t.ends = time.AfterFunc(lasts, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		// A timer that fired while the next trouble began is not the next one's.
		if !time.Now().Before(t.until) {
			t.trouble = desk.NoTrouble
			t.touch()
		}
	})
	t.touch()
}

func faultsOf(kind desk.StageTrouble, long float64) stage.Faults {
	rest := func(f stage.RESTFault) stage.Faults {
		f.ForSeconds = long
		return stage.Faults{REST: []stage.RESTFault{f}}
	}
	news := func(c stage.CallbackFaults) stage.Faults {
		c.ForSeconds = long
		return stage.Faults{Callbacks: c}
	}
	switch kind {
	case desk.RESTDown:
		return rest(stage.RESTFault{Kind: "down"})
	case desk.RESTBusy:
		return rest(stage.RESTFault{Kind: "busy"})
	case desk.RESTSlow:
		return rest(stage.RESTFault{Kind: "slow", Seconds: 3})
	case desk.NewsLate:
		return news(stage.CallbackFaults{Late: 1, LateSeconds: 3})
	case desk.NewsDoubled:
		return news(stage.CallbackFaults{Doubled: 1})
	case desk.NewsDisordered:
		return news(stage.CallbackFaults{Disordered: 0.5})
	case desk.NewsLost:
		return news(stage.CallbackFaults{Lost: 0.5})
	case desk.PhoneCut:
		return stage.Faults{NoSignalling: &stage.Outage{ForSeconds: long}}
	case desk.SoundCut:
		return stage.Faults{NoMedia: &stage.Outage{ForSeconds: long}}
	}
	return stage.Faults{}
}

// Now is the stage as it was last shown.
func (t *Stage) Now() (desk.StageNow, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now, t.changed
}

// stageRest is how long the stage is not shown anew: what many callers hear in
// the meantime is shown at once.
const stageRest = 200 * time.Millisecond

// touch has the stage shown anew before long; mu is held.
func (t *Stage) touch() {
	if t.due {
		return
	}
	t.due = true
	time.AfterFunc(stageRest, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.due = false
		t.now = t.look()
		close(t.changed)
		t.changed = make(chan struct{})
	})
}

// look is the stage as it is; mu is held.
func (t *Stage) look() desk.StageNow {
	now := desk.StageNow{Callers: []desk.StageCaller{}, Trouble: t.trouble}
	for e := t.on.Front(); e != nil && len(now.Callers) < desk.StageShown; e = e.Next() {
		now.Callers = append(now.Callers, e.Value.(desk.StageCaller))
	}
	now.More = t.on.Len() - len(now.Callers)
	if t.trouble != desk.NoTrouble {
		now.Until = t.until.UnixMilli()
	}
	return now
}

// stageBack is the pause before the stage's events are asked for again.
const stageBack = time.Second

// Follow keeps up with who is on the telephone and what they hear, until ctx ends.
func (t *Stage) Follow(ctx context.Context) {
	for ctx.Err() == nil {
		// It breaks when this computer was too busy to keep up, or the rehearsal
		// ends, which ends the station.
		watching, stop := context.WithCancel(ctx)
		_ = t.client.Events(watching, func() {
			if t.meet(ctx) != nil {
				stop() // and begin again: half of the callers would be missing
			}
		}, t.hear)
		stop()
		select {
		case <-ctx.Done():
		case <-time.After(stageBack):
		}
	}
}

// meet begins with who is on the telephone already.
func (t *Stage) meet(ctx context.Context) error {
	all, err := t.client.Callers(ctx)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.callers)
	t.on.Init()
	for _, c := range all {
		shown := desk.StageCaller{Call: call.Sid(c.CallSid), Number: c.Number, Name: c.Name}
		if len(c.Heard) > 0 {
			shown.Heard = lastWords(c.Heard[len(c.Heard)-1])
		}
		t.put(shown, c.Status)
	}
	t.touch()
	return nil
}

// hear takes in one change on the stage.
func (t *Stage) hear(e stage.Event) {
	if e.Kind == "tones" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	shown := desk.StageCaller{Call: call.Sid(e.CallSid), Number: e.Number, Name: e.Name}
	status := e.Status
	if known := t.callers[shown.Call]; known != nil {
		shown = known.Value.(desk.StageCaller)
		if e.Kind == "heard" {
			shown.Heard, status = lastWords(*e.Heard), shown.Status
		}
	} else if e.Kind == "heard" {
		return // who has hung up meanwhile
	}
	t.put(shown, status)
	t.touch()
}

// put shows a caller, or no longer when the call is over; mu is held.
func (t *Stage) put(shown desk.StageCaller, status string) {
	shown.Status = status
	at := t.callers[shown.Call]
	switch {
	case call.CallStatus(status).Over():
		if at != nil {
			t.on.Remove(at)
			delete(t.callers, shown.Call)
		}
	case at != nil:
		at.Value = shown
	default:
		t.callers[shown.Call] = t.on.PushBack(shown)
	}
}

// lastWords are what a desk is told of what a caller heard.
func lastWords(h stage.Heard) string {
	switch {
	case h.Kind == "understood": // by the stand-in, which was given the words
		return "The caller “says” (as given to the stand-in): " + h.Text
	case h.Text != "":
		return h.Text
	case h.URL != "":
		return h.URL
	}
	return h.Kind
}
