package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// step is one event of the ledger with what is kept beside the ledger as of that event.
type step struct {
	ledger.Record
	event  workflows.Event
	unread error           // why there is no event
	fold   json.RawMessage // the cached fold of its stream at this event
	end    *kept           // set at the last event of its stream
}

// kept is the summary of a stream.
type kept struct {
	data json.RawMessage
	keys []string
	ok   bool // whether there is one
}

// stepBatch is how many steps are handed over at once.
const stepBatch = 256

// readSteps reads the ledger whole.
func readSteps(ctx context.Context, tx *storage.Tx, to chan<- []step) error {
	r := stepReader{tx, map[workflows.Stream]marks{}}
	var batch []step
	err := tx.Ledger(0, func(rec ledger.Record) (bool, error) {
		s, err := r.read(rec)
		if err != nil {
			return false, err
		}
		if batch = append(batch, s); len(batch) == stepBatch {
			to <- batch
			batch = nil
		}
		return true, ctx.Err()
	})
	to <- batch
	return err
}

type stepReader struct {
	tx    *storage.Tx
	marks map[workflows.Stream]marks
}

// marks is where a stream ends, and where a fold of it is kept.
type marks struct{ head, fold workflows.Revision }

func (r stepReader) read(rec ledger.Record) (s step, err error) {
	s = step{Record: rec}
	if rec.Stream == "" {
		s.event, s.unread = readLoose(rec)
		if a, ok := s.event.(ledger.Anchored); ok {
			s.unread = r.anchored(rec, a)
		}
		return s, nil
	}
	s.event, s.unread = decode(rec.Stream, rec.Kind, rec.Data)
	m, ok := r.marks[rec.Stream]
	if !ok {
		if m.head, err = r.tx.Head(rec.Stream); err != nil {
			return s, err
		}
		if m.fold, _, _, err = r.tx.Snapshot(rec.Stream, foldVersion); err != nil {
			return s, err
		}
		r.marks[rec.Stream] = m
	}
	if rec.Revision == m.fold {
		if _, s.fold, _, err = r.tx.Snapshot(rec.Stream, foldVersion); err != nil {
			return s, err
		}
	}
	if rec.Revision == m.head {
		s.end = &kept{}
		if s.end.data, s.end.ok, err = r.tx.Summary(rec.Stream); err == nil {
			s.end.keys, err = r.tx.SummaryKeys(rec.Stream)
		}
	}
	return s, err
}

// anchored holds a tip that was published to the ledger as it was then.
func (r stepReader) anchored(rec ledger.Record, a ledger.Anchored) error {
	if a.Size >= rec.Seq {
		return fmt.Errorf("it publishes the tip of %d events, and stands at %d", a.Size, rec.Seq)
	}
	tip, err := r.tx.Tip(a.Size)
	if err == nil && tip.Hash != a.Hash {
		err = fmt.Errorf("it publishes a tip of %d events that are not the first %d here", a.Size, a.Size)
	}
	return err
}

// readLoose reads an event that belongs to no stream.
func readLoose(r ledger.Record) (workflows.Event, error) {
	read, ok := loose[r.Kind]
	if !ok {
		return nil, fmt.Errorf("nobody here knows events of the kind %q", r.Kind)
	}
	e, err := read(r.Data)
	if err != nil {
		return nil, fmt.Errorf("event %q: %w", r.Kind, err)
	}
	return e, nil
}
