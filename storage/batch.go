package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/readyroom/readyroom/storage/internal/tree"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// Declined is the error of a function whose own writes are dropped while something else is written for it in the same
// commit: the ledger's line of a refusal, the answer to its ask. Update then answers Err, once Write is durable.
// Without Write nothing is written; without Err either, Update answers nil: a dry run.
type Declined struct {
	Err   error
	Write func(*Tx) error
}

func (d *Declined) Error() string {
	if d.Err == nil {
		return "declined"
	}
	return d.Err.Error()
}

func (d *Declined) Unwrap() error { return d.Err }

var (
	errNothing   = errors.New("nothing to write")
	errAbandoned = errors.New("commit was abandoned")
)

// commit carries out a batch in one transaction of the engine.
func (s *Store) commit(ctx context.Context, batch []*member) error {
	if err := s.poisoned(); err != nil {
		return err
	}
	var tip ledger.Tip
	err := s.engine.Update(ctx, func(w Writer) error {
		over, grown := tree.Map[[]byte]{}, false
		for _, m := range batch {
			over = s.perform(m, w, over)
			grown = grown || m.grown
		}
		if over.IsEmpty() {
			return errNothing
		}
		var err error
		if tip, err = s.tipOver(w, over, grown); err != nil {
			return err
		}
		s.at(BeforeCommit)
		return flush(w, over)
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	if err != nil {
		s.poison(err)
		return err
	}
	s.at(AfterCommit)
	if !tip.IsZero() {
		s.options.Tip(tip)
		s.at(AfterTip)
	}
	return nil
}

// tipOver is the tip as a batch leaves it; zero when the ledger did not grow or nobody asks.
func (s *Store) tipOver(w Writer, over tree.Map[[]byte], grown bool) (ledger.Tip, error) {
	if !grown || s.options.Tip == nil {
		return ledger.Tip{}, nil
	}
	t := &Tx{base: w, over: over, instance: s.instance}
	size, _, err := t.Last()
	if err != nil {
		return ledger.Tip{}, err
	}
	return t.Tip(size)
}

func (s *Store) at(point string) {
	if s.options.At != nil {
		s.options.At(point)
	}
}

// perform runs one member's function over what the batch wrote so far, and gives what it wrote by then.
func (s *Store) perform(m *member, w Writer, over tree.Map[[]byte]) tree.Map[[]byte] {
	m.moved, m.grown = false, false
	if m.err = m.ctx.Err(); m.err != nil {
		return over
	}
	t := &Tx{base: w, over: over, instance: s.instance, writable: true}
	err := t.run(m.fn)
	m.err = err
	s.distrust(err)
	if d := (*Declined)(nil); errors.As(err, &d) {
		m.err = d.Err
		if d.Write == nil {
			return over
		}
		t = &Tx{base: w, over: over, instance: s.instance, writable: true}
		if err = t.run(d.Write); err != nil {
			m.err = fmt.Errorf("write for a refusal: %w", err)
		}
	}
	if err != nil {
		return over
	}
	m.moved, m.grown = t.moved, t.grown
	return t.over
}

// flush writes an overlay to the engine.
func flush(w Writer, over tree.Map[[]byte]) error {
	entries := over.Between(nil, nil, false)
	for k, frame, ok := entries.Next(); ok; k, frame, ok = entries.Next() {
		var err error
		if frame == nil {
			err = w.Delete([]byte(k))
		} else {
			err = w.Put([]byte(k), frame)
		}
		if err != nil {
			return fmt.Errorf("write %q: %w", k, err)
		}
	}
	return nil
}
