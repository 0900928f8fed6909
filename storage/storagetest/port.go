package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
)

var portTests = map[string]func(*testing.T, *place){
	"a write is seen inside and after":        portWrite,
	"a failed update did nothing":             portFail,
	"a panicking update did nothing":          portPanic,
	"keys and values are copied":              portCopy,
	"a scan keeps order and bounds":           portScan,
	"a scan may read and stops when told":     portNested,
	"a view stays as it began":                portSnapshot,
	"a cancelled context begins nothing":      portCancelled,
	"what was committed is there after close": portReopen,
	"a large batch of keys keeps its order":   portMany,
}

func engine(t *testing.T, p *place) storage.Engine {
	t.Helper()
	e := p.start(t)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func putAll(t *testing.T, e storage.Engine, keys ...string) {
	t.Helper()
	err := e.Update(t.Context(), func(w storage.Writer) error {
		for _, k := range keys {
			if err := w.Put([]byte(k), []byte("="+k)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keysIn lists what a scan of e gives, and checks the values that putAll wrote.
func keysIn(t *testing.T, e storage.Engine, r storage.Range) (keys []string) {
	t.Helper()
	err := e.View(t.Context(), func(rd storage.Reader) error {
		return rd.Scan(r, func(k, v []byte) (bool, error) {
			if string(v) != "="+string(k) {
				t.Errorf("%q holds %q", k, v)
			}
			keys = append(keys, string(k))
			return true, nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func portWrite(t *testing.T, p *place) {
	e := engine(t, p)
	err := e.Update(t.Context(), func(w storage.Writer) error {
		if err := w.Put([]byte("a"), []byte("=a")); err != nil {
			return err
		}
		if v, err := w.Get([]byte("a")); err != nil || string(v) != "=a" {
			t.Errorf("inside: %q, %v", v, err)
		}
		return errors.Join(w.Put([]byte("b"), nil), w.Delete([]byte("b")), w.Delete([]byte("never")))
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := keysIn(t, e, storage.Range{}); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("after: %q", got)
	}
	err = e.View(t.Context(), func(r storage.Reader) error {
		if v, err := r.Get([]byte("b")); v != nil || err != nil {
			t.Errorf("an absent key gives %q, %v", v, err)
		}
		return ErrInjected
	})
	if !errors.Is(err, ErrInjected) {
		t.Errorf("a view's error came back as %v", err)
	}
}

func portFail(t *testing.T, p *place) {
	e := engine(t, p)
	putAll(t, e, "a")
	err := e.Update(t.Context(), func(w storage.Writer) error {
		return errors.Join(w.Put([]byte("b"), []byte("=b")), w.Delete([]byte("a")), ErrInjected)
	})
	if !errors.Is(err, ErrInjected) {
		t.Errorf("an update's error came back as %v", err)
	}
	if got := keysIn(t, e, storage.Range{}); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("after: %q", got)
	}
}

func portPanic(t *testing.T, p *place) {
	e := engine(t, p)
	err := e.Update(t.Context(), func(w storage.Writer) error {
		_ = w.Put([]byte("a"), []byte("=a"))
		panic("at the disco")
	})
	if err == nil || !strings.Contains(err.Error(), "disco") {
		t.Errorf("the panic came back as %v", err)
	}
	putAll(t, e, "b")
	if got := keysIn(t, e, storage.Range{}); !cmp.Equal(got, []string{"b"}) {
		t.Errorf("after: %q", got)
	}
}

func portCopy(t *testing.T, p *place) {
	e := engine(t, p)
	err := e.Update(t.Context(), func(w storage.Writer) error {
		k, v := []byte("a"), []byte("=a")
		err := w.Put(k, v)
		k[0], v[1] = 'x', 'x'
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := keysIn(t, e, storage.Range{}); !cmp.Equal(got, []string{"a"}) {
		t.Errorf("after: %q", got)
	}
}

func portScan(t *testing.T, p *place) {
	e := engine(t, p)
	putAll(t, e, "b", "d", "a", "c", "b\x00", "b\xff", "\x00")
	all := []string{"\x00", "a", "b", "b\x00", "b\xff", "c", "d"}
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		{"", "", all},
		{"a", "", all[1:]},
		{"", "a", all[:1]},
		{"b", "c", all[2:5]},
		{"aa", "bb", all[2:4]},
		{"c", "c", nil},
		{"d", "b", nil},
		{"e", "", nil},
	} {
		r := storage.Range{From: []byte(c.from), To: []byte(c.to)}
		if c.to == "" {
			r.To = nil
		}
		if diff := cmp.Diff(c.want, keysIn(t, e, r)); diff != "" {
			t.Errorf("%q to %q (-want +got):\n%s", c.from, c.to, diff)
		}
		r.Reverse = true
		var back []string
		for _, k := range c.want {
			back = append([]string{k}, back...)
		}
		if diff := cmp.Diff(back, keysIn(t, e, r)); diff != "" {
			t.Errorf("%q to %q backwards (-want +got):\n%s", c.from, c.to, diff)
		}
	}
}

func portNested(t *testing.T, p *place) {
	e := engine(t, p)
	putAll(t, e, "a", "b", "c")
	var pairs []string
	err := e.View(t.Context(), func(r storage.Reader) error {
		return r.Scan(storage.Range{To: []byte("c")}, func(k, _ []byte) (bool, error) {
			return true, r.Scan(storage.Range{}, func(l, _ []byte) (bool, error) {
				v, err := r.Get(k)
				pairs = append(pairs, fmt.Sprintf("%s%s%s", k, l, v))
				return string(l) != "b", err
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"aa=a", "ab=a", "ba=b", "bb=b"}, pairs); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func portSnapshot(t *testing.T, p *place) {
	e := engine(t, p)
	putAll(t, e, "a")
	err := e.View(t.Context(), func(r storage.Reader) error {
		putAll(t, e, "b")
		return r.Scan(storage.Range{}, func(k, _ []byte) (bool, error) {
			if string(k) != "a" {
				t.Errorf("a view that began before sees %q", k)
			}
			return true, nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func portCancelled(t *testing.T, p *place) {
	e := engine(t, p)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	err := e.Update(gone, func(storage.Writer) error { t.Error("update ran"); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("update: %v", err)
	}
	err = e.View(gone, func(storage.Reader) error { t.Error("view ran"); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("view: %v", err)
	}
}

func portReopen(t *testing.T, p *place) {
	e := p.start(t)
	putAll(t, e, "a", "b")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := e.View(t.Context(), func(storage.Reader) error { return nil }); err == nil {
		t.Error("a closed engine serves views")
	}
	if err := e.Update(t.Context(), func(storage.Writer) error { return nil }); err == nil {
		t.Error("a closed engine takes updates")
	}
	if got := keysIn(t, engine(t, p), storage.Range{}); !cmp.Equal(got, []string{"a", "b"}) {
		t.Errorf("after: %q", got)
	}
}

func portMany(t *testing.T, p *place) {
	e := engine(t, p)
	var want []string
	for i := range 3000 {
		want = append(want, fmt.Sprintf("%08d", i*i))
	}
	putAll(t, e, want...)
	if diff := cmp.Diff(want, keysIn(t, e, storage.Range{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
