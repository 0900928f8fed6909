package storagetest

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/readyroom/readyroom/storage"
)

// What a caller does to itself is nobody else's harm.

func commitPanic(t *testing.T, p *place) {
	c := newCrowd(t, p)
	c.join(t.Context(), counted)
	c.join(t.Context(), func(tx *storage.Tx) error { _ = counted(tx); panic("at the disco") })
	c.join(t.Context(), counted)
	errs := c.finish()
	if errs[0] != nil || errs[2] != nil || errs[1] == nil || !strings.Contains(errs[1].Error(), "disco") {
		t.Errorf("answers: %v", errs)
	}
	if n := next(t, c.s); n != 3 {
		t.Errorf("the counter goes on with %d", n)
	}
}

func commitGoexit(t *testing.T, p *place) {
	c := newCrowd(t, p)
	c.join(t.Context(), func(*storage.Tx) error { runtime.Goexit(); return nil })
	c.join(t.Context(), counted)
	for i, err := range c.finish() {
		if err == nil {
			t.Errorf("caller %d was told that it is done", i)
		}
	}
	if n := next(t, c.s); n != 1 {
		t.Errorf("the counter goes on with %d", n)
	}
}

func commitLeave(t *testing.T, p *place) {
	c := newCrowd(t, p)
	gone, cancel := context.WithCancel(t.Context())
	c.join(t.Context(), counted)
	c.join(gone, func(*storage.Tx) error { t.Error("it ran"); return nil })
	c.join(t.Context(), counted)
	cancel()
	synctest.Wait()
	if !errors.Is(c.errs[2], context.Canceled) {
		t.Errorf("it did not leave: %v", c.errs[2])
	}
	if errs := c.finish(); errs[0] != nil || errs[2] != nil {
		t.Errorf("answers: %v", errs)
	}
	if n := next(t, c.s); n != 3 {
		t.Errorf("the counter goes on with %d", n)
	}
}

func commitStays(t *testing.T, p *place) {
	c := newCrowd(t, p)
	gone, cancel := context.WithCancel(t.Context())
	c.join(t.Context(), counted) // leads
	c.join(gone, func(tx *storage.Tx) error { cancel(); synctest.Wait(); return counted(tx) })
	c.join(gone, func(*storage.Tx) error { t.Error("one who would have left ran"); return nil })
	if errs := c.finish(); errs[1] != nil || !errors.Is(errs[2], context.Canceled) {
		t.Errorf("answers: %v", errs)
	}
	if n := next(t, c.s); n != 3 {
		t.Errorf("the counter goes on with %d", n)
	}
}
