package ledger

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Entry is a record that carries its own proof.
type Entry struct {
	Text  string           `json:"record"` // the record's text, byte for byte
	Proof tlog.RecordProof `json:"proof"`  // that it stands in the log of a tip
}

// ErrProof is wrapped when a proof does not hold.
var ErrProof = errors.New("the proof does not hold")

// Record reads the entry and holds it to a tip: it stands there, at the place that it names, in these very bytes.
func (t Tip) Record(e Entry) (Record, error) {
	r, err := Parse([]byte(e.Text))
	if err != nil {
		return r, err
	}
	if again, err := r.Text(); err != nil || !bytes.Equal(again, []byte(e.Text)) {
		return r, fmt.Errorf("event %d is not written as this program writes it: %w", r.Seq, ErrProof)
	}
	if r.Seq == 0 || r.Seq > t.Size || t.Size > maxSize {
		return r, fmt.Errorf("event %d of a ledger of %d: %w", r.Seq, t.Size, ErrProof)
	}
	if tlog.CheckRecord(e.Proof, int64(t.Size), t.Hash, int64(r.Seq)-1, tlog.RecordHash([]byte(e.Text))) != nil {
		return r, fmt.Errorf("event %d does not stand in the ledger of this tip: %w", r.Seq, ErrProof)
	}
	return r, nil
}

// emptyHash is that of a ledger without events.
var emptyHash = tlog.Hash(sha256.Sum256(nil))

// Continues reports, by an error, that a ledger's tip does not continue an older one: the proof must show that all the
// older one named stands there unchanged.
func (t Tip) Continues(older Tip, proof tlog.TreeProof) error {
	switch {
	case older.Instance != t.Instance:
		return fmt.Errorf("they are tips of two ledgers, %s and %s: %w", older.Instance, t.Instance, ErrProof)
	case older.Size > t.Size || t.Size > maxSize:
		return fmt.Errorf("the ledger had %d events and has %d: %w", older.Size, t.Size, ErrProof)
	case t.Size == 0 && t.Hash != emptyHash, older.Size == 0 && (older.Hash != emptyHash || len(proof) > 0):
		return fmt.Errorf("it is no tip of a ledger without events: %w", ErrProof)
	case older.Size == 0: // every ledger continues it
		return nil
	case tlog.CheckTree(proof, int64(t.Size), t.Hash, int64(older.Size), older.Hash) != nil:
		return fmt.Errorf("the first %d events are not those of the older tip: %w", older.Size, ErrProof)
	}
	return nil
}
