package media

import "strings"

// The frequencies of a keypad (ITU-T Q.23), by row and column.
var (
	dtmfRows    = [4]float64{697, 770, 852, 941}
	dtmfColumns = [4]float64{1209, 1336, 1477, 1633}
	dtmfKeys    = "123A456B789C*0#D"
)

// Lengths of a key, in samples: 100 ms of tone and as much silence after it, a
// w half a second (Twilio docs: Play, digits), a W one.
const (
	dtmfTone = Rate / 10
	dtmfGap  = Rate / 10
	dtmfW    = Rate / 2
)

// DTMF returns the sound of keys being pressed: 0-9 * # A-D, with w and W for
// pauses. Other characters are nothing.
func DTMF(keys string) []int16 {
	keys = strings.NewReplacer("a", "A", "b", "B", "c", "C", "d", "D").Replace(keys)
	var s []int16
	for i := range len(keys) {
		switch k := keys[i]; k {
		case 'w':
			s = append(s, make([]int16, dtmfW)...)
		case 'W':
			s = append(s, make([]int16, 2*dtmfW)...)
		default:
			if at := strings.IndexByte(dtmfKeys, k); at >= 0 {
				tone := make([]int16, dtmfTone+dtmfGap)
				Mix(tone[:dtmfTone], NewTone(dtmfRows[at/4], -9), NewTone(dtmfColumns[at%4], -9))
				s = append(s, tone...)
			}
		}
	}
	return s
}

// Mix adds what sources say to samples.
func Mix(samples []int16, sources ...*Tone) {
	for _, source := range sources {
		var f Frame
		for at := range samples {
			if at%len(f) == 0 {
				source.Pull(&f)
			}
			samples[at] = clip(int32(samples[at]) + int32(f[at%len(f)]))
		}
	}
}
