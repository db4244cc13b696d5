package desk

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"slices"

	"callin/app/call"
	"callin/app/station"
)

// operation is one entry of the table.
type operation struct {
	// takes and gives are the types of the body and of the result, to which a test
	// holds the page's.
	takes, gives reflect.Type
	do           func(ctx context.Context, r *Room, body []byte) (any, error)
}

// op makes an entry from a function of its decoded body.
func op[Body, Result any](do func(ctx context.Context, r *Room, b Body) (Result, error)) operation {
	return operation{
		takes: reflect.TypeFor[Body](), gives: reflect.TypeFor[Result](),
		do: func(ctx context.Context, r *Room, body []byte) (any, error) {
			b, refused := decode[Body](body)
			if refused != nil {
				return nil, refused
			}
			return do(ctx, r, b)
		},
	}
}

// done makes an entry whose answer says no more than that it was done.
func done[Body any](do func(ctx context.Context, r *Room, b Body) error) operation {
	return op(func(ctx context.Context, r *Room, b Body) (Empty, error) { return Empty{}, do(ctx, r, b) })
}

// move makes an entry that moves one call.
func move(o call.Op) operation {
	return op(func(ctx context.Context, r *Room, b DeedBody) (station.Begun, error) {
		return r.Station.Do(ctx, o, b.Call, b.at()...)
	})
}

// operations is the one table: every door carries these, by these names.
var operations = map[string]operation{
	"open":  done(func(ctx context.Context, r *Room, _ Empty) error { return r.Station.Open(ctx) }),
	"close": done(func(ctx context.Context, r *Room, _ Empty) error { return r.Station.CloseShow(ctx) }),
	"next": op(func(ctx context.Context, r *Room, b NextBody) (station.Begun, error) {
		return r.Station.Next(ctx, b.Expect, b.Drops...)
	}),
	"take":   move(call.OpTake),
	"deck":   move(call.OpDeck),
	"hold":   move(call.OpHold),
	"resume": move(call.OpResume),
	"drop":   move(call.OpDrop),
	"undo": op(func(ctx context.Context, r *Room, b CallBody) (station.Begun, error) {
		return r.Station.Undo(ctx, b.Call)
	}),
	"move": op(func(ctx context.Context, r *Room, b MoveBody) (station.Begun, error) {
		if !slices.Contains([]string{station.OnAirQueue, station.ScreeningQueue}, b.Queue) {
			return station.Begun{}, &call.Error{Code: call.CodeNoSuchQueue, Message: "The show has no queue of this name."}
		}
		return r.Station.Move(ctx, b.Call, b.Queue, places(b.At)...)
	}),
	"bringBack": done(func(ctx context.Context, r *Room, b LineBody) error { return r.Station.BringBack(ctx, b.Line) }),
	"lock":      done(func(ctx context.Context, r *Room, b LockBody) error { return r.Station.Lock(ctx, b.Call, b.On) }),
	"order":     done(func(ctx context.Context, r *Room, b OrderBody) error { return r.Station.Order(ctx, b.Call, b.Before) }),
	"makeNext":  done(func(ctx context.Context, r *Room, b CallBody) error { return r.Station.MakeNext(ctx, b.Call) }),
	"note": done(func(ctx context.Context, r *Room, b NoteBody) error {
		return r.Station.Note(ctx, b.Call, b.Name, b.Location, b.Topic)
	}),
	"unlockPin":  done(func(ctx context.Context, r *Room, _ Empty) error { return r.Station.UnlockPin(ctx) }),
	"letPhoneGo": done(func(_ context.Context, r *Room, b CallBody) error { r.Station.LetPhoneGo(b.Call); return nil }),
	"token":      op(func(_ context.Context, r *Room, _ Empty) (Softphone, error) { return r.Softphone() }),
	"takeOver":   done(func(ctx context.Context, r *Room, _ Empty) error { return r.TakeOver(ctx) }),
	"signOut":    done(func(_ context.Context, r *Room, _ Empty) error { return r.SignOut() }),
	"microphone": done(func(_ context.Context, r *Room, b MicrophoneBody) error {
		return r.Station.Microphone(b.Call, b.Muted, b.Sound, b.Obeyed)
	}),
	"mute": done(func(ctx context.Context, r *Room, b MuteBody) error { return r.Station.Mute(ctx, b.Call, b.On) }),

	"shows": op(func(ctx context.Context, r *Room, _ Empty) (Shows, error) {
		editions, err := r.Record.Editions(ctx)
		return Shows{append([]call.Edition{}, editions...)}, err
	}),
	"record": op(func(ctx context.Context, r *Room, b RecordBody) (Page, error) {
		return r.page(ctx, b)
	}),
	"sheet": op(func(ctx context.Context, r *Room, b ShowBody) (Sheet, error) { return r.sheet(ctx, b.Show) }),
	"curve": op(func(ctx context.Context, r *Room, b ShowBody) (Curve, error) { return r.curve(ctx, b.Show) }),
	"saveRecord": op(func(ctx context.Context, r *Room, b SaveBody) (Saved, error) {
		path, err := r.save(ctx, b.Show, b.Format)
		return Saved{path}, err
	}),
	"forget": op(func(ctx context.Context, r *Room, b ForgetBody) (Forgotten, error) { return r.forget(ctx, b.Number) }),
	"voicemailDelete": done(func(ctx context.Context, r *Room, b VoicemailBody) error {
		return r.Station.DeleteVoicemail(ctx, b.Recording)
	}),

	"speak": op(func(ctx context.Context, r *Room, b SpeakBody) (Spoken, error) {
		wave, err := r.Speak(ctx, b.Text)
		return Spoken{base64.StdEncoding.EncodeToString(wave)}, err
	}),

	"stageRing": done(func(ctx context.Context, r *Room, b RingBody) error { return r.ring(ctx, b) }),
	"stageHangup": done(func(ctx context.Context, r *Room, b CallBody) error {
		return r.onStage(func(s Stage) error { return s.HangUp(ctx, b.Call) })
	}),
	"stageHangupAll": done(func(ctx context.Context, r *Room, _ Empty) error {
		return r.onStage(func(s Stage) error { return s.HangUpAll(ctx) })
	}),
	"stageTrouble": done(func(ctx context.Context, r *Room, b TroubleBody) error { return r.trouble(ctx, b) }),
	"stageMend": done(func(ctx context.Context, r *Room, _ Empty) error {
		return r.onStage(func(s Stage) error { return s.Trouble(ctx, NoTrouble, 0) })
	}),
}

// Operate does what a desk asks: the operation called name, with a JSON object
// as its body. The refusal's words are for the desk.
func (r *Room) Operate(ctx context.Context, name string, body []byte) (json.RawMessage, *call.Error) {
	asked, ok := operations[name]
	if !ok {
		return nil, &call.Error{Code: call.CodeUnknownOperation, Message: "Callin does not know this operation. Reload the page."}
	}
	result, err := asked.do(ctx, r, body)
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
