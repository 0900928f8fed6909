package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/reading"
	"github.com/readyroom/readyroom/workflows/release"
)

// Verify reads the ledger once, in order, and holds what it says to itself: every event can be read, every summary and
// every cached fold is what the events give, and whatever was let through had to be, by the ledger alone. Each thing
// that is not so is told to wrong: of what, and why, in words for an auditor. It counts the releases it read.
//
// Nothing may write to the store meanwhile. Records that are damaged (see storage's own Verify) end it with an error.
func Verify(ctx context.Context, s *storage.Store, wrong func(key, why string)) (releases int, err error) {
	v := &verification{wrong: wrong, streams: map[workflows.Stream]*history{}}
	err = s.View(ctx, func(tx *storage.Tx) error {
		codes, err := codesOf(tx)
		if err != nil {
			return err
		}
		v.reading = reading.New(codes, func(h workflows.Header, why string) { wrong(nameOf(h), why) })
		if err := v.walk(ctx, tx); err != nil {
			return err
		}
		return v.leftOver(tx)
	})
	if err != nil {
		return 0, fmt.Errorf("read the ledger again: %w", err)
	}
	return v.reading.Releases(), nil
}

// verification is one run of Verify.
type verification struct {
	wrong   func(key, why string)
	reading *reading.Reading
	streams map[workflows.Stream]*history
	without []workflows.Stream // of what stands beside releases, those whose events have no summary
}

// history is one stream as far as it was read. Its state is let go at its end: only those under way take memory.
type history struct {
	state any
	lost  bool // an event of it could not be read or folded
}

// walk judges the events while the next ones are read from the store.
func (v *verification) walk(ctx context.Context, tx *storage.Tx) error {
	steps := make(chan []step, 4)
	var judged sync.WaitGroup
	judged.Go(func() {
		for batch := range steps {
			for _, s := range batch {
				v.take(s)
			}
		}
	})
	defer judged.Wait()
	defer close(steps)
	return readSteps(ctx, tx, steps)
}

// take judges the next event.
func (v *verification) take(s step) {
	v.reading.Header(s.Record)
	if s.unread == nil {
		s.unread = v.follow(s)
	}
	if s.unread != nil {
		v.wrong(nameOf(s.Header), "it cannot be read: "+s.unread.Error())
	}
	if s.Stream == "" {
		return
	}
	h := v.history(s.Stream)
	h.lost = h.lost || s.unread != nil
	if s.fold != nil {
		v.snapshot(s, h)
	}
	if s.end != nil {
		v.summary(s, h)
		v.reading.End(s.Stream)
		h.state = nil
	}
}

// follow takes the reading and the fold one event further. What was never decided may break them off.
func (v *verification) follow(s step) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("nothing follows from it where it stands: %v", p)
		}
	}()
	e := workflows.Recorded{Header: s.Header, Event: s.event}
	v.reading.Take(e)
	if s.Stream != "" {
		v.history(s.Stream).fold(e)
	}
	return nil
}

func (h *history) fold(e workflows.Recorded) {
	if r, ok := h.state.(release.Release); ok { // the long ones
		h.state = release.EvolveOwn(r, e)
		return
	}
	h.state = rooms[e.Stream.Room()].evolve(h.state, e)
}

func (v *verification) history(stream workflows.Stream) *history {
	h := v.streams[stream]
	if h == nil {
		h = &history{state: rooms[stream.Room()].zero}
		v.streams[stream] = h
	}
	return h
}

// nameOf says for people which event is meant.
func nameOf(h workflows.Header) string {
	if h.Stream == "" {
		return fmt.Sprintf("event %d", h.Seq)
	}
	return fmt.Sprintf("%s, event %d", nameOfStream(h.Stream), h.Seq)
}

func nameOfStream(s workflows.Stream) string {
	switch room := s.Room(); {
	case room == release.Room:
		return s.ID()
	case slices.Contains(beside, room):
		return fmt.Sprintf("%s of %s", room, s.ID())
	default:
		return room + " " + s.ID()
	}
}
