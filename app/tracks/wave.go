package tracks

import (
	"encoding/binary"
	"os"
)

const (
	// head is how many bytes come before the samples, and width how many a sample has.
	head, width = 44, 2
	// longestFile is how many bytes of samples a file has at most: its sizes have 32 bits.
	longestFile = 1<<32 - 1<<20
)

// wave is a WAVE file of one channel with 16 bits a sample, which can be read at any moment:
// its head never says more than is there.
type wave struct {
	*os.File
	rate int
	// frames is how many samples its head says.
	frames int64
}

// openWave makes a file, or goes on with one: as far as it has come, also where the one who
// wrote it was ended within a chunk.
func openWave(path string, rate int) (*wave, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	w := &wave{File: f, rate: rate}
	is, err := f.Stat()
	if err == nil {
		w.frames = max(0, is.Size()-head) / width
		err = w.writeHead()
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return w, nil
}

// put writes samples at a place, and leaves the head as it is.
func (w *wave) put(at int64, sound []byte) error {
	_, err := w.WriteAt(sound, head+at*width)
	return err
}

// grow makes the file so many samples long, with silence where nothing was written.
func (w *wave) grow(frames int64) error {
	if frames <= w.frames {
		return nil
	}
	is, err := w.Stat()
	if err != nil {
		return err
	}
	if size := head + frames*width; is.Size() < size {
		if err := w.Truncate(size); err != nil {
			return err
		}
	}
	w.frames = frames
	return w.writeHead()
}

func (w *wave) writeHead() error {
	b := make([]byte, 0, head)
	u32 := func(n int64) { b = binary.LittleEndian.AppendUint32(b, uint32(n)) }
	u16 := func(n int) { b = binary.LittleEndian.AppendUint16(b, uint16(n)) }
	b = append(b, "RIFF"...)
	u32(head - 8 + w.frames*width)
	b = append(b, "WAVEfmt "...)
	u32(16)
	u16(1) // PCM
	u16(1) // channel
	u32(int64(w.rate))
	u32(int64(w.rate) * width)
	u16(width)
	u16(8 * width)
	b = append(b, "data"...)
	u32(w.frames * width)
	_, err := w.WriteAt(b, 0)
	return err
}

// silence writes zeros over what is from a place up to another one.
func (w *wave) silence(from, to int64) error {
	nothing := make([]byte, 64<<10)
	to = min(to, w.frames)
	for from < to {
		n := min(to-from, int64(len(nothing)/width))
		if err := w.put(from, nothing[:n*width]); err != nil {
			return err
		}
		from += n
	}
	return nil
}
