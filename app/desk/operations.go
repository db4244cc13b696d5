package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"callin/app/call"
	"callin/app/studio"
)

// operation is one entry of the table.
type operation func(ctx context.Context, r *Room, body []byte) (any, error)

// op makes an entry from a function of its decoded body.
func op[Body any](do func(ctx context.Context, r *Room, b Body) (any, error)) operation {
	return func(ctx context.Context, r *Room, body []byte) (any, error) {
		b, refused := decode[Body](body)
		if refused != nil {
			return nil, refused
		}
		return do(ctx, r, b)
	}
}

// move makes an entry that moves one call.
func move(o call.Op) operation {
	return op(func(ctx context.Context, r *Room, b struct {
		Call call.Sid `json:"call" need:"yes"`
	},
	) (any, error) {
		return r.Studio.Do(ctx, o, b.Call)
	})
}

type nothing struct{}

// operations is the one table: every door carries these, by these names.
var operations = map[string]operation{
	"open":  op(func(ctx context.Context, r *Room, _ nothing) (any, error) { return nothing{}, r.Studio.Open(ctx) }),
	"close": op(func(ctx context.Context, r *Room, _ nothing) (any, error) { return nothing{}, r.Studio.CloseShow(ctx) }),
	"next": op(func(ctx context.Context, r *Room, b struct {
		Expect call.Sid `json:"expect"`
	},
	) (any, error) {
		return r.Studio.Next(ctx, b.Expect)
	}),
	"take":   move(call.OpTake),
	"deck":   move(call.OpDeck),
	"hold":   move(call.OpHold),
	"resume": move(call.OpResume),
	"drop":   move(call.OpDrop),
	"undo":   move(call.OpUndo),
	"bringBack": op(func(ctx context.Context, r *Room, b struct {
		Line string `json:"line" need:"yes" max:"40"`
	},
	) (any, error) {
		return nothing{}, r.Studio.BringBack(ctx, b.Line)
	}),
	"lock": op(func(ctx context.Context, r *Room, b struct {
		Call call.Sid `json:"call" need:"yes"`
		On   bool     `json:"on" need:"yes"`
	},
	) (any, error) {
		return nothing{}, r.Studio.Lock(ctx, b.Call, b.On)
	}),
	"move": op(func(ctx context.Context, r *Room, b struct {
		Call  call.Sid `json:"call" need:"yes"`
		Queue string   `json:"queue" need:"yes" max:"64"`
	},
	) (any, error) {
		if !slices.Contains([]string{studio.OnAirQueue, studio.ScreeningQueue}, b.Queue) {
			return nil, &call.Error{Code: call.CodeNoSuchQueue, Message: "The show has no queue of this name."}
		}
		return r.Studio.Move(ctx, b.Call, b.Queue)
	}),
	"order": op(func(ctx context.Context, r *Room, b struct {
		Call   call.Sid `json:"call" need:"yes"`
		Before call.Sid `json:"before"`
	},
	) (any, error) {
		return nothing{}, r.Studio.Order(ctx, b.Call, b.Before)
	}),
	"note": op(func(ctx context.Context, r *Room, b struct {
		Call     call.Sid `json:"call" need:"yes"`
		Name     *string  `json:"name" max:"80"`
		Location *string  `json:"location" max:"80"`
		Topic    *string  `json:"topic" max:"200"`
	},
	) (any, error) {
		return nothing{}, r.Studio.Note(ctx, b.Call, b.Name, b.Location, b.Topic)
	}),
	"unlockPin": op(func(ctx context.Context, r *Room, _ nothing) (any, error) {
		return nothing{}, r.Studio.UnlockPin(ctx)
	}),
	"shows": op(func(ctx context.Context, r *Room, _ nothing) (any, error) {
		editions, err := r.Record.Editions(ctx)
		return struct {
			Shows []call.Edition `json:"shows"`
		}{append([]call.Edition{}, editions...)}, err
	}),
	"record": op(func(ctx context.Context, r *Room, b struct {
		Show   int64  `json:"show" need:"yes"`
		Search string `json:"search" max:"80"`
		Before int64  `json:"before"`
	},
	) (any, error) {
		return r.page(ctx, b.Show, b.Search, b.Before)
	}),
	"saveRecord": op(func(ctx context.Context, r *Room, b struct {
		Show   int64  `json:"show" need:"yes"`
		Format string `json:"format" need:"yes" max:"4"`
	},
	) (any, error) {
		path, err := r.save(ctx, b.Show, b.Format)
		return struct {
			Path string `json:"path"`
		}{path}, err
	}),
	"forget": op(func(ctx context.Context, r *Room, b struct {
		Number string `json:"number" need:"yes" max:"24"`
	},
	) (any, error) {
		return r.forget(ctx, b.Number)
	}),
	"voicemailDelete": op(func(ctx context.Context, r *Room, b struct {
		Recording string `json:"recording" need:"yes" max:"34"`
	},
	) (any, error) {
		return nothing{}, r.Studio.DeleteVoicemail(ctx, b.Recording)
	}),
	"token": op(func(_ context.Context, r *Room, _ nothing) (any, error) { return r.Softphone() }),
	"stageRing": op(func(ctx context.Context, r *Room, b struct {
		Count  int    `json:"count" need:"yes"`
		Name   string `json:"name" max:"80"`
		Number string `json:"number" max:"16"`
	},
	) (any, error) {
		return r.ring(ctx, b.Count, b.Name, b.Number)
	}),
	"stageHangup": op(func(ctx context.Context, r *Room, b struct {
		Call call.Sid `json:"call" need:"yes"`
	},
	) (any, error) {
		return r.onStage(func(s Stage) error { return s.HangUp(ctx, b.Call) })
	}),
	"stageHangupAll": op(func(ctx context.Context, r *Room, _ nothing) (any, error) {
		return r.onStage(func(s Stage) error { return s.HangUpAll(ctx) })
	}),
	"stageTrouble": op(func(ctx context.Context, r *Room, b struct {
		Kind    Trouble `json:"kind" need:"yes" max:"20"`
		Seconds int     `json:"seconds" need:"yes"`
	},
	) (any, error) {
		return r.trouble(ctx, b.Kind, b.Seconds)
	}),
	"stageMend": op(func(ctx context.Context, r *Room, _ nothing) (any, error) {
		return r.onStage(func(s Stage) error { return s.Trouble(ctx, NoTrouble, 0) })
	}),
}

// Operate does what a desk asks: the operation called name, with a JSON object
// as its body. The refusal's words are for the desk.
func (r *Room) Operate(ctx context.Context, name string, body []byte) (json.RawMessage, *call.Error) {
	do, ok := operations[name]
	if !ok {
		return nil, &call.Error{Code: call.CodeUnknownOperation, Message: "Callin does not know this operation. Reload the page."}
	}
	result, err := do(ctx, r, body)
	if err != nil {
		return nil, r.refused(name, err)
	}
	text, err := json.Marshal(result)
	if err != nil {
		return nil, r.refused(name, err)
	}
	return text, nil
}

// refused is why something was not done, in words for the desk. The text of an
// error that has none is for the log only.
func (r *Room) refused(what string, err error) *call.Error {
	var refused *call.Error
	if errors.As(err, &refused) {
		return refused
	}
	r.Log.Error("not done for a desk", "what", what, "error", err)
	return &call.Error{Code: call.CodeFailed, Message: "Callin could not do this. Try again; if it stays so, look in Callin's log."}
}
