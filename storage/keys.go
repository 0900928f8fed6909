package storage

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// The layout of keys: a table's letter, then its fields. A text ends in NUL (which no id contains), a number is eight
// bytes and a time twelve, big endian, so that the order of bytes is the order of fields.
//
//	m                             instance and schema
//	e seq                         an event, once, in the global order
//	s stream revision             where in that order a stream's event stands
//	s "" seq                      an event without a stream
//	y stream                      summary row, with the keys it is found under
//	f key stream                  summary's index
//	c stream                      cached fold
//	a ask                         answer to an ask
//	r table key                   small row of another kind
//	n counter                     the last number given; without a name: to a delivery
//	d number                      delivery, until it is settled for good
//	q when number                 deliveries that come due: queued ones, and claimed ones whose time may run out
//	l slot place                  what a slot shows, sends and has unsent
//	w slot place number           deliveries that wait until that slot shows its message
//	x number                      what was delivered
const (
	tableMeta     = 'm'
	tableEvent    = 'e'
	tableStream   = 's'
	tableSummary  = 'y'
	tableFind     = 'f'
	tableFold     = 'c'
	tableAnswer   = 'a'
	tableRow      = 'r'
	tableCounter  = 'n'
	tableDelivery = 'd'
	tableDue      = 'q'
	tableSlot     = 'l'
	tableHeld     = 'w'
	tableDone     = 'x'
)

// maxText keeps every key far below what engines take, and makes an oversized id its asker's fault alone.
const maxText = 1024

// key is a key under construction. A part that cannot stand in a key spoils it; the first use says so.
type key struct {
	bytes []byte
	err   error
}

func table(t byte) key { return key{bytes: []byte{t}} }

// text appends a field.
func (k key) text(s string) key { return k.begins(s).add(0) }

// begins appends the beginning of a field: the key is good for a range only.
func (k key) begins(s string) key {
	if k.err == nil && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) || len(s) > maxText) {
		k.err = fmt.Errorf("%.80q cannot be part of a key", s)
	}
	return k.add([]byte(s)...)
}

func (k key) number(n uint64) key { return k.add(binary.BigEndian.AppendUint64(nil, n)...) }

// time appends an instant; the sign bit is turned so that instants before 1970 come first.
func (k key) time(t time.Time) key {
	k = k.number(uint64(t.Unix()) ^ 1<<63)
	return k.add(binary.BigEndian.AppendUint32(nil, uint32(t.Nanosecond()))...)
}

func (k key) add(b ...byte) key {
	k.bytes = append(k.bytes[:len(k.bytes):len(k.bytes)], b...)
	return k
}

// past is the first key after all that begin with this one.
func (k key) past() key {
	k = k.add()
	last := append([]byte(nil), k.bytes...)
	last[len(last)-1]++ // a table's letter, a NUL or a byte of UTF-8: never 0xFF
	k.bytes = last
	return k
}

// to is the range from this key up to but without another.
func (k key) to(end key) span {
	s := span{Range: Range{From: k.bytes, To: end.bytes}, err: k.err}
	if s.err == nil {
		s.err = end.err
	}
	return s
}

// all is the range of the keys that begin with this one.
func (k key) all() span { return k.to(k.past()) }

// span is a Range whose ends may be spoilt.
type span struct {
	Range
	err error
}

func (s span) backwards() span {
	s.Reverse = true
	return s
}

// fields reads a key back, field by field; what does not fit reads as empty.
type fields []byte

func fieldsOf(k []byte) fields { return fields(k[1:]) }

func (f *fields) text() string {
	s, rest, _ := strings.Cut(string(*f), "\x00")
	*f = fields(rest)
	return s
}

func (f *fields) number() uint64 {
	if len(*f) < 8 {
		*f = nil
		return 0
	}
	n := binary.BigEndian.Uint64(*f)
	*f = (*f)[8:]
	return n
}

func (f *fields) skipTime() { *f = (*f)[min(12, len(*f)):] }
