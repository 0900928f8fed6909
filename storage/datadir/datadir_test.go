package datadir_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// whole verifies in this process: the files of these tests hang nobody.
func whole(ctx context.Context, file string, known ledger.Tip) error {
	e, err := bolt.OpenReadOnly(file)
	if err != nil {
		return err
	}
	s, err := storage.OpenToRead(ctx, e)
	if err != nil {
		return errors.Join(err, e.Close())
	}
	var tips []ledger.Tip
	if !known.IsZero() {
		tips = append(tips, known)
	}
	r, err := s.Verify(ctx, tips...)
	if err == nil && r.Found > 0 {
		err = errors.New(r.Findings[0].Line())
	}
	return errors.Join(err, s.Close())
}

func open(t *testing.T, dir string) *datadir.Data {
	t.Helper()
	d, err := datadir.Open(t.Context(), dir, datadir.Options{Create: true, Holder: datadir.Holder{PID: 42, Host: "here", Since: noon, Command: "readyroom serve"}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// write appends n events.
func write(t *testing.T, d *datadir.Data, n int) {
	t.Helper()
	for range n {
		err := d.Store.Update(t.Context(), func(tx *storage.Tx) error {
			if _, err := tx.Next("release"); err != nil {
				return err
			}
			if err := tx.Enqueue(storage.Delivery{Kind: workflows.Tell, What: "card", Place: "console/#a", Due: noon}); err != nil {
				return err
			}
			_, err := tx.Append(ledger.Record{Kind: "test.happened", Header: workflows.Header{Stream: "test/a", At: noon}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func shut(t *testing.T, d *datadir.Data) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// filled is a closed data directory of n events.
func filled(t *testing.T, n int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	d := open(t, dir)
	if !d.New {
		t.Error("a new directory is not said to be new")
	}
	write(t, d, n)
	shut(t, d)
	return dir
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// The tip in the file is that of the ledger, after each commit.
func TestTipIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	d := open(t, dir)
	defer shut(t, d)
	for n := range 12 {
		kept, err := datadir.Tip(dir)
		now, err2 := d.Store.Tip(t.Context())
		if err := errors.Join(err, err2, d.TipErr()); err != nil || kept != now || kept.Size != workflows.Seq(n) {
			t.Fatalf("after %d events the file says %v and the ledger %v (%v)", n, kept, now, err)
		}
		write(t, d, 1)
	}
}

// A database that does not fit the tip kept of it is not started, and the message says why and what to do.
func TestRefused(t *testing.T) {
	yesterday := filled(t, 3)
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string)
		is    error
		says  string
	}{
		"no database":      {func(t *testing.T, dir string) { remove(t, datadir.Database(dir)) }, datadir.ErrLost, "it was lost"},
		"an empty one":     {func(t *testing.T, dir string) { truncate(t, datadir.Database(dir), 0) }, bolt.ErrEmpty, "restore BACKUP"},
		"one cut short":    {func(t *testing.T, dir string) { truncate(t, datadir.Database(dir), 8192) }, nil, "restore BACKUP"},
		"another text":     {func(t *testing.T, dir string) { rewrite(t, datadir.Database(dir), "not a database") }, nil, "restore BACKUP"},
		"another ledger's": {func(t *testing.T, dir string) { copyFile(t, datadir.Database(yesterday), datadir.Database(dir)) }, datadir.ErrTip, "it is another database"},
		"an older copy": {func(t *testing.T, dir string) {
			tip, err := datadir.Tip(dir)
			if err != nil {
				t.Fatal(err)
			}
			tip.Size += 2
			rewrite(t, filepath.Join(dir, "tip"), tip.Text())
		}, datadir.ErrTip, "the ledger had 7 events and"},
		"another history": {func(t *testing.T, dir string) {
			tip, err := datadir.Tip(dir)
			if err != nil {
				t.Fatal(err)
			}
			tip.Hash[0] ^= 1
			rewrite(t, filepath.Join(dir, "tip"), tip.Text())
		}, datadir.ErrTip, "are not those that were recorded"},
		"no tip":        {func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "tip")) }, datadir.ErrTip, "readyroom restore "},
		"a garbled tip": {func(t *testing.T, dir string) { rewrite(t, filepath.Join(dir, "tip"), "x") }, datadir.ErrTip, "it is no tip"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filled(t, 5)
			c.spoil(t, dir)
			before, _ := os.ReadFile(datadir.Database(dir))
			d, err := datadir.Open(t.Context(), dir, datadir.Options{Create: true})
			if err == nil {
				shut(t, d)
				t.Fatal("it was opened")
			}
			if c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "→ ") {
				t.Errorf("refused with %v", err)
			}
			if after, _ := os.ReadFile(datadir.Database(dir)); string(after) != string(before) {
				t.Error("the refused database was changed")
			}
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func truncate(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func rewrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A tip that is behind, as a power failure may leave it, is caught up with.
func TestTipBehind(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	d := open(t, dir)
	write(t, d, 2)
	early, err := os.ReadFile(filepath.Join(dir, "tip"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, d, 9)
	shut(t, d)
	rewrite(t, filepath.Join(dir, "tip"), string(early))
	shut(t, open(t, dir))
	if tip, err := datadir.Tip(dir); err != nil || tip.Size != 11 {
		t.Errorf("the tip is %v (%v)", tip, err)
	}
}

// Whoever comes second is told who holds the directory, within two seconds.
func TestHeld(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	d := open(t, dir)
	began := time.Now()
	_, err := datadir.Open(t.Context(), dir, datadir.Options{})
	if !errors.Is(err, bolt.ErrLocked) || !strings.Contains(err.Error(), "pid 42 (readyroom serve) on here since 2026-01-05 12:00:00 UTC") {
		t.Errorf("refused with %v", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("refused after %s", took)
	}
	shut(t, d)
	if _, err := datadir.Held(dir); err == nil {
		t.Error("a closed directory is still said to be held")
	}
}

// A backup is whole, and what is put back goes on from there and says so.
func TestBackupAndRestore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	backup := filepath.Join(t.TempDir(), "backup.db")
	d := open(t, dir)
	write(t, d, 5)
	c, err := d.Backup(t.Context(), backup, false, whole)
	if err != nil || c.Tip.Size != 5 {
		t.Fatalf("backup: %+v, %v", c, err)
	}
	if _, err := d.Backup(t.Context(), backup, false, whole); err == nil {
		t.Error("a backup was overwritten unasked")
	}
	write(t, d, 4)
	lost, err := d.Store.Tip(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := datadir.Restore(t.Context(), dir, backup, "ops", noon, whole); !errors.Is(err, bolt.ErrLocked) {
		t.Errorf("restored under a running process: %v", err)
	}
	shut(t, d)

	r, err := datadir.Restore(t.Context(), dir, backup, "ops", noon, whole)
	if err != nil || r.From != c.Tip || r.Lost != lost || r.Kept == "" {
		t.Fatalf("restored %+v: %v", r, err)
	}
	restored(t, dir, r)
	if err := whole(t.Context(), filepath.Join(dir, r.Kept), lost); err != nil {
		t.Errorf("the former database: %v", err)
	}

	elsewhere := filepath.Join(t.TempDir(), "new", "data")
	if r, err = datadir.Restore(t.Context(), elsewhere, backup, "ops", noon, whole); err != nil {
		t.Fatal(err)
	}
	restored(t, elsewhere, r)
	if _, err := datadir.Restore(t.Context(), filled(t, 1), backup, "ops", noon, whole); err == nil {
		t.Error("a backup of another ledger was put in the place of this one")
	}
}

// restored checks a directory in which five events were put back.
func restored(t *testing.T, dir string, r ledger.Restored) {
	t.Helper()
	d := open(t, dir)
	defer shut(t, d)
	err := d.Store.View(t.Context(), func(tx *storage.Tx) error {
		seq, _, err := tx.Last()
		if err != nil {
			return err
		}
		if seq != 6 {
			t.Errorf("%d events", seq)
		}
		if now, err := tx.Tip(5); err != nil || now != r.From {
			t.Errorf("the first five are not those of the backup: %v", err)
		}
		if err := tx.Deliveries(func(p storage.Pending) (bool, error) {
			if !p.Unresolved {
				t.Errorf("%s would be sent without asking whether it was", p.ID)
			}
			return true, nil
		}); err != nil {
			return err
		}
		return tx.Ledger(5, func(e ledger.Record) (bool, error) {
			var got ledger.Restored
			if err := json.Unmarshal(e.Data, &got); err != nil || got != r || e.Kind != r.Kind() {
				t.Errorf("the ledger says %s %s (%v)", e.Kind, e.Data, err)
			}
			return true, nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Store.Update(t.Context(), func(tx *storage.Tx) error {
		n, err := tx.Next("release")
		if n <= 9 {
			t.Errorf("the number %d is given again", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A copy that is not whole never gets the name of a backup, nor the place of a database.
func TestDamagedCopies(t *testing.T) {
	dir := filled(t, 3)
	bad := func(context.Context, string, ledger.Tip) error { return errors.New("it is torn") }
	before, err := os.ReadFile(datadir.Database(dir))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := datadir.Restore(t.Context(), dir, datadir.Database(dir), "ops", noon, bad); err == nil {
		t.Error("a torn file was restored")
	}
	d := open(t, dir)
	folder := t.TempDir()
	if _, err := d.Backup(t.Context(), filepath.Join(folder, "backup"), false, bad); err == nil || !strings.Contains(err.Error(), "it is torn") {
		t.Errorf("a torn backup was kept (%v)", err)
	}
	shut(t, d)
	if left := names(t, folder); left != "" {
		t.Errorf("left behind: %s", left)
	}
	if after, err := os.ReadFile(datadir.Database(dir)); err != nil || string(after) != string(before) {
		t.Errorf("the database changed (%v)", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("left behind: %v (%v)", entries, err)
	}
}

// Without a tip, the database that is there can be taken as it is, and the ledger says so.
func TestTakenAsItIs(t *testing.T) {
	dir := filled(t, 5)
	remove(t, filepath.Join(dir, "tip"))
	r, err := datadir.Restore(t.Context(), dir, datadir.Database(dir), "ops", noon, whole)
	if err != nil || r.From.Size != 5 || !r.Untold {
		t.Fatalf("%+v: %v", r, err)
	}
	restored(t, dir, r)
}
