package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/readyroom/readyroom/storage"
)

// alien is a bbolt database of somebody else.
func alien(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return readFile(t, path)
}

// What is no whole database of ours is refused in words, left as it is, and not kept locked.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	whole := readFile(t, made(t))
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"no file":                    {nil, ErrMissing},
		"an empty file":              {[]byte{}, ErrEmpty},
		"a short text":               {[]byte("dear diary\n"), ErrForeign},
		"a text":                     {[]byte(strings.Repeat("dear diary\n", 5000)), ErrForeign},
		"zeros":                      {make([]byte, 1<<16), ErrForeign},
		"another program's database": {alien(t), ErrForeign},
		"a few bytes":                {whole[:100], ErrTruncated},
		"the first page alone":       {whole[:pageSize()], ErrTruncated},
		"bad pages behind good ones": {append(append([]byte{}, whole[:2*pageSize()]...), make([]byte, len(whole)-2*pageSize())...), ErrDamaged},
		"both first pages damaged":   {append([]byte(strings.Repeat(string(whole[:24])+strings.Repeat("?", pageSize()-24), 2)), whole[2*pageSize():]...), ErrDamaged},
	} {
		for how, open := range map[string]func(string) (*Engine, error){
			"to write":         func(path string) (*Engine, error) { return Open(path, Options{}) },
			"to make or write": func(path string) (*Engine, error) { return Open(path, Options{Create: c.file != nil}) },
			"to read":          OpenReadOnly,
		} {
			t.Run(name+" "+how, func(t *testing.T) { refusedAs(t, c.file, c.want, open) })
		}
	}
}

func refusedAs(t *testing.T, file []byte, want error, open func(string) (*Engine, error)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	if file != nil {
		writeFile(t, path, file)
	}
	for range 2 { // the second time shows whether the first let go of the lock
		e, err := open(path)
		if err == nil {
			_ = e.Check(t.Context())
			_ = e.Close()
			t.Fatal("it was opened")
		}
		if !errors.Is(err, want) || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "goroutine") {
			t.Errorf("%v", err)
		}
	}
	if after, err := os.ReadFile(path); file == nil && !errors.Is(err, fs.ErrNotExist) || string(after) != string(file) {
		t.Errorf("refusing changed the file: %v", err)
	}
}

func TestOpenFolder(t *testing.T) {
	if _, err := Open(t.TempDir(), Options{Create: true}); !errors.Is(err, ErrForeign) {
		t.Errorf("%v", err)
	}
}

// A file that was cut is refused wherever that took away a page in use, and is whole where it did not.
func TestTruncated(t *testing.T) {
	t.Parallel()
	whole := readFile(t, full(t))
	path := filepath.Join(t.TempDir(), "a.db")
	writeFile(t, path, whole)
	base, _, found := look(t.Context(), path)
	used, ours := wantedOf(path)
	if found != "" || !ours || used >= int64(len(whole)) {
		t.Fatalf("found by %q, %d of %d bytes in use", found, used, len(whole))
	}
	for size := int64(4096); size < used+8*4096; size += 4096 {
		writeFile(t, path, whole[:size])
		if size >= used {
			if b, _, found := look(t.Context(), path); found != "" || b.String() != base.String() {
				t.Errorf("%d of %d bytes: found by %q", size, used, found)
			}
			continue
		}
		_, err := Open(path, Options{})
		_, rerr := OpenReadOnly(path)
		for _, err := range []error{err, rerr} {
			if !errors.Is(err, ErrTruncated) || !strings.Contains(err.Error(), fmt.Sprintf("%d bytes and should have", size)) {
				t.Errorf("%d of %d bytes: %v", size, used, err)
			}
		}
	}
}

// A file that is only older is opened: what it lacks is for those to say who know how far the ledger went.
func TestOlder(t *testing.T) {
	path := full(t)
	old := readFile(t, path)
	s, _, err := openStore(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Update(t.Context(), act(asks, 10)), s.Close()); err != nil {
		t.Fatal(err)
	}
	now, _, found := look(t.Context(), path)
	writeFile(t, path, old)
	then, _, foundOld := look(t.Context(), path)
	if found+foundOld != "" || then.last+1 != now.last {
		t.Errorf("found by %q and %q", found, foundOld)
	}
}

// Several may look at once, and none may write meanwhile.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := made(t)
	before := readFile(t, path)
	for range 2 {
		e, err := OpenReadOnly(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Close() })
		if err := e.Update(t.Context(), putting("a", "1")); err == nil {
			t.Error("it was written to")
		}
		if all, err := rows(t.Context(), e); err != nil || len(all) != 40 {
			t.Errorf("%d rows, %v", len(all), err)
		}
		if err := e.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if _, err := Open(path, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("to write: %v", err)
	}
	if string(readFile(t, path)) != string(before) {
		t.Error("reading changed the file")
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
	if all, err := rows(t.Context(), e); err != nil || all["a"] != "1" {
		t.Errorf("what was there is gone: %q, %v", all, err)
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

// A store that may not grow refuses, is read all the same, and has room again once it may.
func TestMaxSize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	big := func(i int) func(storage.Writer) error {
		return putting(fmt.Sprint("big", i), strings.Repeat("x", 256<<10))
	}
	e := opened(t, path, Options{Create: true, MaxSize: 4 << 20})
	put(t, e, "a", "1")
	n := 0
	err := error(nil)
	for ; err == nil && n < 100; n++ {
		err = e.Update(t.Context(), big(n))
	}
	if !errors.Is(err, storage.ErrFull) || errors.As(err, new(*storage.Unknown)) {
		t.Fatalf("%v", err)
	}
	if all, err := rows(t.Context(), e); err != nil || len(all) != n {
		t.Errorf("%d rows after %d were written, %v", len(all), n, err)
	}
	put(t, e, "a", "2")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = opened(t, path, Options{MaxSize: 8 << 20})
	if err := e.Update(t.Context(), big(n)); err != nil {
		t.Error(err)
	}
	if err := e.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
