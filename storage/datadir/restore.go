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
	if r.From, err = tipOf(ctx, tmp, all); err != nil {
		return r, fmt.Errorf("restore %s: %w", file, err)
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := beside(dir, func(made string) error { return settle(ctx, made, tmp, r, now) }); err != nil {
			return r, fmt.Errorf("restore %s to %s: %w", file, dir, err)
		}
		return r, nil
	}
	release, err := former(ctx, dir, tmp, &r)
	if err != nil {
		return r, err
	}
	defer release()
	if r.Kept, err = aside(dir, now); err == nil {
		err = settle(ctx, dir, tmp, r, now)
	}
	if err != nil { // until all is in its place the database does not fit its tip, and is refused
		return r, fmt.Errorf("restore %s to %s: %w; → the same again", file, dir, err)
	}
	sweep(dir, ".restore-*.db")
	if err := own(dir, databaseFile, tipFile, ignoreFile); err != nil {
		return r, fmt.Errorf("restored, but %s is not given to who owns %s: %w; → chown it", databaseFile, dir, err)
	}
	return r, nil
}

// incoming copies a file beside a data directory and lets it be verified.
func incoming(ctx context.Context, dir, file string, verify Verifier) (string, error) {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() { // one that never ends, or never begins
		return "", fmt.Errorf("restore: %s is no regular file (%v); → the file that readyroom backup made", file, info.Mode())
	}
	from, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("restore: %w; → the file that readyroom backup made", err)
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
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("restore %s: %w; → make room in %s, then the same again", file, err, folder), os.Remove(to.Name()))
	}
	if err := verify(ctx, to.Name(), ledger.Tip{}); err != nil {
		return "", errors.Join(fmt.Errorf("restore %s: %w; → another backup", file, err), os.Remove(to.Name()))
	}
	return to.Name(), nil
}

// former looks at what the directory holds, and locks it if it can be locked. A database of another ledger is refused; a
// damaged one is what a backup is for. What the ledger had been is told by the tip that was kept of it, or, where the
// database fits that or there is none, by the database.
func former(ctx context.Context, dir, tmp string, r *ledger.Restored) (release func(), err error) {
	was, untold := Tip(dir) // zero where it is lost
	r.Untold = untold != nil
	release = func() {}
	engine, err := bolt.Open(Database(dir), bolt.Options{})
	switch {
	case errors.Is(err, bolt.ErrLocked):
		return nil, explain(dir, err)
	case err == nil:
		release = func() { _ = engine.Close() } // nothing was written
		now, err := tipIn(ctx, engine, all)
		if err == nil && (was.IsZero() || now.Instance == was.Instance && now.Size > was.Size) {
			was = now
		}
	}
	if !was.IsZero() && was.Instance != r.From.Instance {
		release()
		return nil, fmt.Errorf("restore: %s is of the ledger %.8s and the file holds %.8s; → --data with a directory that does not exist yet", dir, was.Instance, r.From.Instance)
	}
	if was.Size > r.From.Size {
		r.Lost = was
	} else if kept, err := tipOf(ctx, tmp, was.Size); err != nil || kept.Hash != was.Hash && !was.IsZero() {
		r.Lost = was // the file goes on from an earlier state, another way
	}
	return release, nil
}

// aside is a name that is free for the former database; empty where there is none.
func aside(dir string, now time.Time) (string, error) {
	if _, err := os.Lstat(Database(dir)); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	name := databaseFile + ".before-" + now.UTC().Format("20060102T150405")
	for n := 1; ; n++ {
		free := name
		if n > 1 {
			free = fmt.Sprintf("%s-%d", name, n)
		}
		switch _, err := os.Lstat(filepath.Join(dir, free)); {
		case errors.Is(err, fs.ErrNotExist):
			return free, nil
		case err != nil:
			return "", err
		}
	}
}

// settle writes into the new database that it was put back, keeps the former one under its other name, and puts the new
// one in its place with its tip. It is locked until that is done.
func settle(ctx context.Context, dir, tmp string, r ledger.Restored, now time.Time) (err error) {
	s, tip, err := resume(ctx, tmp, r, now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if r.Kept != "" {
		kept := filepath.Join(dir, r.Kept)
		if err := os.Link(Database(dir), kept); err != nil {
			return fmt.Errorf("keep the former database: %w", err)
		}
		if err := bolt.SyncDir(dir); err != nil {
			return errors.Join(err, os.Remove(kept))
		}
	}
	if err := os.Rename(tmp, Database(dir)); err != nil {
		return err
	}
	return furnish(dir, tip)
}

// resume writes into a database that it was put back, and leaves it open.
func resume(ctx context.Context, database string, r ledger.Restored, now time.Time) (s *storage.Store, tip ledger.Tip, err error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, tip, err
	}
	engine, err := bolt.Open(database, bolt.Options{})
	if err != nil {
		return nil, tip, err
	}
	if s, err = storage.Open(ctx, engine, storage.Options{}); err != nil {
		return nil, tip, errors.Join(err, engine.Close())
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
	if err != nil {
		return nil, tip, errors.Join(err, s.Close())
	}
	return s, tip, nil
}
