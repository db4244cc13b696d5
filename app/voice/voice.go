// Package voice is the companion webhook listener: Twilio asks it what a call
// should do, and it answers in TwiML what the station says.
package voice

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"callin/app/call"
	"callin/app/picture"
	"callin/app/plain"
	"callin/app/station"
)

// Listener answers Twilio's requests for one station.
type Listener struct {
	Script
	path    string // the public address's own
	station *station.Station
	seal    *seal
	hold    func() []byte // the hold music, a WAVE file, made when it is first asked for
	pin     string
	// answered hears how long a signed request took.
	answered func(path string, took time.Duration)
	log      *slog.Logger
	mux      *http.ServeMux
	// lastSigned is when Twilio asked something last, and secret what only this
	// process answers with at /voice/here.
	lastSigned atomic.Pointer[time.Time]
	secret     []byte
	// unsigned keeps strangers from filling the log.
	unsigned unsigned
}

// Options are what a listener is made of.
type Options struct {
	Station *station.Station
	// Script says where Twilio reaches this listener: signatures are made over
	// that address.
	Script Script
	// AuthTokens are what Twilio may sign with: the account's, and one that it is being
	// changed for. They are asked for anew where a request is signed with none of them,
	// which whoever finds the listener can bring about.
	AuthTokens func(anew bool) []string
	// Pin lets a telephone take callers; empty for none.
	Pin string
	// Wait is how long the hold music plays between two announcements.
	Wait time.Duration
	// Answered hears how long a signed request took; nil for nobody.
	Answered func(path string, took time.Duration)
	Log      *slog.Logger
}

// Only is one AuthToken that is not being changed.
func Only(authToken string) func(bool) []string {
	return func(bool) []string { return []string{authToken} }
}

// New makes a listener.
func New(o Options) *Listener {
	l := &Listener{
		Script: o.Script, station: o.Station, seal: newSeal(o.AuthTokens, o.Script.Public),
		hold: sync.OnceValue(func() []byte { return music(o.Wait) }), pin: o.Pin, answered: o.Answered, log: o.Log, mux: http.NewServeMux(), secret: []byte(rand.Text()), unsigned: unsigned{log: o.Log},
	}
	if l.answered == nil {
		l.answered = func(string, time.Duration) {}
	}
	if u, err := url.Parse(o.Script.Public); err == nil {
		l.path = u.Path
	}
	for path, answer := range l.answers() {
		l.mux.Handle("POST /voice/"+path, l.signed(answer))
	}
	l.mux.HandleFunc("GET /voice/audio/hold.wav", l.audio)
	l.mux.HandleFunc("GET /voice/here/{nonce}", l.here)
	return l
}

// answers are what Twilio is answered at each path below /voice.
func (l *Listener) answers() map[string]func(request) []verb {
	return map[string]func(request) []verb{
		"inbound":    l.inbound,
		"wait":       l.wait,
		"left":       l.left,
		"sent":       l.sent,
		"fell":       l.fell,
		"desk":       l.desk,
		"pin":        l.typedPin,
		"next":       l.next,
		"parted":     l.parted,
		"whisper":    l.whisper,
		"hold":       l.onHold,
		"silence":    l.silence,
		"hello":      l.hello,
		"status":     l.status,
		"conference": l.conference,
		"page":       l.page,
		"message":    l.message,
		"leave":      l.leave,
		"recording":  l.recording,
	}
}

// ServeHTTP answers below /voice, and below the public address's own path where
// the proxy leaves that on.
func (l *Listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.path != "" && strings.HasPrefix(r.URL.Path, l.path+"/voice/") {
		below := r.Clone(r.Context())
		below.URL.Path, below.URL.RawPath = strings.TrimPrefix(r.URL.Path, l.path), ""
		below.RequestURI = strings.TrimPrefix(r.RequestURI, l.path)
		r = below
	}
	l.mux.ServeHTTP(w, r)
}

// request is what Twilio asks: what it sends, and what the address says that it was
// given.
type request struct {
	address     *url.URL
	form, query url.Values
}

// value is a field that Twilio sends, else a parameter of the address.
func (r request) value(name string) string {
	if values := r.form[name]; len(values) > 0 {
		return values[0]
	}
	return r.query.Get(name)
}

func (r request) call() call.Sid { return call.Sid(r.value("CallSid")) }

// studioOf is the studio whose number was called.
func (l *Listener) studioOf(r request) call.Studio {
	return picture.Called(l.Studios, call.Number(r.value("To")))
}

func (l *Listener) arrival(r request) station.Arrival {
	name := plain.Cut(plain.Line(r.value("CallerName")), longestName)
	if !plain.Says(name) { // such as "-": the number says more
		name = ""
	}
	return station.Arrival{Call: r.call(), Studio: l.studioOf(r), Name: name, Number: call.Number(r.value("From"))}
}

// longestName is how many characters of a name a card holds.
const longestName = 80

// longestBody is the most bytes of a request that are read; Twilio sends about two thousand.
const longestBody = 64 << 10

// callless are the requests whose answers need no CallSid.
var callless = map[string]bool{"/voice/conference": true, "/voice/message": true, "/voice/silence": true, "/voice/hold": true}

// signed lets through what Twilio signed for exactly this address.
func (l *Listener) signed(answer func(request) []verb) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		asked, body, err := read(w, r)
		if err != nil {
			http.Error(w, "the form cannot be read", http.StatusBadRequest)
			return
		}
		if !l.seal.signed(r.RequestURI, asked.form, body, r.Header.Get("X-Twilio-Signature")) {
			l.unsigned.heard()
			http.Error(w, "not signed for this address", http.StatusForbidden)
			return
		}
		now := time.Now()
		l.lastSigned.Store(&now)
		if asked.value("CallSid") == "" && !callless[r.URL.Path] {
			http.Error(w, "no CallSid", http.StatusBadRequest)
			return
		}
		l.answer(w, asked, answer)
		l.answered(r.URL.Path, time.Since(began))
	}
}

// read takes a request in. The form and the query are read apart from each other, as
// each is needed by itself.
func read(w http.ResponseWriter, r *http.Request) (asked request, body []byte, err error) {
	asked.address = r.URL
	if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody)); err != nil {
		return asked, nil, err
	}
	if asked.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return asked, nil, err
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		asked.form, err = url.ParseQuery(string(body))
	}
	return asked, body, err
}

// send writes a document whole, so that Twilio need not wait for its end.
func send(w http.ResponseWriter, verbs []verb) {
	doc := document(verbs)
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(doc)))
	w.Write(doc)
}

// inbound: a listener's call rings.
func (l *Listener) inbound(r request) []verb {
	who := l.arrival(r)
	if who.Number != "" { // of one that is withheld nothing is shown
		who.Area = r.area()
	}
	return l.twiml(who.Call, l.station.Arrive(who))
}

// wait: a queued call wants to hear something. Twilio asks again when it has.
func (l *Listener) wait(r request) []verb {
	who := l.arrival(r)
	who.InQueue, _ = strconv.Atoi(r.value("CurrentQueueSize"))
	a := l.station.Waiting(who, r.value("queue"))
	if a.Place.Kind != call.Queue {
		return l.twiml(who.Call, a)
	}
	return []verb{say(waiting(a)), l.play()}
}

// left: a call has left its queue, for whatever reason.
func (l *Listener) left(r request) []verb {
	return l.twiml(r.call(), l.station.LeftQueue(l.arrival(r), call.QueueResult(r.value("QueueResult"))))
}

// sent: a move sent the call here.
func (l *Listener) sent(r request) []verb {
	return l.twiml(r.call(), l.station.Sent(l.arrival(r)))
}

// fell: a call came to the end of its line although nobody moved it.
func (l *Listener) fell(r request) []verb {
	return l.twiml(r.call(), l.station.FellOut(l.arrival(r)))
}

// desk: a desk's softphone calls, to join its line or to take callers directly;
// or a telephone dials in.
func (l *Listener) desk(r request) []verb {
	if !call.IsSoftphone(r.value("From")) {
		return l.dialledIn(r)
	}
	if l.checks(r) {
		// A pause at the beginning would be before the call is taken (Twilio docs: Pause).
		return []verb{{name: "Gather", attrs: []attr{{"input", "dtmf"}, {"timeout", strconv.Itoa(checkSeconds)}}}, hangup()}
	}
	line, direct := r.value("line"), r.value("mode") == "direct"
	desk, ours := l.ID.DeskOf(strings.TrimPrefix(r.value("From"), "client:"))
	if !ours { // of another Callin, that makes its tokens from the same account
		return []verb{say("This phone belongs to another desk. Goodbye."), hangup()}
	}
	if r.value("mode") == "talkback" {
		host, ok := l.station.TalksBack(desk, r.call(), line)
		if !ok {
			return []verb{say("There is nobody to talk to. Goodbye."), hangup()}
		}
		return []verb{l.talkback(line, r.call(), host)}
	}
	if r.value("mode") == "reserve" {
		if !l.station.StandsBy(desk, r.call(), line) {
			return []verb{say("This phone cannot be in reserve there. Goodbye."), hangup()}
		}
		// Muted from its join on; a moment later it is held, so that it does not hear either.
		return []verb{l.conferenceOf(line, call.ReserveLabel+string(r.call()), call.Held, true)}
	}
	if !l.station.DeskCalls(desk, r.call(), line, direct) {
		return []verb{say("This phone cannot have the line. Another one may have taken it, or it is not this desk's. Goodbye."), hangup()}
	}
	if direct {
		// The pause keeps a missing queue from making this a tight loop.
		of, _ := call.StudioOf(line) // only a studio's line may go on so
		return []verb{l.dialQueue(of), pause(1), l.redirect("desk?mode=direct&line=" + url.QueryEscape(line))}
	}
	return []verb{l.conferenceOf(line, call.DeskLabel+string(r.call()), call.Talking, true)}
}

// checkSeconds is how long a phone tries the way to Twilio: until it has some samples of its
// sound, which are taken each second.
const checkSeconds = 6

// checks reports whether a phone only tries the way to Twilio. It hears silence, as what it
// hears may go to air.
func (l *Listener) checks(r request) bool {
	return l.ID.IsCheck(strings.TrimPrefix(r.value("From"), "client:"))
}

func (l *Listener) onHold(request) []verb { return []verb{l.play(), l.redirect("hold")} }

// silence is what the first on a line hears. A conference does not ask again by
// itself, hence the redirect.
func (l *Listener) silence(request) []verb { return []verb{pause(60), l.redirect("silence")} }

// hello: a technician's telephone, which Twilio has called, hears that all of it works.
func (l *Listener) hello(request) []verb {
	return []verb{say("Hello. This is Callin. Twilio reaches this station: listeners can call it. Goodbye."), hangup()}
}

// status: a call has ended.
func (l *Listener) status(r request) []verb {
	if status := call.CallStatus(r.value("CallStatus")); status.Over() && !l.checks(r) {
		l.station.Ended(r.call(), status)
	}
	return nil
}

// conference: somebody joined or left a line, or stands otherwise on it.
func (l *Listener) conference(r request) []verb {
	sequence, _ := strconv.Atoi(r.value("SequenceNumber"))
	l.station.Conference(station.ConferenceEvent{
		Event:      r.value("StatusCallbackEvent"),
		Conference: r.value("ConferenceSid"),
		Line:       l.ID.OurName(r.value("FriendlyName")),
		Call:       r.call(),
		Desk:       strings.HasPrefix(r.value("ParticipantLabel"), call.DeskLabel),
		Talkback:   strings.HasPrefix(r.value("ParticipantLabel"), call.TalkbackLabel),
		Reserve:    strings.HasPrefix(r.value("ParticipantLabel"), call.ReserveLabel),
		Sequence:   sequence,
		Muted:      r.value("Muted") == "true",
		Hold:       r.value("Hold") == "true",
	})
	return nil
}

// page: the page of a desk's phone says in its call what it hears.
func (l *Listener) page(r request) []verb {
	var said struct {
		Sound picture.Sound `json:"sound"`
	}
	if json.Unmarshal([]byte(r.value("Content")), &said) == nil && said.Sound.Known() {
		l.station.PageSays(r.call(), said.Sound.Carries())
	}
	return nil
}

// audio is the hold music: public, and the same for everybody.
func (l *Listener) audio(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Write(l.hold())
}
