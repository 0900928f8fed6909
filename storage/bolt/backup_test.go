package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
)

// writerFunc is an io.Writer.
type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// A backup in the midst of writing holds all that was answered before it began, and is whole.
func TestBackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, e, err := openStore(t.Context(), filepath.Join(dir, "a.db"), Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := everything(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	for g := range 4 {
		wg.Go(func() {
			for i := 100 * (g + 1); ctx.Err() == nil; i++ {
				_ = s.Update(ctx, act(i, 2000))
			}
		})
	}
	for n := range 20 {
		before, err := s.Tip(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		size, err := e.Backup(t.Context(), &b)
		if err != nil || size != int64(b.Len()) {
			t.Fatalf("%d bytes of %d, %v", b.Len(), size, err)
		}
		copied := filepath.Join(dir, fmt.Sprint(n))
		writeFile(t, copied, b.Bytes())
		if b, _, found := look(t.Context(), copied); found != "" || b.last < before.Size {
			t.Fatalf("found by %q, of %d events", found, before.Size)
		}
	}
}

// However slow a backup is, writing goes on, also beyond the size that the file had.
func TestBackupSlow(t *testing.T) {
	t.Parallel()
	path := made(t)
	e := opened(t, path, Options{})
	begun, goOn := make(chan bool), make(chan bool)
	once := sync.OnceFunc(func() { begun <- true; <-goOn })
	var b bytes.Buffer
	backed := make(chan error)
	go func() {
		_, err := e.Backup(t.Context(), writerFunc(func(p []byte) (int, error) { once(); return b.Write(p) }))
		backed <- err
	}()
	<-begun
	wrote := make(chan error)
	go func() {
		var err error
		for i := range 20 {
			err = errors.Join(err, e.Update(t.Context(), putting(fmt.Sprint("big", i), strings.Repeat("x", 1<<20))))
		}
		wrote <- err
	}()
	select {
	case err := <-wrote:
		if err != nil {
			t.Error(err)
		}
		close(goOn)
	case <-time.After(10 * time.Second):
		t.Error("writing waits for the backup")
		close(goOn)
		if err := <-wrote; err != nil {
			t.Error(err)
		}
	}
	if err := <-backed; err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "b.db")
	writeFile(t, copied, b.Bytes())
	c := opened(t, copied, Options{})
	if all, err := rows(t.Context(), c); err != nil || len(all) != 40 {
		t.Errorf("%d rows, %v", len(all), err)
	}
	if err := c.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// A backup ends with its context and with its writer's error, and a file that stands still is not held by it.
func TestBackupEnds(t *testing.T) {
	e := opened(t, made(t), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	written := 0
	_, err := e.Backup(ctx, writerFunc(func(p []byte) (int, error) { cancel(); written += len(p); return len(p), nil }))
	if !errors.Is(err, context.Canceled) || written != pageSize() {
		t.Errorf("after %d bytes: %v", written, err)
	}
	if _, err := e.Backup(ctx, writerFunc(nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if _, err := e.Backup(t.Context(), writerFunc(func([]byte) (int, error) { return 0, errors.New("no room") })); err == nil ||
		!strings.Contains(err.Error(), "no room") {
		t.Errorf("%v", err)
	}
	put(t, e, "after", "1")
}

// What is not known to be on disk is in no backup.
func TestBackupWaits(t *testing.T) {
	e := opened(t, made(t), Options{})
	last := e.durable.Load()
	e.writing.Lock()
	e.durable.Store(last - 1) // as it is while the last commit is under way
	backed := make(chan error, 1)
	var b bytes.Buffer
	go func() { _, err := e.Backup(t.Context(), &b); backed <- err }()
	select {
	case err := <-backed:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	e.durable.Store(last)
	e.writing.Unlock()
	if err := <-backed; err != nil || b.Len() == 0 {
		t.Errorf("the commit came to a good end, and the backup has %d bytes, %v", b.Len(), err)
	}
	e.durable.Store(last - 1)
	b.Reset()
	if _, err := e.Backup(t.Context(), &b); !errors.As(err, new(*storage.Unknown)) || b.Len() > 0 {
		t.Errorf("nobody knows of the commit, and the backup has %d bytes, %v", b.Len(), err)
	}
	e.durable.Store(last)
}
