// Package media is the sound of a rehearsal: 8 kHz mono audio in frames of
// 20 ms, mixed in conferences, as the telephone network carries it.
package media

// Rate is the sampling rate of all audio in a rehearsal, in hertz: G.711's.
const Rate = 8000

// FrameSamples is the number of samples in a Frame: 20 ms at Rate.
const FrameSamples = 160

// A Frame is 20 ms of linear 16-bit mono audio.
type Frame [FrameSamples]int16

// A Port is the audio of one party to a call, seen from the exchange.
// Both methods are called from the exchange's 20 ms clock and must not block.
type Port interface {
	// Pull fills f with the next 20 ms that the party speaks and reports
	// whether there was any; without any, f is silence.
	Pull(f *Frame) bool
	// Push gives the party the next 20 ms to hear.
	Push(f *Frame)
}
