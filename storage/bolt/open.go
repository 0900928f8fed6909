package bolt

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
)

const (
	fileMode = 0o600
	// lockWait is how long another process may take to let go of the file: long enough for one that ends, and short
	// enough that whoever is refused knows it within two seconds.
	lockWait = time.Second
	// growth is how much the file grows at a time.
	growth = 1 << 20
	// leastMap is the address space that is reserved for a small file.
	leastMap = 1 << 30
)

// Options of opening.
type Options struct {
	Create  bool // make the database where there is none; its folder must exist
	MaxSize int  // in bytes; writes beyond answer storage.ErrFull; zero: no limit

	reserve int64 // address space to reserve for the file to grow in; zero: what its size calls for
}

// Open opens the database at path for this process alone. What it does not open it says why, and leaves as it is.
func Open(path string, o Options) (*Engine, error) {
	bo := bbolt.Options{MaxSize: o.MaxSize}
	e, err := open(path, bo, o.reserve)
	if o.Create && errors.Is(err, ErrMissing) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("create database %s: %w", path, denied(path, err))
		}
		e, err = open(path, bo, o.reserve)
	}
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return e, nil
}

// OpenReadOnly opens a copy, or a database that no process has open, to look at it: several may at once, none may write
// meanwhile. Update fails.
func OpenReadOnly(path string) (*Engine, error) {
	e, err := open(path, bbolt.Options{ReadOnly: true, PreLoadFreelist: true}, 0)
	if err != nil {
		return nil, fmt.Errorf("open database %s to read: %w", path, err)
	}
	return e, nil
}

func open(path string, o bbolt.Options, reserve int64) (*Engine, error) {
	size, err := sizeOf(path)
	if err != nil {
		return nil, refusal(path, err)
	}
	// bbolt would make a file, take an empty one for new, and keep the lock when it panics: so the file is opened here.
	var file *os.File
	o.OpenFile = func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
		file, err = openExisting(name, flag&^os.O_CREATE, mode)
		return file, err
	}
	o.Timeout, o.FreelistType = lockWait, bbolt.FreelistMapType
	if !o.ReadOnly {
		o.InitialMmapSize = mapSize(size, reserve)
	}
	e := &Engine{}
	err = guard(func() (err error) {
		if e.db, err = bbolt.Open(path, fileMode, &o); err != nil {
			return err
		}
		e.db.AllocSize = growth
		return e.check()
	})
	if err == nil {
		e.file = file
		return e, nil
	}
	if e.db != nil {
		err = errors.Join(err, e.db.Close())
	} else if file != nil { // bbolt closed it unless it panicked
		unlock(file)
		_ = file.Close()
	}
	return nil, refusal(path, err)
}

// sizeOf looks before opening, which would wait for ever where the name is that of a pipe.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%w: it is no regular file (%v)", ErrForeign, info.Mode())
	}
	return info.Size(), nil
}

func openExisting(name string, flag int, mode os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(name, flag, mode)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() == 0 {
		err = ErrEmpty
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// mapSize reserves address space, not memory. Growing beyond it waits until nobody reads, and a backup reads for long;
// so it is far more than one run of a process will fill.
func mapSize(size, reserve int64) int {
	switch {
	case reserve > 0:
		return int(reserve)
	case strconv.IntSize < 64 || runtime.GOOS == "windows": // there is no room, or the file would grow to it at once
		return 0
	}
	return int(max(leastMap, 4*size))
}

// check refuses a file that is not ours or lost its end, and notes its last transaction.
func (e *Engine) check() error {
	return e.db.View(func(tx *bbolt.Tx) error {
		info, err := os.Stat(e.db.Path())
		switch {
		case err != nil:
			return err
		case info.Size() < tx.Size():
			return truncated(info.Size(), tx.Size())
		case tx.Bucket(bucketName) == nil:
			return fmt.Errorf("%w: it holds nothing of Readyroom's", ErrForeign)
		}
		e.durable.Store(uint64(tx.ID()))
		return nil
	})
}
