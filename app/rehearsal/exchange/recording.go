package exchange

import (
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"callin/app/rehearsal/media"
)

const (
	// keptRecordings bounds the audio kept, in samples: about two hours.
	keptRecordings = 60 * 1000 * 1000
	// longestRecording ends a recording by itself, in samples: an hour.
	longestRecording = 3600 * media.Rate
	// lateAudio is how far a frame may come behind its time, in samples, before
	// it is taken for the first after a gap: 80 ms.
	lateAudio = media.Rate * 80 / 1000
)

// RecordingOptions is how a recording is made.
type RecordingOptions struct {
	Channels int    // 1 or 2; 2 has what the far end says apart from what it hears
	Track    string // inbound, outbound or both
	Trim     bool   // leave out the silence at both ends
	callback
}

// NewRecordingOptions makes options of Twilio's words; empty ones are defaults,
// the events' being completed.
func NewRecordingOptions(channels, track string, trim bool, to, method string, events []string) *RecordingOptions {
	o := &RecordingOptions{Channels: 1, Track: or(track, "both"), Trim: trim, callback: callback{to, or(method, "POST"), events}}
	if channels == "dual" {
		o.Channels = 2
	}
	if len(events) == 0 {
		o.events = []string{"completed"}
	}
	return o
}

// Recording is a recording as it stands.
type Recording struct {
	Sid, CallSid, ConferenceSid string
	Status                      string // in-progress, paused, stopped, completed or absent
	Source, Track               string
	Channels, ErrorCode         int // ErrorCode is 0 without one
	Created, Updated            time.Time
	Seconds                     int // whole ones, as Twilio tells it
}

// Over reports whether the recording has ended.
func (r Recording) Over() bool { return r.Status == "completed" || r.Status == "absent" }

// recording is one that runs or has ended. Audio comes to it from the calls'
// own clocks, so that it has a lock of its own, taken after the exchange's.
type recording struct {
	x       *Exchange
	options RecordingOptions
	outbox  outbox
	untap   func() // ends the audio's coming

	mu      sync.Mutex
	info    Recording // changed under the exchange's mu, too
	lanes   []lane
	paused  time.Time     // since when; zero when it runs
	pausing string        // skip or silence
	skipped time.Duration // pauses left out
}

// lane is the audio of one channel: what was said is mixed in at its time. Each
// track has its own place in it.
type lane struct {
	samples []int16
	at      [2]int
}

// track is a direction of a call's audio, seen from Twilio.
type track int

const (
	inbound  track = iota // what the far end says
	outbound              // what it hears
)

// newRecording begins a recording; mu is held.
func (x *Exchange) newRecording(o RecordingOptions, callSid, confSid, source string) *recording {
	now := time.Now()
	r := &recording{x: x, options: o, lanes: make([]lane, o.Channels), info: Recording{
		Sid: newSid("RE"), CallSid: callSid, ConferenceSid: confSid, Status: "in-progress", Source: source, Track: o.Track,
		Channels: o.Channels, Created: now, Updated: now,
	}}
	x.recordings = append(x.recordings, r)
	r.tell("in-progress")
	return r
}

// recordCall begins to record a call; mu is held.
func (x *Exchange) recordCall(c *call, o RecordingOptions, source string) *recording {
	r := x.newRecording(o, c.sid, "", source)
	r.untap = c.wire.tap(func(from track, f *media.Frame) {
		if o.Track == "both" || (o.Track == "inbound") == (from == inbound) {
			r.add(from, f)
		}
	})
	c.recordings = append(c.recordings, r)
	return r
}

// record begins to record a conference that has started, once, if a participant
// wants it; mu is held. The recording is of that participant's call.
func (conf *conference) record(p *participant) {
	if p.record == nil || len(conf.recordings) > 0 {
		return
	}
	r := conf.x.newRecording(*p.record, p.call.sid, conf.sid, "Conference")
	r.untap = conf.mixer.Tap(func(f *media.Frame) { r.add(inbound, f) })
	conf.recordings = append(conf.recordings, r)
}

// add takes a frame of sound.
func (r *recording) add(from track, f *media.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.info.Status != "in-progress" {
		return
	}
	l := &r.lanes[int(from)%len(r.lanes)]
	// The frame that begins now ends a frame after the one that began before.
	if now := r.elapsed(time.Now()); now-l.at[from] > lateAudio {
		l.at[from] = now
	}
	l.mix(l.at[from], f[:])
	l.at[from] += len(f)
}

func (l *lane) mix(at int, s []int16) {
	if more := at + len(s) - len(l.samples); at < longestRecording && more > 0 {
		l.samples = append(l.samples, make([]int16, more)...)
	}
	for i, v := range s[:max(0, min(len(s), len(l.samples)-at))] {
		l.samples[at+i] = int16(max(-1<<15, min(1<<15-1, int(l.samples[at+i])+int(v))))
	}
}

// elapsed is the place in the recording that a moment has, in samples; r.mu is
// held.
func (r *recording) elapsed(t time.Time) int {
	return int((t.Sub(r.info.Created) - r.skipped) * media.Rate / time.Second)
}

// pause stops the recording for a while: skip leaves the time out, silence
// keeps it.
func (r *recording) pause(behavior string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.info.Status == "in-progress" {
		r.info.Status, r.info.Updated = "paused", time.Now()
		r.paused, r.pausing = time.Now(), behavior
	}
}

func (r *recording) resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.info.Status == "paused" {
		r.info.Status, r.info.Updated = "in-progress", time.Now()
		r.unpause()
	}
}

func (r *recording) unpause() {
	if !r.paused.IsZero() && r.pausing == "skip" {
		r.skipped += time.Since(r.paused)
	}
	r.paused = time.Time{}
}

// stop ends the recording for good; the exchange's mu is held. One of nothing is
// absent, as too short to be kept (Twilio's error 16101).
func (r *recording) stop() {
	r.mu.Lock()
	if r.info.Over() {
		r.mu.Unlock()
		return
	}
	r.unpause()
	length := min(r.elapsed(time.Now()), longestRecording)
	for i := range r.lanes {
		l := &r.lanes[i]
		if more := length - len(l.samples); more > 0 { // silence at its end
			l.samples = append(l.samples, make([]int16, more)...)
		}
	}
	if r.options.Trim {
		r.trim()
	}
	r.finish()
	r.mu.Unlock()
	if r.untap != nil {
		r.untap()
	}
	r.tell(r.info.Status)
	r.x.forgetRecordings()
}

// finish sets the final status; r.mu is held.
func (r *recording) finish() {
	r.info.Status, r.info.Updated = "completed", time.Now()
	r.info.Seconds = (len(r.lanes[0].samples) + media.Rate - 1) / media.Rate
	if len(r.lanes[0].samples) == 0 {
		r.info.Status, r.info.ErrorCode = "absent", 16101
	}
}

// trim leaves out what is silent in all channels at both ends.
func (r *recording) trim() {
	loud := func(s int16) bool { return s > quiet || s < -quiet }
	from, until := len(r.lanes[0].samples), 0
	for _, l := range r.lanes {
		if i := slices.IndexFunc(l.samples, loud); i >= 0 {
			from = min(from, i)
		}
		for i := len(l.samples); i > until; i-- {
			if loud(l.samples[i-1]) {
				until = i
			}
		}
	}
	from = min(from, until)
	for i := range r.lanes {
		l := &r.lanes[i]
		l.samples = l.samples[min(from, len(l.samples)):min(until, len(l.samples))]
	}
}

// tell sends a recording status callback to who wants it; mu is held.
func (r *recording) tell(event string) {
	cb, i := r.options.callback, r.snapshot()
	if cb.url == "" || !slices.Contains(cb.events, event) {
		return
	}
	v := url.Values{
		"AccountSid": {r.x.account.Sid}, "CallSid": {i.CallSid}, "RecordingSid": {i.Sid}, "RecordingUrl": {r.x.recordingURL(i.Sid)},
		"RecordingStatus": {event}, "RecordingChannels": {strconv.Itoa(i.Channels)}, "RecordingTrack": {i.Track},
		"RecordingStartTime": {r.x.Clock(i.Created).UTC().Format(time.RFC1123Z)}, "RecordingSource": {i.Source}, "ErrorCode": {strconv.Itoa(i.ErrorCode)},
	}
	if event == "completed" {
		v.Set("RecordingDuration", strconv.Itoa(i.Seconds))
	}
	if i.ConferenceSid != "" {
		v.Set("ConferenceSid", i.ConferenceSid)
	}
	r.x.tellStatus(&r.outbox, i.CallSid, cb.url, cb.method, v)
}

// describe adds what an action is told of a recording.
func (r *recording) describe(v url.Values) {
	i := r.snapshot()
	v.Set("RecordingSid", i.Sid)
	v.Set("RecordingDuration", strconv.Itoa(i.Seconds))
	v.Set("RecordingUrl", r.x.recordingURL(i.Sid))
}

func (x *Exchange) recordingURL(sid string) string {
	return "https://api.twilio.com/2010-04-01/Accounts/" + x.account.Sid + "/Recordings/" + sid
}

func (r *recording) snapshot() Recording {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.info
}
