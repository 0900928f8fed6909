package storagetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/readyroom/readyroom/storage"
)

// What becomes of callers whose commit fails, is unknown, or runs again.

func commitFails(t *testing.T, p *place) {
	c := newCrowd(t, p)
	no := errors.New("no")
	c.join(t.Context(), counted)
	c.join(t.Context(), func(*storage.Tx) error { return no })
	c.join(t.Context(), func(*storage.Tx) error { return &storage.Declined{Err: no, Write: counted} })
	p.engine.Fail(ErrInjected)
	for i, err := range c.finish() {
		if !errors.Is(err, ErrInjected) || errors.Is(err, no) {
			t.Errorf("caller %d: %v", i, err)
		}
	}
	if n := next(t, c.s); n != 1 {
		t.Errorf("the counter goes on with %d", n)
	}
}

func commitUnknown(t *testing.T, p *place) {
	for i, happened := range []bool{true, false} {
		s := p.begin(t)
		p.engine.Lose(happened)
		before := s.Moved()
		var u *storage.Unknown
		during := s.View(t.Context(), func(*storage.Tx) error {
			if err := s.Update(t.Context(), counted); !errors.As(err, &u) {
				t.Fatalf("the lost commit answers %v", err)
			}
			return nil
		})
		if !errors.As(during, &u) {
			t.Errorf("a view beside the lost commit answers %v", during)
		}
		if err := s.Update(t.Context(), counted); !errors.As(err, &u) {
			t.Errorf("a poisoned store takes updates: %v", err)
		}
		if err := s.View(t.Context(), func(*storage.Tx) error { return nil }); !errors.As(err, &u) {
			t.Errorf("a poisoned store serves views: %v", err)
		}
		if before != s.Moved() {
			t.Error("followers were woken")
		}
		if n := next(t, p.begin(t)); n != 2 { // the first round happened, the second did not
			t.Errorf("round %d: the counter goes on with %d", i, n)
		}
		p.end(t)
	}
}

func commitAgain(t *testing.T, p *place) {
	s := testStore(t, p)
	p.engine.Repeat()
	update(t, s, counted)
	if n := next(t, s); n != 2 {
		t.Errorf("the counter goes on with %d", n)
	}
	enqueue(t, s, tell("", 1, 1))
	p.engine.Repeat()
	expect(t, claims(claim(t, s, 1)), "1")
}

func commitFull(t *testing.T, p *place) {
	s := testStore(t, p)
	p.engine.Fail(fmt.Errorf("commit: %w", storage.ErrFull))
	if err := s.Update(t.Context(), counted); !errors.Is(err, storage.ErrFull) {
		t.Errorf("answer: %v", err)
	}
	update(t, s, counted)
	if n := next(t, s); n != 2 {
		t.Errorf("the counter goes on with %d", n)
	}
}
