package datadir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// Verifier says by an error that the database in a file is not whole. It must not let a damaged file hang or crash
// this process.
type Verifier func(ctx context.Context, database string, known ledger.Tip) error

// Copy is a copy of the database.
type Copy struct {
	File  string     `json:"file"`
	Bytes int64      `json:"bytes"`
	Tip   ledger.Tip `json:"tip"` // of the ledger in it
}

// Backup copies the database to a file while it is in use, lets verify read the copy, and gives it its name only then.
// A file that is there already stays, unless force is set. In the data directory itself nothing is put: there it could
// take the place of what it is a copy of, and is lost with it.
func (d *Data) Backup(ctx context.Context, file string, force bool, verify Verifier) (Copy, error) {
	if folder, err := os.Stat(filepath.Dir(file)); err == nil && d.is(folder) {
		return Copy{}, fmt.Errorf("backup to %s: a copy in the data directory itself is lost with it; → another folder", file)
	}
	if _, err := os.Lstat(file); !force && !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return Copy{}, fmt.Errorf("backup to %s: %w; → another name, or --force", file, err)
	}
	c := Copy{File: file}
	tmp, err := d.copy(ctx, filepath.Dir(file), &c)
	if err != nil {
		return c, fmt.Errorf("backup to %s: %w; → a folder that is there and has room", file, err)
	}
	if err := verify(ctx, tmp, ledger.Tip{}); err != nil {
		return c, errors.Join(fmt.Errorf("backup to %s: the copy is not whole: %w; → readyroom verify", file, err), os.Remove(tmp))
	}
	if err := os.Rename(tmp, file); err != nil {
		return c, errors.Join(fmt.Errorf("backup to %s: %w", file, err), os.Remove(tmp))
	}
	return c, bolt.SyncDir(filepath.Dir(file))
}

// is reports whether a folder is the data directory.
func (d *Data) is(folder fs.FileInfo) bool {
	own, err := os.Stat(d.Path)
	return err == nil && os.SameFile(own, folder)
}

// Snapshot copies the database to a file of its own in the data directory, for a verification; the caller removes it.
func (d *Data) Snapshot(ctx context.Context) (Copy, error) {
	var c Copy
	tmp, err := d.copy(ctx, d.Path, &c)
	if err != nil {
		return c, fmt.Errorf("copy the database: %w; → make room in %s", err, d.Path)
	}
	c.File = tmp
	return c, nil
}

// copy writes a copy to a new file in a folder, durably, and reads its tip.
func (d *Data) copy(ctx context.Context, folder string, c *Copy) (path string, err error) {
	f, err := os.CreateTemp(folder, ".copy-*.db")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	c.Bytes, err = d.engine.Backup(ctx, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	c.Tip, err = tipOf(ctx, f.Name(), all)
	return f.Name(), err
}

// all stands for all events there are.
const all = workflows.Seq(math.MaxUint64)

// tipOf reads the tip of the ledger, or of its first size events, in a database that nobody writes to.
func tipOf(ctx context.Context, database string, size workflows.Seq) (ledger.Tip, error) {
	engine, err := bolt.OpenReadOnly(database)
	if err != nil {
		return ledger.Tip{}, err
	}
	tip, err := tipIn(ctx, engine, size)
	return tip, errors.Join(err, engine.Close())
}

func tipIn(ctx context.Context, engine storage.Engine, size workflows.Seq) (tip ledger.Tip, err error) {
	s, err := storage.OpenToRead(ctx, engine)
	if err != nil {
		return tip, err
	}
	if size == all {
		return s.Tip(ctx)
	}
	err = s.View(ctx, func(tx *storage.Tx) error {
		tip, err = tx.Tip(size)
		return err
	})
	return tip, err
}
