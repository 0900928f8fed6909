// Package storage keeps what Readyroom must not forget: the ledger of events with its streams, summary rows, cached
// folds, the answers given to asks, and one queue of everything that is due. It owns the layout of records, group
// commit and the bookkeeping of sends; engines below it are plain ordered key-value stores.
//
// It decides nothing, reads no clock, and knows no chat platform. Nothing slow may run inside a transaction.
package storage

import (
	"context"
	"errors"
)

// Range is a part of the key order: from From up to but without To; a nil To means to the end.
type Range struct {
	From, To []byte
	Reverse  bool // walk from the last key to the first
}

// Reader is a consistent view of a store. What it hands out belongs to the engine: it must not be changed, and dies
// with the transaction.
type Reader interface {
	// Get gives the value of a key, nil when there is none.
	Get(key []byte) ([]byte, error)
	// Scan visits the keys of a range in order until fn says false or fails. fn may read through the same Reader.
	Scan(r Range, fn func(key, value []byte) (bool, error)) error
}

// Writer is a Reader that sees its own writes. Keys and values are copied, keys are not empty. The store never writes
// to a range while it scans it.
type Writer interface {
	Reader
	Put(key, value []byte) error
	Delete(key []byte) error
}

// Engine is an ordered key-value store with transactions. It is all that a new engine has to implement;
// storagetest.Run says whether it did.
type Engine interface {
	// View runs fn on a snapshot in which every commit known to have happened is seen, and no other.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn and commits. Nil: it is durable. *Unknown: nobody can say. Any other error: nothing happened.
	// It may run fn more than once. One Update runs at a time.
	Update(ctx context.Context, fn func(Writer) error) error
	// Close waits for the transactions that run and gives the store free for others.
	Close() error
}

// Unknown is the error of a commit that may or may not have happened. Only opening the store anew tells.
type Unknown struct{ Err error }

func (u *Unknown) Error() string { return "outcome of the commit is unknown: " + u.Err.Error() }

func (u *Unknown) Unwrap() error { return u.Err }

var (
	// ErrFull is wrapped when there is no space left: nothing happened, the store lives.
	ErrFull = errors.New("no space left for the store")
	// ErrNewer is wrapped when a newer program wrote what was read.
	ErrNewer = errors.New("written by a newer program")
	// ErrOlder is wrapped when a store is of a layout from before the first release, which no program reads any more.
	ErrOlder = errors.New("written by a program that is too old")
	// ErrNoLongerClaimed is wrapped when a claim is settled that is not the delivery's current one.
	ErrNoLongerClaimed = errors.New("no longer claimed")

	errReadOnly = errors.New("write in a read-only transaction")
	errOver     = errors.New("transaction is over")
)
