package storagetest

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// A store whose keys somebody else changed is noticed, not believed.

// tamper changes what the engine holds, past the store.
func tamper(t *testing.T, p *place, fn func(storage.Writer) error) {
	t.Helper()
	if err := p.engine.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// keysOf lists the keys of one table; without a letter, of all.
func keysOf(t *testing.T, p *place, letter byte) (keys [][]byte) {
	t.Helper()
	in := storage.Range{From: []byte{letter}, To: []byte{letter + 1}}
	if letter == 0 {
		in = storage.Range{}
	}
	err := p.engine.View(t.Context(), func(r storage.Reader) error {
		return r.Scan(in, func(k, _ []byte) (bool, error) {
			keys = append(keys, append([]byte(nil), k...))
			return true, nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func readAll(t *testing.T, s *storage.Store) error {
	none := func(ledger.Record) (bool, error) { return true, nil }
	return s.View(t.Context(), func(tx *storage.Tx) error {
		return errors.Join(tx.Ledger(0, none), tx.Events("a/x", 0, none))
	})
}

func ledgerMoved(t *testing.T, p *place) {
	s := testStore(t, p)
	appendAll(t, s, 1, "a/x", "a/x")
	if err := readAll(t, s); err != nil {
		t.Fatal(err)
	}
	keys := keysOf(t, p, 'e')
	tamper(t, p, func(w storage.Writer) error {
		first, err := w.Get(keys[0])
		return errors.Join(err, w.Put(keys[1], append([]byte{}, first...)))
	})
	var bad *storage.Damaged
	if err := readAll(t, s); !errors.As(err, &bad) {
		t.Errorf("reading gives %v", err)
	}
}

func ledgerGap(t *testing.T, p *place) {
	s := testStore(t, p)
	appendAll(t, s, 1, "a/x", "a/x", "a/x")
	for _, letter := range []byte{'e', 's'} {
		var was []byte
		k := keysOf(t, p, letter)[1]
		tamper(t, p, func(w storage.Writer) (err error) {
			v, err := w.Get(k)
			was = append([]byte(nil), v...)
			return errors.Join(err, w.Delete(k))
		})
		err := readAll(t, s)
		if letter == 'e' {
			err = s.View(t.Context(), func(tx *storage.Tx) error {
				return tx.Ledger(0, func(ledger.Record) (bool, error) { return true, nil })
			})
		}
		if !errors.As(err, new(*storage.Damaged)) {
			t.Errorf("without %q, reading gives %v", k, err)
		}
		if _, _, err := last(t, s); !errors.As(err, new(*storage.Damaged)) {
			t.Errorf("whoever met the damage, others go on: %v", err)
		}
		tamper(t, p, func(w storage.Writer) error { return w.Put(k, was) })
		s = p.begin(t)
	}
	if err := readAll(t, s); err != nil {
		t.Error(err)
	}
}

func storeIdentity(t *testing.T, p *place) {
	e := p.start(t)
	s, err := storage.Open(t.Context(), e, storage.Options{Random: strings.NewReader(strings.Repeat("0123456789abcdef", 2))})
	if err != nil {
		t.Fatal(err)
	}
	if s.Instance() != "30313233343536373839616263646566" {
		t.Errorf("it is %q", s.Instance())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := p.begin(t)
	defer p.end(t)
	if again.Instance() != s.Instance() {
		t.Errorf("it was %q and is %q", s.Instance(), again.Instance())
	}
	if p.engine.Commits() != 0 {
		t.Error("opening what is there wrote to it")
	}
	_, err = storage.Open(t.Context(), p.engine, storage.Options{Random: strings.NewReader("short")})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without enough randomness: %v", err)
	}
}

func storeHeadless(t *testing.T, p *place) {
	s := testStore(t, p)
	appendAll(t, s, 1, "a/x")
	tamper(t, p, func(w storage.Writer) error { return w.Delete([]byte("m")) })
	var bad *storage.Damaged
	if _, err := storage.Open(t.Context(), p.engine, storage.Options{}); !errors.As(err, &bad) {
		t.Errorf("opening gives %v", err)
	}
}
