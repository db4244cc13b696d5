package desk

import (
	"cmp"
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
	// roles are those of which a desk needs one; none is for all, who may only look.
	roles call.Roles
	// airs is whether producers may ask for it too, where the show lets them air.
	airs bool
	// takes and gives are the types of the body and of the result, to which a test
	// holds the page's.
	takes, gives reflect.Type
	do           func(ctx context.Context, a asked, body []byte) (any, error)
}

// asked is where something is asked: at a desk, in one of its studios.
type asked struct {
	*Room
	by   call.Desk
	in   call.Studio
	seat station.Seat
	// signal is Seat.Signal.
	signal string
}

// op makes an entry from a function of its decoded body.
func op[Body, Result any](roles call.Roles, do func(ctx context.Context, a asked, b Body) (Result, error)) operation {
	return operation{
		roles: roles, takes: reflect.TypeFor[Body](), gives: reflect.TypeFor[Result](),
		do: func(ctx context.Context, a asked, body []byte) (any, error) {
			b, refused := decode[Body](body)
			if refused != nil {
				return nil, refused
			}
			return do(ctx, a, b)
		},
	}
}

// done makes an entry whose answer says no more than that it was done.
func done[Body any](roles call.Roles, do func(ctx context.Context, a asked, b Body) error) operation {
	return op(roles, func(ctx context.Context, a asked, b Body) (Empty, error) { return Empty{}, do(ctx, a, b) })
}

// move makes an entry that moves one call.
func move(roles call.Roles, o call.Op) operation {
	return op(roles, func(ctx context.Context, a asked, b DeedBody) (station.Begun, error) {
		return a.seat.Deed(ctx, b.deed(o))
	})
}

// onLane is the entry of an operation that brings one call onto a lane.
func onLane(o call.Op) operation {
	return op(hosts, func(ctx context.Context, a asked, b TakeBody) (station.Begun, error) {
		return a.seat.Deed(ctx, b.deed(o))
	})
}

// airs makes an entry for producers too where the show lets them air.
func airs(o operation) operation {
	o.airs = true
	return o
}

// Who may ask for an operation.
const (
	anyone  = call.Watcher
	hosts   = call.Host
	talkers = call.Host | call.Producer // who talks to callers
	staff   = call.Host | call.Producer | call.Manager
	chiefs  = call.Manager
	payers  = call.Host | call.Manager // who sets the limit of what is spent
)

// operations is the one table: every door carries these, by these names.
var operations = map[string]operation{
	"open": done(hosts, func(ctx context.Context, a asked, _ Empty) error {
		err := a.seat.Open(ctx)
		if err == nil && a.Opened != nil {
			a.Opened()
		}
		return err
	}),
	"close": done(hosts, func(ctx context.Context, a asked, _ Empty) error { return a.seat.CloseShow(ctx) }),
	"next": airs(op(hosts, func(ctx context.Context, a asked, b NextBody) (station.Begun, error) {
		return a.seat.NextOnto(ctx, b.Lane, b.Expect, b.Drops...)
	})),
	"take": airs(onLane(call.OpTake)),
	"deck": airs(onLane(call.OpDeck)),
	"lane": airs(op(hosts, func(ctx context.Context, a asked, b TakeBody) (station.Begun, error) {
		return a.seat.ToLane(ctx, b.deed(call.OpLane))
	})),
	"hold":    move(talkers, call.OpHold),
	"resume":  move(talkers, call.OpResume),
	"answer":  move(talkers, call.OpAnswer),
	"talk":    move(talkers, call.OpTalk),
	"message": move(talkers, call.OpMessage),
	"drop": op(talkers, func(ctx context.Context, a asked, b DropBody) (station.Begun, error) {
		if !b.Farewell.Known() {
			return station.Begun{}, bad("farewell", "Callin does not know these words. Reload the page.")
		}
		return a.seat.Deed(ctx, station.Deed{Op: call.OpDrop, Call: b.Call, From: places(b.At), Over: b.Over, Farewell: b.Farewell})
	}),
	"ready": op(talkers, func(ctx context.Context, a asked, b DeedBody) (station.Begun, error) {
		return a.seat.Ready(ctx, b.deed(call.OpReady))
	}),
	"back": op(talkers, func(ctx context.Context, a asked, b BackBody) (station.Begun, error) {
		return a.seat.Back(ctx, station.Deed{Call: b.Call, From: places(b.At), Over: b.Over, Reason: b.Reason})
	}),
	"give": op(talkers, func(ctx context.Context, a asked, b GiveBody) (station.Begun, error) {
		return a.seat.Give(ctx, station.Deed{Call: b.Call, From: places(b.At), Over: b.Over}, b.Studio)
	}),
	"undo": op(talkers, func(ctx context.Context, a asked, b CallBody) (station.Begun, error) {
		return a.seat.Undo(ctx, b.Call)
	}),
	"move": op(talkers, func(ctx context.Context, a asked, b MoveBody) (station.Begun, error) {
		if !slices.Contains(a.in.Queues(), b.Queue) {
			return station.Begun{}, &call.Error{Code: call.CodeNoSuchQueue, Message: "The show has no queue of this name."}
		}
		return a.seat.Move(ctx, b.Call, b.Queue, places(b.At)...)
	}),
	"bringBack": done(talkers, func(ctx context.Context, a asked, b LineBody) error { return a.seat.BringBack(ctx, b.Line) }),
	"lock":      done(talkers, func(ctx context.Context, a asked, b LockBody) error { return a.seat.Lock(ctx, b.Call, b.On) }),
	"order":     done(talkers, func(ctx context.Context, a asked, b OrderBody) error { return a.seat.Order(ctx, b.Call, b.Before) }),
	"makeNext":  done(hosts, func(ctx context.Context, a asked, b CallBody) error { return a.seat.MakeNext(ctx, b.Call) }),
	"propose":   done(talkers, func(ctx context.Context, a asked, b CallBody) error { return a.seat.Propose(ctx, b.Call) }),
	"notNow":    done(talkers, func(ctx context.Context, a asked, b CallBody) error { return a.seat.NotNow(ctx, b.Call) }),
	"say":       done(talkers, func(ctx context.Context, a asked, b SayBody) error { return a.seat.Say(ctx, b.Text, b.ToHost) }),
	"seen":      done(hosts, func(ctx context.Context, a asked, b SeenBody) error { return a.seat.HasSeen(ctx, b.Seq) }),
	"note": op(talkers, func(ctx context.Context, a asked, b NoteBody) (NoteKept, error) {
		if b.Rating != nil && (*b.Rating < 0 || *b.Rating > 5) {
			return NoteKept{}, bad("rating", "A rating is from 1 to 5, or 0 for none.")
		}
		seq, err := a.seat.Note(ctx, b.Call, station.Note{
			Name: b.Name, Location: b.Location, Topic: b.Topic, Notes: b.Notes, Language: b.Language, Rating: b.Rating,
		})
		return NoteKept{seq}, err
	}),
	"unlockPin":  done(hosts|chiefs, func(ctx context.Context, a asked, _ Empty) error { return a.seat.UnlockPin(ctx) }),
	"takeLanes":  done(hosts, func(ctx context.Context, a asked, b TakeLanesBody) error { return a.seat.TakeLanes(ctx, b.ByItself) }),
	"letPhoneGo": done(talkers, func(_ context.Context, a asked, b CallBody) error { a.seat.LetPhoneGo(b.Call); return nil }),
	"token": op(talkers, func(_ context.Context, a asked, _ Empty) (Softphone, error) {
		pass, err := a.Softphone(a.by, a.in)
		return a.ledBy(pass), err
	}),
	"phoneCheck": op(talkers, func(_ context.Context, a asked, _ Empty) (Softphone, error) {
		pass, err := a.PhoneCheck(a.by)
		return a.ledBy(pass), err
	}),
	"takeOver": done(chiefs, func(ctx context.Context, a asked, _ Empty) error { return a.TakeOver(ctx) }),
	"signOut":  done(chiefs, func(_ context.Context, a asked, _ Empty) error { return a.SignOut() }),
	"microphone": done(talkers, func(_ context.Context, a asked, b MicrophoneBody) error {
		return a.seat.Microphone(b.Call, b.Muted, b.Sound, b.Obeyed)
	}),
	"mute": done(talkers, func(ctx context.Context, a asked, b MuteBody) error { return a.seat.Mute(ctx, b.Call, b.On) }),

	"desks":       op(chiefs, func(_ context.Context, a asked, _ Empty) (DeskList, error) { return a.allDesks(), nil }),
	"deskAdd":     op(chiefs, func(_ context.Context, a asked, b DeskAddBody) (DeskCode, error) { return a.addDesk(b) }),
	"deskCode":    op(chiefs, func(_ context.Context, a asked, b DeskBody) (DeskCode, error) { return a.Desks.Code(b.Desk) }),
	"deskChange":  done(chiefs, func(_ context.Context, a asked, b DeskChangeBody) error { return a.changeDesk(b) }),
	"deskRevoke":  done(chiefs, func(_ context.Context, a asked, b DeskBody) error { return a.Desks.Revoke(b.Desk) }),
	"deskSignOut": done(chiefs, func(_ context.Context, a asked, b DeskBody) error { return a.Desks.SignOut(b.Desk) }),
	"keyAdd":      op(chiefs, func(_ context.Context, a asked, b KeyAddBody) (NewKey, error) { return a.addKey(b) }),
	"keyRevoke":   done(chiefs, func(_ context.Context, a asked, b KeyBody) error { return a.Desks.RevokeKey(b.Key) }),

	"doctor": op(staff, func(ctx context.Context, a asked, b DoctorBody) (Checkup, error) { return a.examine(ctx, b) }),
	"looked": done(talkers, func(_ context.Context, a asked, b LookedBody) error { return a.looked(b) }),

	"costs":     done(staff, func(ctx context.Context, a asked, _ Empty) error { return a.Costs.Read(ctx) }),
	"costLimit": done(payers, func(_ context.Context, a asked, b CostLimitBody) error { return a.Costs.SetLimit(b.Limit) }),

	"setup":        setup(func(s Setup, ctx context.Context, _ Empty) (SetupState, error) { return s.State(ctx) }),
	"setupAccount": setup(Setup.Account),
	"setupNumber": setup(func(s Setup, ctx context.Context, b SetupNumberBody) (SetupState, error) {
		return s.Number(ctx, b.Number)
	}),
	"setupOffers":  setup(Setup.Offers),
	"setupBuy":     setup(Setup.Buy),
	"setupDialIn":  setup(Setup.DialIn),
	"setupAddress": setup(Setup.Address),
	"setupEdges":   setup(func(s Setup, ctx context.Context, _ Empty) (SetupEdges, error) { return s.Edges(ctx) }),
	"setupPlace":   setup(Setup.Place),
	"setupDo":      setup(Setup.Do),
	"setupCall": setup(func(s Setup, ctx context.Context, b SetupCallBody) (SetupState, error) {
		return s.Call(ctx, b.Number)
	}),
	"setupKey":  setup(func(s Setup, ctx context.Context, _ Empty) (SetupState, error) { return s.NewKey(ctx) }),
	"setupUndo": setup(func(s Setup, ctx context.Context, _ Empty) (SetupState, error) { return s.Undo(ctx) }),

	"shows": op(anyone, func(ctx context.Context, a asked, _ Empty) (Shows, error) {
		editions, err := a.Record.Editions(ctx, a.in)
		return Shows{append([]call.Edition{}, editions...)}, err
	}),
	"record": op(anyone, func(ctx context.Context, a asked, b RecordBody) (Page, error) {
		return a.page(ctx, a.in, b)
	}),
	"sheet": op(anyone, func(ctx context.Context, a asked, b ShowBody) (Sheet, error) { return a.sheet(ctx, a.in, b.Show) }),
	"curve": op(anyone, func(ctx context.Context, a asked, b ShowBody) (Curve, error) { return a.curve(ctx, a.in, b.Show) }),
	"saveRecord": op(staff, func(ctx context.Context, a asked, b SaveBody) (Saved, error) {
		path, err := a.save(ctx, a.in, a.seat, b.Show, b.Format)
		return Saved{path}, err
	}),
	"tracks":    op(staff, func(ctx context.Context, a asked, b ShowBody) (TracksOf, error) { return a.tracksOf(ctx, b.Show) }),
	"saveTrack": op(staff, func(ctx context.Context, a asked, b TrackBody) (Saved, error) { return a.trackPath(ctx, b) }),
	"forget": op(chiefs, func(ctx context.Context, a asked, b ForgetBody) (Forgotten, error) {
		return a.forget(ctx, a.seat, b.Number)
	}),
	"voicemailDelete": done(talkers, func(ctx context.Context, a asked, b VoicemailBody) error {
		return a.seat.DeleteVoicemail(ctx, b.Recording)
	}),

	// It is asked of a PC that is not paired yet; a desk has nothing to compare any more.
	"sameWords": done(anyone, func(context.Context, asked, SameWordsBody) error {
		return &call.Error{Code: call.CodeNotPaired, Message: "This PC is a desk already. Reload the page."}
	}),
	"speak": op(anyone, func(ctx context.Context, a asked, b SpeakBody) (Spoken, error) {
		wave, err := a.Speak(ctx, b.Text)
		return Spoken{base64.StdEncoding.EncodeToString(wave)}, err
	}),

	// A desk on the station's own computer has updates, see WithUpdates.
	"updateLook": done(anyone, func(context.Context, asked, Empty) error { return atThePC() }),
	"update":     done(anyone, func(context.Context, asked, UpdateBody) error { return atThePC() }),

	"stageRing": done(staff, func(ctx context.Context, a asked, b RingBody) error { return a.ring(ctx, a.in, b) }),
	"stageHangup": done(staff, func(ctx context.Context, a asked, b CallBody) error {
		return a.onStage(func(s Stage) error { return s.HangUp(ctx, b.Call) })
	}),
	"stageHangupAll": done(staff, func(ctx context.Context, a asked, _ Empty) error {
		return a.onStage(func(s Stage) error { return s.HangUpAll(ctx) })
	}),
	"stageTrouble": done(staff, func(ctx context.Context, a asked, b TroubleBody) error { return a.trouble(ctx, b) }),
	"stageMend": done(staff, func(ctx context.Context, a asked, _ Empty) error {
		return a.onStage(func(s Stage) error { return s.Trouble(ctx, NoTrouble, 0) })
	}),
}

// Ask is what is asked at a desk: the operation of a name, about one of the desk's
// studios, with a JSON object as its body.
type Ask struct {
	Studio call.Studio
	Name   string
	Body   []byte
}

// Operate does what is asked at the desk. The refusal's words are for it.
func (d Seat) Operate(ctx context.Context, a Ask) (json.RawMessage, *call.Error) {
	op, ok := operations[a.Name]
	if !ok {
		return nil, &call.Error{Code: call.CodeUnknownOperation, Message: "Callin does not know this operation. Reload the page."}
	}
	roles := op.roles
	if op.airs && d.Station.ProducersAir(a.Studio) {
		roles |= call.Producer
	}
	if refused := d.may(roles, a.Studio); refused != nil {
		return nil, refused
	}
	result, err := op.do(ctx, asked{d.Room, d.By, a.Studio, d.Station.Seat(d.By, a.Studio), d.Signal}, a.Body)
	if err != nil {
		return nil, d.refused(a.Name, err)
	}
	text, err := json.Marshal(result)
	if err != nil {
		return nil, d.refused(a.Name, err)
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

// ledBy is a pass whose signalling is found by the door that it is asked for at.
func (a asked) ledBy(pass Softphone) Softphone {
	if pass.Signal != "" {
		pass.Signal = cmp.Or(a.signal, pass.Signal)
	}
	return pass
}
