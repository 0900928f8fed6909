package datadir_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
)

// TestBackupIsNotTheDatabase: not even by force does a backup take the place of what it is a copy of, by whatever path.
func TestBackupIsNotTheDatabase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	d := open(t, dir)
	defer shut(t, d)
	write(t, d, 3)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(datadir.Database(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{datadir.Database(dir), datadir.Database(link), filepath.Join(dir, "tip"), filepath.Join(dir, "copy.db")} {
		if _, err := d.Backup(t.Context(), file, true, whole); err == nil || !strings.Contains(err.Error(), "→ another folder") {
			t.Errorf("%s: %v", file, err)
		}
	}
	if after, err := os.Stat(datadir.Database(dir)); err != nil || !os.SameFile(before, after) {
		t.Errorf("the database was replaced (%v)", err)
	}
	if tip, err := datadir.Tip(dir); err != nil || tip.Size != 3 {
		t.Errorf("the tip is %v (%v)", tip, err)
	}
}

// TestLeft: what would go to a file that nobody finds again is not taken for written, and what was can still be saved.
func TestLeft(t *testing.T) {
	for name, take := range map[string]func(t *testing.T, database string){
		"removed": remove,
		"replaced": func(t *testing.T, database string) {
			copyFile(t, database, database+".x")
			rename(t, database+".x", database)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			d := open(t, dir)
			write(t, d, 3)
			if err := d.Left(); err != nil {
				t.Fatal(err)
			}
			take(t, datadir.Database(dir))
			err := d.Store.Update(t.Context(), func(tx *storage.Tx) error { _, err := tx.Next("release"); return err })
			if !errors.As(err, new(*storage.Unknown)) || !strings.Contains(err.Error(), "→ readyroom backup FILE") {
				t.Errorf("a write is answered with %v", err)
			}
			if d.Left() == nil || d.Store.Poisoned() == nil {
				t.Errorf("it says %v, %v", d.Left(), d.Store.Poisoned())
			}
			backup := filepath.Join(t.TempDir(), "backup.db")
			if c, err := d.Backup(t.Context(), backup, false, whole); err != nil || c.Tip.Size != 3 {
				t.Errorf("saved %+v (%v)", c, err)
			}
			shut(t, d)
			if r, err := datadir.Restore(t.Context(), dir, backup, "ops", noon, whole); err != nil || !r.Lost.IsZero() {
				t.Errorf("put back %+v (%v)", r, err)
			}
			shut(t, open(t, dir))
		})
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// TestLeftovers of processes that were killed go with the next opening, and a holder that cannot be written down keeps
// nobody from opening, nor is a former one named.
func TestLeftovers(t *testing.T) {
	dir := filled(t, 1)
	for _, name := range []string{".copy-1.db", ".new-1", "holder"} {
		rewrite(t, filepath.Join(dir, name), "half")
	}
	if err := os.Mkdir(filepath.Join(dir, "holder.new"), 0o700); err != nil { // nothing can be written there
		t.Fatal(err)
	}
	rewrite(t, filepath.Join(dir, "mine"), "mine")
	d := open(t, dir)
	defer shut(t, d)
	if got := names(t, dir); got != ".gitignore holder.new mine readyroom.db tip" {
		t.Errorf("the directory holds %s", got)
	}
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

// TestRestoreBrokenOff: between the database and its tip, the directory is refused; the same again puts it right.
func TestRestoreBrokenOff(t *testing.T) {
	for _, later := range []int{0, 1, 4} {
		dir := filepath.Join(t.TempDir(), "data")
		backup := filepath.Join(t.TempDir(), "backup.db")
		d := open(t, dir)
		write(t, d, 5)
		if _, err := d.Backup(t.Context(), backup, false, whole); err != nil {
			t.Fatal(err)
		}
		write(t, d, later)
		shut(t, d)
		tip, err := os.ReadFile(filepath.Join(dir, "tip"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := datadir.Restore(t.Context(), dir, backup, "ops", noon, whole); err != nil {
			t.Fatal(err)
		}
		rewrite(t, filepath.Join(dir, "tip"), string(tip)) // it ended before this
		rewrite(t, filepath.Join(dir, ".restore-1.db"), "or long before")
		if d, err := datadir.Open(t.Context(), dir, datadir.Options{}); err == nil {
			shut(t, d)
			if later > 0 {
				t.Errorf("%d events are lost, and it was opened", later)
			}
		}
		r, err := datadir.Restore(t.Context(), dir, backup, "ops", noon, whole) // within the same second
		if err != nil || !strings.HasSuffix(r.Kept, "-2") {
			t.Fatalf("the same again: %+v, %v", r, err)
		}
		if later > 0 && int(r.Lost.Size) != 5+later {
			t.Errorf("%d later events are lost, and the ledger says %v", later, r.Lost)
		}
		restored(t, dir, r)
		if got := names(t, dir); strings.Contains(got, ".restore-") {
			t.Errorf("left behind: %s", got)
		}
	}
}

// TestRestoreElsewhence: a file that went another way since says what is lost with it, however long it is; one of another
// ledger is refused also where no tip was kept.
func TestRestoreElsewhence(t *testing.T) {
	dir := filled(t, 3)
	fork := filepath.Join(t.TempDir(), "fork", "data")
	if _, err := datadir.Restore(t.Context(), fork, datadir.Database(dir), "ops", noon, whole); err != nil {
		t.Fatal(err)
	}
	f := open(t, fork)
	write(t, f, 9)
	shut(t, f)
	d := open(t, dir)
	write(t, d, 2)
	lost, err := d.Store.Tip(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	shut(t, d)
	if r, err := datadir.Restore(t.Context(), dir, datadir.Database(fork), "ops", noon, whole); err != nil || r.Lost != lost || r.From.Size != 13 {
		t.Errorf("put back %+v (%v), and %v was lost", r, err, lost)
	}
	other := filled(t, 1)
	remove(t, filepath.Join(other, "tip"))
	if _, err := datadir.Restore(t.Context(), other, datadir.Database(fork), "ops", noon, whole); err == nil || !strings.Contains(err.Error(), "is of the ledger") {
		t.Errorf("another ledger's file: %v", err)
	}
}

// TestRestoreNoFile: what is no regular file is not read, for it may never end.
func TestRestoreNoFile(t *testing.T) {
	for _, file := range []string{"/dev/zero", t.TempDir(), filepath.Join(t.TempDir(), "nothing")} {
		dir := filled(t, 1)
		if _, err := datadir.Restore(t.Context(), dir, file, "ops", noon, whole); err == nil || !strings.Contains(err.Error(), "→ the file that") {
			t.Errorf("%s: %v", file, err)
		}
		shut(t, open(t, dir))
	}
}
