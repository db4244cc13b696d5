package signal

import (
	"sync"

	"callin/app/rehearsal/media"
)

// Lengths of the jitter buffer, in samples.
const (
	jitterRing   = 8192                    // about a second
	jitterTarget = 3 * media.FrameSamples  // 60 ms: where reading begins
	jitterMost   = 200 * media.Rate / 1000 // 200 ms: the delay that is cut back to the target
	jitterJump   = jitterRing / 2          // a step in time that is a new stream
)

// jitter puts samples that arrive in bursts, late or out of order into the
// order of their timestamps, to be read every 20 ms. What is missing is silent.
type jitter struct {
	mu      sync.Mutex
	ring    [jitterRing]int16
	started bool
	flowing bool   // reading, no longer filling up to the target
	read    uint32 // timestamp of the next sample to read
	end     uint32 // timestamp after the latest sample
}

// put stores PCMU samples that begin at timestamp.
func (j *jitter) put(timestamp uint32, pcmu []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(pcmu) == 0 || len(pcmu) > jitterRing/4 {
		return
	}
	// Timestamps wrap around: only their differences mean anything.
	ahead := int32(timestamp - j.read)
	if !j.started || ahead > jitterJump || ahead < -jitterJump {
		clear(j.ring[:])
		j.started, j.flowing = true, false
		j.read, j.end, ahead = timestamp, timestamp, 0
	}
	for i, code := range pcmu {
		if at := timestamp + uint32(i); int32(at-j.read) >= 0 { // else too late
			j.ring[at%jitterRing] = media.DecodePCMU(code)
		}
	}
	if end := timestamp + uint32(len(pcmu)); int32(end-j.end) > 0 {
		j.end = end
	}
	if int32(j.end-j.read) > jitterMost {
		j.skip(j.end - jitterTarget)
	}
}

// get reads the next 20 ms, if they have come.
func (j *jitter) get(f *media.Frame) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	clear(f[:])
	held := int32(j.end - j.read)
	if !j.flowing && held >= jitterTarget {
		j.flowing = true
	}
	if !j.flowing {
		return false
	}
	if held < media.FrameSamples {
		j.flowing = false // run dry: fill up again
		return false
	}
	for i := range f {
		f[i] = j.ring[(j.read+uint32(i))%jitterRing]
	}
	j.skip(j.read + media.FrameSamples)
	return true
}

// skip moves on to timestamp to, and wipes what is passed.
func (j *jitter) skip(to uint32) {
	for ; j.read != to; j.read++ {
		j.ring[j.read%jitterRing] = 0
	}
}
