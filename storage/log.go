package storage

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// The ledger is a transparency log. Its tree is kept where its leaves are: the row of an event holds, before the text
// that is the leaf, the hashes of the larger subtrees that this event completes: one for the second event, two for the
// fourth, three for the eighth. So an append writes no other row, and any hash of the tree is one look away.

// leaf is the payload of an event's row: how many hashes, the hashes from the lowest up, the text.
type leaf struct {
	key    []byte
	hashes []byte
	text   []byte // dies with the transaction
}

// enter writes an event's row.
func (t *Tx) enter(r ledger.Record) error {
	text, err := r.Text()
	if err != nil {
		return err
	}
	hashes, err := tlog.StoredHashes(int64(r.Seq)-1, text, hashReader{t})
	if err != nil {
		return fmt.Errorf("hash event %d: %w", r.Seq, err)
	}
	k := eventKey(r.Seq)
	frame, err := seal(k.bytes, wrap(hashes[1:], text))
	if err != nil {
		return err
	}
	return t.write(k, frame)
}

func wrap(hashes []tlog.Hash, text []byte) []byte {
	b := make([]byte, 0, 1+len(hashes)*tlog.HashSize+len(text))
	b = append(b, byte(len(hashes)))
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return append(b, text...)
}

// unwrap reads the row of an event.
func unwrap(k, frame []byte) (leaf, error) {
	payload, err := unseal(k, frame)
	if err != nil {
		return leaf{}, err
	}
	if len(payload) == 0 || len(payload) < 1+int(payload[0])*tlog.HashSize {
		return leaf{}, damaged(k, "its hashes are cut short")
	}
	end := 1 + int(payload[0])*tlog.HashSize
	return leaf{key: k, hashes: payload[1:end], text: payload[end:]}, nil
}

func (l leaf) record() (ledger.Record, error) {
	r, err := ledger.Parse(l.text)
	if err != nil {
		return r, damaged(l.key, err.Error())
	}
	return r, nil
}

// hash is that of the subtree of a height that this event completes; height 0 is the event alone.
func (l leaf) hash(height int) (h tlog.Hash, err error) {
	if height == 0 {
		return tlog.RecordHash(l.text), nil
	}
	if height*tlog.HashSize > len(l.hashes) {
		return h, damaged(l.key, fmt.Sprintf("it lacks the hash of the %d events that it completes", 1<<height))
	}
	copy(h[:], l.hashes[(height-1)*tlog.HashSize:])
	return h, nil
}

// leaf reads the row of an event that must be there.
func (t *Tx) leaf(seq workflows.Seq) (leaf, error) {
	k := eventKey(seq)
	frame, err := t.get(k)
	if err != nil {
		return leaf{}, err
	}
	if frame == nil {
		return leaf{}, damaged(k.bytes, "the event is missing")
	}
	return unwrap(k.bytes, frame)
}

// hashReader gives the tree's hashes by their places in tlog's order.
type hashReader struct{ *Tx }

// ReadHashes is what tlog asks for.
func (r hashReader) ReadHashes(places []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, 0, len(places))
	for _, place := range places {
		height, n := tlog.SplitStoredHashIndex(place)
		l, err := r.leaf(workflows.Seq((n + 1) << height))
		if err != nil {
			return nil, err
		}
		h, err := l.hash(height)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// tree gives the hashes of the ledger's first size events; there must be so many.
func (t *Tx) tree(size workflows.Seq) (hashReader, error) {
	if size == 0 {
		return hashReader{t}, nil
	}
	if _, err := t.leaf(size); err != nil {
		return hashReader{}, fmt.Errorf("the ledger of %d events: %w", size, err)
	}
	return hashReader{t}, nil
}

// Tip is the tip of the ledger's first size events; there must be so many.
func (t *Tx) Tip(size workflows.Seq) (ledger.Tip, error) {
	hashes, err := t.tree(size)
	if err != nil {
		return ledger.Tip{}, err
	}
	h, err := tlog.TreeHash(int64(size), hashes)
	if err != nil {
		return ledger.Tip{}, fmt.Errorf("tip of %d events: %w", size, err)
	}
	return ledger.Tip{Instance: t.instance, Size: size, Hash: h}, nil
}

// Entry is an event with the proof that it stands among the ledger's first size events; there must be so many.
func (t *Tx) Entry(seq, size workflows.Seq) (ledger.Entry, error) {
	if seq == 0 || seq > size {
		return ledger.Entry{}, fmt.Errorf("event %d is not among the first %d", seq, size)
	}
	hashes, err := t.tree(size)
	if err != nil {
		return ledger.Entry{}, err
	}
	l, err := t.leaf(seq)
	if err != nil {
		return ledger.Entry{}, err
	}
	proof, err := tlog.ProveRecord(int64(size), int64(seq)-1, hashes)
	if err != nil {
		return ledger.Entry{}, fmt.Errorf("prove event %d: %w", seq, err)
	}
	return ledger.Entry{Text: string(l.text), Proof: proof}, nil
}

// Growth proves that the ledger's first size events, there must be so many, begin with its first older ones.
func (t *Tx) Growth(older, size workflows.Seq) (tlog.TreeProof, error) {
	if older > size {
		return nil, fmt.Errorf("%d events cannot begin with %d", size, older)
	}
	hashes, err := t.tree(size)
	if err != nil || older == 0 || older == size {
		return nil, err
	}
	proof, err := tlog.ProveTree(int64(size), int64(older), hashes)
	if err != nil {
		return nil, fmt.Errorf("prove growth from %d to %d events: %w", older, size, err)
	}
	return proof, nil
}
