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

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
	"go.uber.org/goleak"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/storagetest"
)

// TestMain is also the child that tests start to break under it; see child_test.go.
func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		os.Exit(child(path))
	}
	goleak.VerifyTestMain(m)
}

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

func TestOpenRefuses(t *testing.T) {
	path := made(t)
	used := 0
	if err := opened(t, path, Options{}).db.View(func(tx *bbolt.Tx) error { used = int(tx.Size()); return nil }); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		o    Options
		want error
	}{
		"no file":                      {nil, Options{}, ErrMissing},
		"an empty file":                {[]byte{}, Options{}, ErrEmpty},
		"an empty file, even to make":  {[]byte{}, Options{Create: true}, ErrEmpty},
		"a text":                       {[]byte(strings.Repeat("dear diary\n", 5000)), Options{}, bolterrors.ErrInvalid},
		"a file without its end":       {whole[:3*4096], Options{}, nil},
		"a file without its last page": {whole[:used-4096], Options{}, nil},
		"a few bytes":                  {whole[:100], Options{}, nil},
		"bad pages behind a good one":  {append(append([]byte{}, whole[:2*4096]...), make([]byte, len(whole)-2*4096)...), Options{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			if c.file != nil {
				if err := os.WriteFile(path, c.file, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // the second time shows whether the first let go of the lock
				e, err := Open(path, c.o)
				if err == nil {
					_ = e.Close()
					t.Fatal("it was opened")
				}
				if !strings.Contains(err.Error(), path) || errors.Is(err, ErrLocked) || c.want != nil && !errors.Is(err, c.want) {
					t.Errorf("%v", err)
				}
			}
			after, err := os.ReadFile(path)
			if c.file == nil && !errors.Is(err, fs.ErrNotExist) || c.file != nil && string(after) != string(c.file) {
				t.Errorf("refusing changed the file: %v", err)
			}
		})
	}
}

func TestOpenNotOurs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), "not Readyroom's") {
		t.Errorf("%v", err)
	}
}

func TestOpenLocked(t *testing.T) {
	path := made(t)
	opened(t, path, Options{})
	start := time.Now()
	_, err := Open(path, Options{})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), path) || time.Since(start) > 2*lockWait {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	e := opened(t, path, Options{Create: true})
	put(t, e, "a", "1")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := create(path); err != nil { // a second process that began to make it
		t.Fatal(err)
	}
	e = opened(t, path, Options{Create: true})
	err := e.View(t.Context(), func(r storage.Reader) error {
		if v, _ := r.Get([]byte("a")); string(v) != "1" {
			t.Errorf("what was there is gone: %q", v)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	hidden, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if err != nil || len(files) != 1 || len(hidden) != 0 {
		t.Errorf("left beside it: %q %q", files, hidden)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestMaxSize(t *testing.T) {
	e := opened(t, filepath.Join(t.TempDir(), "a.db"), Options{Create: true, MaxSize: 4 << 20})
	put(t, e, "a", "1")
	err := error(nil)
	for i := 0; err == nil && i < 100; i++ {
		err = e.Update(t.Context(), putting(fmt.Sprint("big", i), strings.Repeat("x", 256<<10)))
	}
	if !errors.Is(err, storage.ErrFull) || errors.As(err, new(*storage.Unknown)) {
		t.Fatalf("%v", err)
	}
	put(t, e, "a", "2")
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
