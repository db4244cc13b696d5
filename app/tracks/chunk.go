package tracks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"time"

	"callin/app/call"
)

// Limit is the most bytes that a chunk may have: two seconds of seven tracks at the highest
// rate are less.
const Limit = 6 << 20

// chunk is a piece of a take: a line of JSON, and after it the samples (16 bits, little
// endian) of each of its tracks, one track after the other.
type chunk struct {
	// Take tells one run of a page's clock from all others, and Number counts its chunks
	// from 1.
	Take   string `json:"take"`
	Number int64  `json:"number"`
	// Rate is the clock's, in samples a second. From is the sample at which the take begins,
	// At that of this chunk, and Frames how many it has of each track.
	Rate   int   `json:"rate"`
	From   int64 `json:"from"`
	At     int64 `json:"at"`
	Frames int   `json:"frames"`
	// Ago is how long ago the chunk's end was heard as it was sent, in milliseconds.
	Ago int64 `json:"ago"`
	// Tracks are those that the chunk has: 0 the host, from 1 on the lanes. The others were
	// silent.
	Tracks []int `json:"tracks"`
	// Host is whether the page has a microphone of the host's.
	Host bool `json:"host"`

	sound []byte
}

const (
	lowestRate, highestRate = 8000, 192_000
	// longestChunk is how long a chunk may be, and longestTake how long a page's clock may
	// have gone.
	longestChunk = 2 * time.Second
	longestTake  = 30 * 24 * time.Hour
	longestHead  = 1024
)

var aTake = regexp.MustCompile(`^[0-9a-z]{8,40}$`)

func wrong(what string) error {
	return &call.Error{Code: call.CodeBadField, Message: "The page sent sound that Callin cannot read (" + what + "). Reload the page."}
}

// parse reads a chunk. What is in it comes from outside, and is a number or one of ours.
func parse(data []byte) (c chunk, err error) {
	end := bytes.IndexByte(data[:min(len(data), longestHead)], '\n')
	if end < 0 {
		return c, wrong("its head")
	}
	d := json.NewDecoder(bytes.NewReader(data[:end]))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, wrong("its head")
	}
	if _, err := d.Token(); err != io.EOF {
		return c, wrong("its head")
	}
	c.sound = data[end+1:]
	longest := int64(longestTake/time.Second) * int64(c.Rate)
	switch {
	case !aTake.MatchString(c.Take), c.Number < 1:
		return c, wrong("which it is")
	case c.Rate < lowestRate, c.Rate > highestRate:
		return c, wrong("its rate")
	case c.From < 0, c.At < c.From, c.At > longest, c.Ago < 0, c.Ago > longestTake.Milliseconds():
		return c, wrong("its time")
	case c.Frames < 1, c.Frames > int(longestChunk/time.Second)*c.Rate:
		return c, wrong("its length")
	case len(c.Tracks) > call.MostLanes+1, len(c.sound) != len(c.Tracks)*c.Frames*width:
		return c, wrong(fmt.Sprintf("%d bytes of %d tracks", len(c.sound), len(c.Tracks)))
	}
	for i, track := range c.Tracks {
		if track < 0 || i > 0 && track <= c.Tracks[i-1] {
			return c, wrong("its tracks")
		}
	}
	return c, nil
}

// most is the highest lane that it has.
func (c chunk) most() int {
	if n := len(c.Tracks); n > 0 {
		return c.Tracks[n-1]
	}
	return 0
}

// of is the sound of a track, nil where it was silent.
func (c chunk) of(track int) []byte {
	for i, t := range c.Tracks {
		if t == track {
			return c.sound[i*c.Frames*width : (i+1)*c.Frames*width]
		}
	}
	return nil
}

// heard is when its end was heard, by the station's clock, and began when the take did.
func (c chunk) heard(now int64) int64 { return now - c.Ago }

func (c chunk) began(now int64) int64 {
	return c.heard(now) - (c.At+int64(c.Frames)-c.From)*1000/int64(c.Rate)
}
