package media

import "testing"

func TestAnEchoIsWeakerAndLater(t *testing.T) {
	e := NewEcho(20, 180)
	for tick := range 30 {
		own := Frame{100}
		e.Add(&own)
		want := int16(100)
		if tick == 9 { // 180 ms later
			want += 1000
		}
		if own[0] != want {
			t.Errorf("tick %d: %d, want %d", tick, own[0], want)
		}
		var heard Frame
		if tick == 0 {
			heard[0] = 10_000
		}
		e.Hear(&heard)
	}
}
