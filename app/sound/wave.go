package sound

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// rate is how many samples a second has.
const rate = 22050

// tone is a sine tone; without hertz it is a pause.
type tone struct {
	hertz float64
	long  time.Duration
}

// edge is how long a tone swells and fades: without it, it would click.
const edge = 6 * time.Millisecond

// wav is a sound file of tones: RIFF, PCM, one channel of 16 bits (Microsoft, Multimedia Programming Interface and Data
// Specifications 1.0).
func wav(tones []tone) []byte {
	var samples []int16
	for _, t := range tones {
		samples = append(samples, t.samples()...)
	}
	size := uint32(2 * len(samples))
	var b bytes.Buffer
	b.WriteString("RIFF")
	for _, part := range []any{uint32(36) + size, [8]byte{'W', 'A', 'V', 'E', 'f', 'm', 't', ' '}, uint32(16), uint16(1), uint16(1),
		uint32(rate), uint32(2 * rate), uint16(2), uint16(16), [4]byte{'d', 'a', 't', 'a'}, size, samples} {
		_ = binary.Write(&b, binary.LittleEndian, part) // a buffer takes everything
	}
	return b.Bytes()
}

func (t tone) samples() []int16 {
	n := int(t.long.Seconds() * rate)
	fade := edge.Seconds() * rate
	out := make([]int16, n)
	if t.hertz == 0 {
		return out
	}
	for i := range out {
		loud := min(1, float64(i)/fade, float64(n-i)/fade)
		out[i] = int16(0.5 * math.MaxInt16 * loud * math.Sin(2*math.Pi*t.hertz*float64(i)/rate))
	}
	return out
}
