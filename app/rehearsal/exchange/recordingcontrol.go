package exchange

import "slices"

// forgetRecordings drops the oldest recordings that have ended while there is
// too much audio; mu is held.
func (x *Exchange) forgetRecordings() {
	size := 0
	for i := len(x.recordings) - 1; i >= 0; i-- {
		r := x.recordings[i]
		r.mu.Lock()
		for _, l := range r.lanes {
			size += len(l.samples)
		}
		if size > keptRecordings && r.info.Over() {
			x.recordings = slices.Delete(x.recordings, i, i+1)
		}
		r.mu.Unlock()
	}
}

// Recordings returns the recordings that want accepts, newest first.
func (x *Exchange) Recordings(want func(Recording) bool) []Recording {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := []Recording{}
	for _, r := range slices.Backward(x.recordings) {
		if i := r.snapshot(); want(i) {
			out = append(out, i)
		}
	}
	return out
}

func (x *Exchange) findRecording(sid string) *recording {
	for _, r := range x.recordings {
		if r.info.Sid == sid {
			return r
		}
	}
	return nil
}

// RecordingAudio returns the samples of a recording that has ended, channel by
// channel; false if there is none.
func (x *Exchange) RecordingAudio(sid string) (channels [][]int16, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	r := x.findRecording(sid)
	if r == nil {
		return nil, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.info.Status != "completed" {
		return nil, false
	}
	for _, l := range r.lanes {
		channels = append(channels, l.samples)
	}
	return channels, true
}

// Record begins to record a live call.
func (x *Exchange) Record(callSid string, o RecordingOptions) (Recording, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[callSid]
	if c == nil {
		return Recording{}, NotFound("/Calls/" + callSid + "/Recordings.json")
	}
	if c.status != InProgress {
		return Recording{}, &Fault{21220, "Requested resource is not eligible for recording"}
	}
	if err := CheckURL(o.url); err != nil {
		return Recording{}, err
	}
	return x.recordCall(c, o, "StartCallRecordingAPI").snapshot(), nil
}

// UpdateRecording pauses, resumes or stops a recording.
func (x *Exchange) UpdateRecording(sid, status, pauseBehavior string) (Recording, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	found := x.findRecording(sid)
	switch {
	case found == nil:
		return Recording{}, NotFound("/Recordings/" + sid + ".json")
	case found.info.Over():
		return Recording{}, &Fault{21220, "The recording has ended"}
	}
	switch status {
	case "paused":
		found.pause(or(pauseBehavior, "silence"))
	case "in-progress":
		found.resume()
	case "stopped":
		found.stop()
		i := found.snapshot()
		i.Status = "stopped" // it is being completed, as Twilio answers
		return i, nil
	default:
		return Recording{}, &Fault{20001, "Invalid parameter Status: " + status}
	}
	return found.snapshot(), nil
}

// DeleteRecording forgets a recording that has ended; one that runs is refused.
func (x *Exchange) DeleteRecording(sid string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	r := x.findRecording(sid)
	if r == nil {
		return NotFound("/Recordings/" + sid + ".json")
	}
	if !r.info.Over() {
		return &Fault{20009, "Cannot delete this resource in its current state"}
	}
	x.recordings = slices.DeleteFunc(x.recordings, func(o *recording) bool { return o == r })
	return nil
}
