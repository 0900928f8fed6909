package wire

import (
	"encoding/binary"
)

// Half is the first half of a text frame of a websocket, as a server writes it: all of it is announced.
func Half[T string | []byte](text T) []byte {
	head := []byte{0x81}
	switch n := len(text); {
	case n < 126:
		head = append(head, byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 127), uint64(n))
	}
	return append(head, text[:len(text)/2]...)
}
