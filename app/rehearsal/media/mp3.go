package media

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/hajimehoshi/go-mp3"
)

// mp3Least is the lowest rate of MPEG-1. The decoder turns the lower ones, of
// MPEG-2, into something else than was recorded.
const mp3Least = 32000

// ParseAudio reads a WAVE or an MP3 file, whatever its name or type says it is,
// and returns it mono at Rate.
func ParseAudio(b []byte) ([]int16, error) {
	if isMP3(b) {
		return parseMP3(b)
	}
	return ParseWAV(b)
}

// isMP3 looks for a tag or the eleven bits that every frame begins with.
func isMP3(b []byte) bool {
	return bytes.HasPrefix(b, []byte("ID3")) || len(b) > 1 && b[0] == 0xFF && b[1]&0xE0 == 0xE0
}

func parseMP3(b []byte) (samples []int16, err error) {
	if len(b) > MaxFile {
		return nil, fmt.Errorf("mp3: %d bytes, more than %d", len(b), MaxFile)
	}
	// The decoder is not made for files that somebody has spoilt.
	defer func() {
		if recover() != nil {
			samples, err = nil, errors.New("mp3: cannot be decoded")
		}
	}()
	d, err := mp3.NewDecoder(struct{ io.Reader }{bytes.NewReader(b)}) // no Seeker: it need not know the length
	if err != nil {
		return nil, fmt.Errorf("mp3: %w", err)
	}
	if d.SampleRate() < mp3Least {
		return nil, fmt.Errorf("mp3: a rate of %d Hz is not read here, 32000, 44100 and 48000 are", d.SampleRate())
	}
	stereo := wavFormat{tag: wavPCM, channels: 2, bits: 16, rate: d.SampleRate()} // of whatever file
	most := int64(maxClip/Rate+1) * int64(stereo.rate) * 4
	pcm, err := io.ReadAll(io.LimitReader(d, most))
	if err != nil {
		return nil, fmt.Errorf("mp3: %w", err)
	}
	if len(pcm) == 0 {
		return nil, errors.New("mp3: no audio")
	}
	return resample(stereo.mono(pcm), stereo.rate)
}
