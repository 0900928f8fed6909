package storage

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
)

// A stored value is a frame around a JSON payload:
//
//	0      magic and version of the frame
//	1      kind: the table it belongs to, the first byte of its key
//	2      schema version of the payload
//	3..6   length of the payload, big endian
//	7..    payload
//	last 4 CRC-32C over the key and all of the above, big endian
//
// The key is part of the sum, so a record that turns up under another key is as damaged as one with a flipped bit.
const (
	frameMagic  = 0xA1
	frameHead   = 7
	frameFoot   = 4
	frameSchema = 1
	maxPayload  = 16 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Damaged is the error of a record that is not what was written.
type Damaged struct {
	Key string
	Why string
}

func (d *Damaged) Error() string { return fmt.Sprintf("record %q is damaged: %s", d.Key, d.Why) }

func damaged(k []byte, why string) error { return &Damaged{Key: string(k), Why: why} }

// seal frames a payload for its key.
func seal(k, payload []byte) ([]byte, error) {
	if len(payload) > maxPayload {
		return nil, fmt.Errorf("record %q of %d bytes is larger than %d", k, len(payload), maxPayload)
	}
	b := make([]byte, 0, frameHead+len(payload)+frameFoot)
	b = append(b, frameMagic, k[0], frameSchema)
	b = binary.BigEndian.AppendUint32(b, uint32(len(payload)))
	b = append(b, payload...)
	return binary.BigEndian.AppendUint32(b, sum(k, b)), nil
}

// unseal gives the payload of a frame found under a key; it is part of the frame, not a copy.
func unseal(k, frame []byte) ([]byte, error) {
	switch {
	case len(k) == 0:
		return nil, damaged(k, "it has no key")
	case len(frame) < frameHead+frameFoot:
		return nil, damaged(k, fmt.Sprintf("%d bytes are too few", len(frame)))
	case frame[0] != frameMagic:
		return nil, damaged(k, fmt.Sprintf("it begins with %#02x", frame[0]))
	case uint64(binary.BigEndian.Uint32(frame[3:])) != uint64(len(frame)-frameHead-frameFoot):
		return nil, damaged(k, "its length is not the one it names")
	}
	body := frame[:len(frame)-frameFoot]
	switch {
	case binary.BigEndian.Uint32(frame[len(body):]) != sum(k, body):
		return nil, damaged(k, "its checksum does not fit")
	case body[1] != k[0]:
		return nil, damaged(k, fmt.Sprintf("it is of kind %q", body[1]))
	case body[2] > frameSchema:
		return nil, fmt.Errorf("record %q has schema %d, %d is known: %w", k, body[2], frameSchema, ErrNewer)
	}
	return body[frameHead:], nil
}

func sum(k, body []byte) uint32 {
	return crc32.Update(crc32.Checksum(k, castagnoli), castagnoli, body)
}

// encode writes a row as JSON in its frame. Texts stay as they are: no escaping for web pages.
func encode(k []byte, row any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(row); err != nil {
		return nil, fmt.Errorf("encode record %q: %w", k, err)
	}
	return seal(k, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// decode reads a row back; it copies, so the row outlives the transaction.
func decode(k, frame []byte, row any) error {
	payload, err := unseal(k, frame)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(payload, row); err != nil {
		return damaged(k, err.Error())
	}
	return nil
}
