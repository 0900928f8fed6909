package flag

import (
	"encoding/json"

	"github.com/twmb/murmur3"
)

// share is one variant's part of a split. Weights are relative; their sum is at most 2^31-1.
type share struct {
	Variant string
	Weight  uint32
}

// MarshalJSON writes a share as flagd's targeting rules do: ["on", 30].
func (s share) MarshalJSON() ([]byte, error) { return json.Marshal([]any{s.Variant, s.Weight}) }

// bucket maps a seed to 0 … total-1: murmur3 (32 bits, x86, seed 0), scaled to the total in integers.
//
// This is flagd's formula since its core 0.15.0 (1 April 2026), which its providers followed in the same month. Before,
// flagd took the absolute value of the signed hash as a float share of 100; languages disagreed at the edges, and the
// two formulas assign most users differently. A proposed third one (CBOR-encoded seeds) is in no release of flagd's core
// up to 0.16.0. Whoever changes this formula moves users from one variant to another.
func bucket(seed string, total uint64) uint64 {
	return uint64(murmur3.StringSum32(seed)) * total >> 32
}

// pick gives the variant in whose range of buckets the seed falls; ranges follow in order, so enlarging the first
// variant moves nobody out of it. Weights that are all zero pick nothing.
func pick(seed string, split []share) string {
	var total, end uint64
	for _, s := range split {
		total += uint64(s.Weight)
	}
	b := bucket(seed, total)
	for _, s := range split {
		if end += uint64(s.Weight); b < end {
			return s.Variant
		}
	}
	return ""
}
