package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/storagetest"
)

func TestEngine(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) func() (storage.Engine, error) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "a.db")
		return func() (storage.Engine, error) { return Open(path, Options{Create: true}) }
	})
}

// made gives the path of a database that holds something.
func made(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	e := opened(t, path, Options{Create: true})
	for i := range 40 {
		put(t, e, fmt.Sprint(i), strings.Repeat("x", 500))
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func opened(t *testing.T, path string, o Options) *Engine {
	t.Helper()
	e, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func put(t *testing.T, e *Engine, k, v string) {
	t.Helper()
	if err := e.Update(t.Context(), putting(k, v)); err != nil {
		t.Fatal(err)
	}
}

func putting(k, v string) func(storage.Writer) error {
	return func(w storage.Writer) error { return w.Put([]byte(k), []byte(v)) }
}

// A failed commit is judged by what the file says.
func TestVerdict(t *testing.T) {
	e := opened(t, made(t), Options{})
	last := e.durable.Load()
	other := errors.New("file resize error: something else")
	for _, c := range []struct {
		number  uint64
		err     error
		unknown bool
		full    bool
	}{
		{last + 1, other, false, false},
		{last, other, true, false},
		{last + 1, &fs.PathError{Op: "write", Err: syscall.ENOSPC}, false, true},
		{last, &fs.PathError{Op: "write", Err: syscall.ENOSPC}, true, false},
		{last + 1, errors.New("file resize error: truncate: " + syscall.EFBIG.Error()), false, true},
		{last + 1, bolterrors.ErrMaxSizeReached, false, true},
		{last + 1, syscall.EIO, true, false},
		{last + 1, errors.New("file sync error: " + syscall.EIO.Error()), true, false},
		{last + 1, &storage.Unknown{Err: other}, true, false},
	} {
		err := e.verdict(c.number, c.err)
		if errors.As(err, new(*storage.Unknown)) != c.unknown || errors.Is(err, storage.ErrFull) != c.full || !strings.Contains(err.Error(), c.err.Error()) {
			t.Errorf("%d, %v: %v", c.number-last, c.err, err)
		}
	}
}

// What a reader saw before it was known to be on disk is not vouched for.
func TestViewWaits(t *testing.T) {
	e := opened(t, made(t), Options{})
	last := e.durable.Load()
	look := func() error { return e.View(t.Context(), func(storage.Reader) error { return nil }) }
	e.writing.Lock()
	e.durable.Store(last - 1) // as it is while the last commit is under way
	seen := make(chan error, 1)
	go func() { seen <- look() }()
	select {
	case err := <-seen:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	e.durable.Store(last)
	e.writing.Unlock()
	if err := <-seen; err != nil {
		t.Errorf("the commit came to a good end, and the view answers %v", err)
	}
	e.durable.Store(last - 1)
	if err := look(); !errors.As(err, new(*storage.Unknown)) {
		t.Errorf("nobody knows of the commit, and the view answers %v", err)
	}
	e.durable.Store(last)
}

// A page that points beyond the file stops the transaction, not the program.
func TestBadPage(t *testing.T) {
	path := made(t)
	e := opened(t, path, Options{})
	err := e.View(t.Context(), func(r storage.Reader) error {
		if err := os.Truncate(path, 2*4096); err != nil {
			t.Fatal(err)
		}
		for i := range 40 {
			if _, err := r.Get([]byte(fmt.Sprint(i))); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		t.Error("pages that do not exist were read")
	}
}

// A file that is cut to nothing while it is open is refused from then on, by reading, writing and backing up, and
// nobody waits for ever.
func TestCutWhileOpen(t *testing.T) {
	path := made(t)
	e, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		for range 2 {
			for name, err := range map[string]error{
				"view":   e.View(t.Context(), func(storage.Reader) error { return nil }),
				"update": e.Update(t.Context(), putting("a", "1")),
				"backup": func() error { _, err := e.Backup(t.Context(), nil); return err }(),
				"check":  e.Check(t.Context()),
			} {
				if !errors.As(err, new(*storage.Unknown)) || !errors.Is(err, errLost) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for ever")
	}
	if _, err := Open(path, Options{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("%v", err)
	}
}
