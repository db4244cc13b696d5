package app

import (
	"context"

	"callin/app/call"
	"callin/app/desk"
	"callin/app/rehearsal/stage"
	"callin/app/settings"
)

// theStage lets a desk make callers up, on a rehearsal's stage.
type theStage struct{ client stage.Client }

func newStage(s settings.Settings) theStage {
	return theStage{stage.Client{Address: s.Rehearsal, AccountSid: s.AccountSid, AuthToken: s.AuthToken}}
}

// show lets callers ring in by themselves, a few at a time, as on a quiet morning.
func (t theStage) show(ctx context.Context) error {
	return t.client.Show(ctx, stage.Show{EverySeconds: 8, Most: 5})
}

func (t theStage) Ring(ctx context.Context, count int, name, number string) error {
	_, err := t.client.Ring(ctx, stage.Casting{Count: count, Name: name, Number: number})
	return err
}

func (t theStage) HangUp(ctx context.Context, sid call.Sid) error {
	return t.client.HangUp(ctx, string(sid))
}

// Fault lets one thing go wrong, in place of what went wrong before.
func (t theStage) Fault(ctx context.Context, kind desk.Fault, seconds int) error {
	long := float64(seconds)
	switch kind {
	case desk.FaultSignalling:
		return t.client.CutSignalling(ctx, "")
	case desk.FaultREST:
		return t.client.PutFaults(ctx, stage.Faults{REST: []stage.RESTFault{{Kind: "down", ForSeconds: long}}})
	default:
		return t.client.PutFaults(ctx, stage.Faults{Callbacks: stage.CallbackFaults{
			Lost: 0.2, Doubled: 0.3, Late: 0.5, LateSeconds: 3, ForSeconds: long,
		}})
	}
}

// heardLast is how much of what a caller heard a desk is shown.
const heardLast = 5

// Callers are those who are on the telephone now.
func (t theStage) Callers(ctx context.Context) ([]desk.StageCaller, error) {
	all, err := t.client.Callers(ctx)
	callers := []desk.StageCaller{}
	for _, c := range all {
		if call.Over(c.Status) {
			continue
		}
		heard := []desk.StageHeard{}
		for _, h := range c.Heard[max(0, len(c.Heard)-heardLast):] {
			text := h.Text
			if text == "" {
				text = h.URL
			}
			heard = append(heard, desk.StageHeard{At: h.At, Kind: h.Kind, Text: text})
		}
		callers = append(callers, desk.StageCaller{Call: call.Sid(c.CallSid), Number: c.Number, Name: c.Name, Status: c.Status, Heard: heard})
	}
	return callers, err
}
