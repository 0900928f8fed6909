package datadir

import (
	"bytes"
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

const fileMode = 0o600

// create makes a data directory under another name and then gives it its own, so that a crash leaves none or a whole
// one. Where another process was faster, its directory stands.
func create(ctx context.Context, dir string) error {
	err := beside(dir, func(tmp string) error {
		engine, err := bolt.Open(Database(tmp), bolt.Options{Create: true})
		if err != nil {
			return err
		}
		s, err := storage.Open(ctx, engine, storage.Options{})
		if err != nil {
			return errors.Join(err, engine.Close())
		}
		tip, err := s.Tip(ctx)
		if err := errors.Join(err, s.Close()); err != nil {
			return err
		}
		return furnish(tmp, tip)
	})
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}

// errTaken: there is a directory of that name by now.
var errTaken = errors.New("another process made that directory meanwhile")

// beside lets fill make what a directory shall hold, and puts it in its place.
func beside(dir string, fill func(tmp string) error) (err error) {
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(parent, ".new-readyroom-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	if err := fill(tmp); err != nil {
		return err
	}
	switch err := os.Rename(tmp, dir); {
	case errors.Is(err, fs.ErrExist):
		return errTaken
	case err != nil:
		return err
	}
	return bolt.SyncDir(parent)
}

// sweep removes what a process that was killed left half made; what cannot be removed is in nobody's way.
func sweep(dir string, patterns ...string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		for _, pattern := range patterns {
			if match, _ := filepath.Match(pattern, e.Name()); match {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
		}
	}
}

// furnish puts the small files beside a database.
func furnish(dir string, tip ledger.Tip) error {
	if err := Replace(filepath.Join(dir, ignoreFile), []byte("*\n")); err != nil {
		return err
	}
	return Replace(filepath.Join(dir, tipFile), []byte(tip.Text()))
}

// Replace writes a file whole or not at all; one that says the same stays.
func Replace(path string, text []byte) (err error) {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return bolt.SyncDir(filepath.Dir(path))
}
