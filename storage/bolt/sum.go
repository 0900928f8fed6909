package bolt

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// rowSum adds up the hashes of all rows. Each row carries its own checksum, which says that it is as it was written,
// but not that it is there, nor that it is the newest of its key: a page that a disk lost, or whose count of entries
// rotted, leaves only good rows behind. The sum then does not fit. It is against rot, not against people.
type rowSum struct {
	sum  uint64
	hash hash.Hash
	buf  [sha256.Size]byte
}

func newRowSum(sum uint64) *rowSum { return &rowSum{sum: sum, hash: sha256.New()} }

// of is what one row adds to the sum.
func (s *rowSum) of(key, value []byte) uint64 {
	s.hash.Reset()
	binary.BigEndian.PutUint64(s.buf[:8], uint64(len(key)))
	s.hash.Write(s.buf[:8])
	s.hash.Write(key)
	s.hash.Write(value)
	return binary.BigEndian.Uint64(s.hash.Sum(s.buf[:0]))
}
