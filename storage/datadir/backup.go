package datadir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
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
// A file that is there already stays, unless force is set.
func (d *Data) Backup(ctx context.Context, file string, force bool, verify Verifier) (Copy, error) {
	if _, err := os.Lstat(file); !force && !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return Copy{}, fmt.Errorf("backup to %s: %w; → another name, or --force", file, err)
	}
	c := Copy{File: file}
	tmp, err := d.copy(ctx, filepath.Dir(file), &c)
	if err != nil {
		return c, fmt.Errorf("backup to %s: %w", file, err)
	}
	if err := verify(ctx, tmp, ledger.Tip{}); err != nil {
		return c, errors.Join(fmt.Errorf("backup to %s: the copy is not whole: %w; → readyroom verify", file, err), os.Remove(tmp))
	}
	if err := os.Rename(tmp, file); err != nil {
		return c, errors.Join(fmt.Errorf("backup to %s: %w", file, err), os.Remove(tmp))
	}
	return c, syncDir(filepath.Dir(file))
}

// Snapshot copies the database to a file of its own in the data directory, for a verification; the caller removes it.
func (d *Data) Snapshot(ctx context.Context) (Copy, error) {
	var c Copy
	tmp, err := d.copy(ctx, d.Path, &c)
	if err != nil {
		return c, fmt.Errorf("copy the database: %w", err)
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
	c.Tip, err = tipOf(ctx, f.Name())
	return f.Name(), err
}

// tipOf reads the tip of the ledger in a database that nobody writes to.
func tipOf(ctx context.Context, database string) (ledger.Tip, error) {
	engine, err := bolt.OpenReadOnly(database)
	if err != nil {
		return ledger.Tip{}, err
	}
	s, err := storage.OpenToRead(ctx, engine)
	if err != nil {
		return ledger.Tip{}, errors.Join(err, engine.Close())
	}
	tip, err := s.Tip(ctx)
	return tip, errors.Join(err, s.Close())
}
