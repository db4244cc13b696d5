package media

import "testing"

func TestPCMU(t *testing.T) {
	// The decision and output values of ITU-T G.711 table 2a, scaled to 16 bits.
	for _, c := range []struct {
		sample  int16
		code    byte
		decoded int16
	}{
		{0, 0xFF, 0},
		{3, 0xFF, 0},
		{4, 0xFE, 8},
		{-8, 0x7E, -8},
		{8, 0xFE, 8},
		{123, 0xF0, 120},
		{132, 0xEF, 132},
		{1000, 0xCE, 988},
		{-1000, 0x4E, -988},
		{16000, 0x90, 15996},
		{-16000, 0x10, -15996},
		{32767, 0x80, 32124},
		{-32768, 0x00, -32124},
	} {
		if got := EncodePCMU(c.sample); got != c.code {
			t.Errorf("EncodePCMU(%d) = %#x, want %#x", c.sample, got, c.code)
		}
		if got := DecodePCMU(c.code); got != c.decoded {
			t.Errorf("DecodePCMU(%#x) = %d, want %d", c.code, got, c.decoded)
		}
	}
	for i := range 256 {
		if got := EncodePCMU(DecodePCMU(byte(i))); got != byte(i) && i != 0x7F { // 0x7F is the other zero
			t.Errorf("code %#x came back as %#x", i, got)
		}
	}
}
