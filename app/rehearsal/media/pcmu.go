package media

// G.711 mu-law (ITU-T G.711, table 2a): a sign, a segment of 3 bits and a
// mantissa of 4, all inverted on the wire.
const (
	pcmuBias = 0x84  // 132: lifts every magnitude into a segment
	pcmuClip = 32635 // the largest magnitude that still fits with the bias
)

// PCMUSilence is the mu-law code of a zero sample.
const PCMUSilence = 0xFF

var pcmuDecoded = func() (table [256]int16) {
	for i := range table {
		code := ^byte(i)
		magnitude := (int(code&0x0F)<<3+pcmuBias)<<(code>>4&7) - pcmuBias
		if code&0x80 != 0 {
			magnitude = -magnitude
		}
		table[i] = int16(magnitude)
	}
	return table
}()

// EncodePCMU returns the mu-law code of a sample.
func EncodePCMU(sample int16) byte {
	magnitude, sign := int(sample), byte(0)
	if magnitude < 0 {
		magnitude, sign = -magnitude, 0x80
	}
	magnitude = min(magnitude, pcmuClip) + pcmuBias
	segment := byte(7)
	for mask := 0x4000; magnitude&mask == 0 && segment > 0; mask >>= 1 {
		segment--
	}
	return ^(sign | segment<<4 | byte(magnitude>>(segment+3))&0x0F)
}

// DecodePCMU returns the sample of a mu-law code.
func DecodePCMU(code byte) int16 { return pcmuDecoded[code] }
