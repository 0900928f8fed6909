package storage

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// subtree is a complete part of the ledger's tree. One that a lost event is in has no hash, until a later event is
// found to keep it: so one finding stands for one loss, and what comes behind it is verified all the same.
type subtree struct {
	hash tlog.Hash
	lost bool
}

// event checks the next event of the ledger.
func (v *verifier) event(k, frame []byte) error {
	f := fieldsOf(k)
	seq := workflows.Seq(f.number())
	if next := v.report.Tip.Size + 1; seq < next || !bytes.Equal(k, eventKey(seq).bytes) {
		return errors.New("no event stands there")
	} else if seq > next {
		v.wrong(k, "%d to %d are missing before it", next, seq-1)
		v.skip(seq - 1)
	}
	v.report.Tip.Size = seq
	l, err := unwrap(k, frame)
	v.grow(l, err != nil)
	if err == nil {
		err = v.text(l)
	}
	v.hold()
	return err
}

// text checks what an event says.
func (v *verifier) text(l leaf) error {
	r, err := l.record()
	if err != nil {
		return err
	}
	switch text, err := r.Text(); {
	case r.Seq != v.report.Tip.Size:
		return fmt.Errorf("it says that it is event %d", r.Seq)
	case err != nil || !bytes.Equal(text, l.text):
		return errors.New("it is not written as this program writes it")
	case r.At.Before(v.report.At):
		return fmt.Errorf("it is of %s, before the event before it", r.At)
	}
	v.report.At = r.At
	return v.inStream(r)
}

// inStream checks that an event is the next of its stream and that the stream's index leads to it.
func (v *verifier) inStream(r ledger.Record) error {
	if r.Stream == "" && r.Revision == 0 {
		if at, err := v.get(looseKey(r.Seq)); err != nil || at == nil {
			return errors.New("it is not found among the events without a stream")
		}
		return nil
	}
	next := v.heads[r.Stream] + 1
	v.heads[r.Stream] = r.Revision // so that one gap is one finding
	if r.Stream == "" || r.Revision != next {
		return fmt.Errorf("it is revision %d of %q, and %d is next", r.Revision, r.Stream, next)
	}
	var seq workflows.Seq
	if ok, err := v.load(streamKey(r.Stream).number(uint64(r.Revision)), &seq); err != nil || !ok || seq != r.Seq {
		return fmt.Errorf("revision %d of %s leads to event %d", r.Revision, r.Stream, seq)
	}
	return nil
}

// entry checks that an entry of a stream's index leads to one of the events that were seen; they checked that it is
// to themselves.
func (v *verifier) entry(k, frame []byte) error {
	f := fieldsOf(k)
	stream, rev := workflows.Stream(f.text()), workflows.Revision(f.number())
	if stream == "" {
		return v.loose(k, frame, workflows.Seq(rev))
	}
	if rev == 0 || rev > v.heads[stream] || !bytes.Equal(k, streamKey(stream).number(uint64(rev)).bytes) {
		return errors.New("the ledger has no such event")
	}
	_, err := unseal(k, frame)
	return err
}

// loose checks that an entry of the index of events without a stream leads to one.
func (v *verifier) loose(k, frame []byte, seq workflows.Seq) error {
	l, err := v.leaf(seq)
	if err != nil || !bytes.Equal(k, looseKey(seq).bytes) {
		return errors.New("the ledger has no such event")
	}
	if r, err := l.record(); err != nil || r.Stream != "" {
		return fmt.Errorf("event %d is not without a stream", seq)
	}
	_, err = unseal(k, frame)
	return err
}

// grow adds an event to the tree, and compares the hashes that its row keeps.
func (v *verifier) grow(l leaf, lost bool) {
	size := uint64(v.report.Tip.Size)
	node, height := subtree{lost: lost}, 0
	if !lost {
		node.hash = tlog.RecordHash(l.text)
	}
	for ; size>>height&1 == 0; height++ {
		left := v.roots[len(v.roots)-1]
		v.roots = v.roots[:len(v.roots)-1]
		node = subtree{tlog.NodeHash(left.hash, node.hash), left.lost || node.lost}
		kept, err := l.hash(height + 1)
		if err != nil {
			continue
		}
		if !node.lost && node.hash != kept {
			v.wrong(l.key, "the hash it keeps of the %d events up to it is not theirs", 2<<height)
		}
		node = subtree{hash: kept} // so that one change is one finding
	}
	v.roots = append(v.roots, node)
	if !lost && len(l.hashes) != height*tlog.HashSize {
		v.wrong(l.key, "it keeps %d bytes of hashes and completes %d trees", len(l.hashes), height)
	}
}

// skip grows the tree by lost events, up to a size.
func (v *verifier) skip(to workflows.Seq) {
	size := uint64(v.report.Tip.Size)
	same := bits.OnesCount64(size >> bits.Len64(size^uint64(to))) // subtrees that nothing is missing in
	v.roots = append(v.roots[:same:same], make([]subtree, bits.OnesCount64(uint64(to))-same)...)
	for i := same; i < len(v.roots); i++ {
		v.roots[i].lost = true
	}
}

// root is the hash of the tree so far; whole is false where it is lost.
func (v *verifier) root() (h tlog.Hash, whole bool) {
	if len(v.roots) == 0 {
		h, _ = tlog.TreeHash(0, nil) // reads nothing
		return h, true
	}
	node := v.roots[len(v.roots)-1]
	for i := len(v.roots) - 2; i >= 0; i-- {
		node = subtree{tlog.NodeHash(v.roots[i].hash, node.hash), v.roots[i].lost || node.lost}
	}
	return node.hash, !node.lost
}
