package datadir

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// Restore puts a copy of the database in the place of a directory's own, which stays beside it under another name. The
// copy is verified first. What happened since the copy was made is lost, and the ledger says so: numbers given since are
// skipped, and what is due is reconciled before it is sent. The directory is made if there is none; it must not be held
// by another process, nor be another ledger's.
func Restore(ctx context.Context, dir, file, by string, now time.Time, verify Verifier) (ledger.Restored, error) {
	r := ledger.Restored{By: by}
	tmp, err := incoming(ctx, dir, file, verify)
	if err != nil {
		return r, err
	}
	defer func() { _ = os.Remove(tmp) }() // gone by then, if all went well
	if r.From, err = tipOf(ctx, tmp); err != nil {
		return r, fmt.Errorf("restore %s: %w", file, err)
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return r, beside(dir, func(made string) error {
			tip, err := resume(ctx, tmp, r, now)
			if err != nil {
				return err
			}
			return errors.Join(os.Rename(tmp, Database(made)), furnish(made, tip))
		})
	}
	release, err := former(ctx, dir, &r)
	if err != nil {
		return r, err
	}
	defer release()
	return r, swap(ctx, dir, tmp, &r, now)
}

// incoming copies a file beside a data directory and lets it be verified.
func incoming(ctx context.Context, dir, file string, verify Verifier) (string, error) {
	from, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	defer func() { _ = from.Close() }() // it was only read
	folder := dir
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		folder = filepath.Dir(filepath.Clean(dir))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", fmt.Errorf("restore: %w", err)
		}
	}
	to, err := os.CreateTemp(folder, ".restore-*.db")
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err == nil {
		err = verify(ctx, to.Name(), ledger.Tip{})
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("restore %s: %w; → another backup", file, err), os.Remove(to.Name()))
	}
	return to.Name(), nil
}

// former looks at what the directory holds, and locks it if it can be locked. A database of another ledger is refused; a
// damaged one is what a backup is for.
func former(ctx context.Context, dir string, r *ledger.Restored) (release func(), err error) {
	if tip, err := Tip(dir); err == nil {
		if tip.Instance != r.From.Instance {
			return nil, fmt.Errorf("restore: %s is of the ledger %.8s and the file holds %.8s; → --data with a directory that does not exist yet", dir, tip.Instance, r.From.Instance)
		}
		if tip.Size > r.From.Size {
			r.Lost = tip
		}
	}
	engine, err := bolt.Open(Database(dir), bolt.Options{})
	if errors.Is(err, bolt.ErrLocked) {
		return nil, explain(dir, err)
	}
	if err != nil {
		return func() {}, nil
	}
	if tip, err := fits(ctx, dir, engine); err == nil && tip.Size > r.From.Size {
		r.Lost = tip
	}
	return func() { _ = engine.Close() }, nil
}

// swap puts the new database in the place of the former.
func swap(ctx context.Context, dir, tmp string, r *ledger.Restored, now time.Time) error {
	aside := Database(dir) + ".before-" + now.UTC().Format("20060102T150405")
	switch err := os.Link(Database(dir), aside); {
	case err == nil:
		r.Kept = filepath.Base(aside)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("restore: keep the former database: %w", err)
	}
	tip, err := resume(ctx, tmp, *r, now)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := os.Rename(tmp, Database(dir)); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := furnish(dir, tip); err != nil { // until then the database does not fit its tip, and is refused
		return fmt.Errorf("restore: %w; → the same again", err)
	}
	return nil
}

// resume writes into a database that it was put back.
func resume(ctx context.Context, database string, r ledger.Restored, now time.Time) (tip ledger.Tip, err error) {
	engine, err := bolt.Open(database, bolt.Options{})
	if err != nil {
		return tip, err
	}
	s, err := storage.Open(ctx, engine, storage.Options{})
	if err != nil {
		return tip, errors.Join(err, engine.Close())
	}
	data, err := json.Marshal(r)
	if err != nil {
		return tip, errors.Join(err, s.Close())
	}
	err = s.Update(ctx, func(tx *storage.Tx) error {
		_, err := tx.Append(ledger.Record{Kind: r.Kind(), Data: data, Header: workflows.Header{At: now, By: workflows.Actor{Machine: "restore"}}})
		if err != nil {
			return err
		}
		return tx.Resume()
	})
	if err == nil {
		tip, err = s.Tip(ctx)
	}
	return tip, errors.Join(err, s.Close())
}
