package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// session is one transaction's working set: states as they would be, events and effects not yet written. Nothing is
// written before flush, so a dry run and a question are the same work without its end.
type session struct {
	d       *Desk
	rules   *rules // in force from the beginning to the end
	tx      *storage.Tx
	ask     workflows.Ask
	now     time.Time // never before the ledger's last event
	zone    *time.Location
	book    *policy.Book
	actor   workflows.Actor
	found   workflows.Found // what was looked up, for the ask's own wish
	seq     workflows.Seq
	streams map[workflows.Stream]*working
	weight  int // of those streams that were only walked over
	order   []workflows.Recorded
	due     []storage.Delivery
	plan    string // digest of what the ask's own wish would do, and to what
	first   int    // how many of them come before the others
	told    []workflows.Told
}

// working is one stream within a session.
type working struct {
	before, after cached
}

// maxFollow bounds how far one act may lead through other rooms.
const maxFollow = 5

func (d *Desk) session(tx *storage.Tx, r *rules, a workflows.Ask) (*session, error) {
	seq, last, err := tx.Last()
	if err != nil {
		return nil, fmt.Errorf("tip of the ledger: %w", err)
	}
	s := &session{d: d, rules: r, tx: tx, ask: a, now: a.When, seq: seq, streams: map[workflows.Stream]*working{}}
	if last.After(s.now) {
		s.now = last
	}
	if s.book, err = r.book(tx); err != nil {
		return nil, err
	}
	s.zone = r.Week.Zone
	return s, nil
}

// on gives the working state of a stream.
func (s *session) on(stream workflows.Stream) (*working, error) {
	if w, ok := s.streams[stream]; ok {
		return w, nil
	}
	c, err := s.d.load(s.tx, stream, 0)
	if err != nil {
		return nil, err
	}
	w := &working{c, c}
	s.streams[stream] = w
	return w, nil
}

// glance gives the state of a stream to whoever walks over many: it is kept only while the cache will take it.
func (s *session) glance(stream workflows.Stream) (any, error) {
	if w, ok := s.streams[stream]; ok {
		return w.after.state, nil
	}
	c, err := s.d.load(s.tx, stream, 0)
	if err == nil && s.d.cache.room(stream, c, s.weight) {
		s.streams[stream], s.weight = &working{c, c}, s.weight+c.weight()
	}
	return c.state, err
}

// record folds events into a stream and works out whom they tell and what follows from them.
func (s *session) record(stream workflows.Stream, events []workflows.Event, by workflows.Actor, depth int) error {
	w, err := s.on(stream)
	if err != nil {
		return err
	}
	room := rooms[stream.Room()]
	var fresh []workflows.Recorded
	for _, e := range events {
		s.seq++
		r := workflows.Recorded{Event: e, Header: workflows.Header{Seq: s.seq, Stream: stream, Revision: w.after.rev + 1, At: s.now,
			By: by, As: s.ask.As, Ask: s.ask.ID, Policy: s.book.Hash, Template: s.template(stream)}}
		w.after.rev, w.after.state = r.Revision, room.evolve(w.after.state, r)
		s.order = append(s.order, r)
		fresh = append(fresh, r)
	}
	for _, r := range fresh {
		for _, effect := range room.tell(w.after.state, r) {
			if err := s.tell(r, effect); err != nil {
				return err
			}
		}
	}
	for _, r := range fresh {
		if err := s.follow(r, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// template is the revision of the template of the release that a stream belongs to.
func (s *session) template(stream workflows.Stream) string {
	r, err := s.releaseOf(stream)
	if err != nil {
		return ""
	}
	return r.Revision
}

// flush writes what the session decided.
func (s *session) flush() error {
	for _, r := range s.order {
		rec, err := stored(r)
		if err != nil {
			return err
		}
		got, err := s.tx.Append(rec)
		if err != nil {
			return fmt.Errorf("append %s: %w", r.Event.Kind(), err)
		}
		if got.Seq != r.Seq || got.Revision != r.Revision || !got.At.Equal(r.At) {
			return fmt.Errorf("append %s: the store numbered it %d/%d, decided as %d/%d", r.Event.Kind(), got.Seq, got.Revision, r.Seq, r.Revision)
		}
		if r.Stream != "" {
			s.streams[r.Stream].after.text += len(rec.Data)
		}
		if err := errors.Join(s.listAnchor(r), s.listSite(r)); err != nil {
			return err
		}
	}
	for stream, w := range s.streams {
		if w.after.rev == w.before.rev {
			continue
		}
		if err := s.summarise(stream, w); err != nil {
			return err
		}
	}
	for _, d := range s.due {
		if err := s.tx.Enqueue(d); err != nil {
			return fmt.Errorf("enqueue %s: %w", d.What, err)
		}
	}
	return nil
}

// snapshotEvery is how many events apart a long stream keeps a fold.
const snapshotEvery = 64

func (s *session) summarise(stream workflows.Stream, w *working) error {
	if err := s.relist(stream, w); err != nil {
		return err
	}
	sum := rooms[stream.Room()].summary(w.after.state)
	data, err := json.Marshal(sum.Data)
	if err != nil {
		return fmt.Errorf("summary of %s: %w", stream, err)
	}
	if err := s.tx.PutSummary(stream, sum.Keys, data); err != nil {
		return fmt.Errorf("summary of %s: %w", stream, err)
	}
	if w.after.rev/snapshotEvery == w.before.rev/snapshotEvery {
		return nil
	}
	state, err := json.Marshal(w.after.state)
	if err != nil {
		return fmt.Errorf("snapshot of %s: %w", stream, err)
	}
	w.after.text = len(state)
	return s.tx.PutSnapshot(stream, w.after.rev, foldVersion, state)
}

// publish makes the committed states known to readers.
func (s *session) publish() {
	for stream, w := range s.streams {
		s.d.cache.put(stream, w.after)
	}
}
