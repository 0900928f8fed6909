package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

const (
	fileMode = 0o600
	// lockWait is how long another process may take to let go of the file.
	lockWait = 2 * time.Second
	// growth is how much the file grows at a time.
	growth = 1 << 20
)

var (
	// ErrMissing is wrapped when there is no database and none was to be made.
	ErrMissing = errors.New("there is no database")
	// ErrEmpty is wrapped when the file is there and holds nothing: it was lost, and is not silently begun anew.
	ErrEmpty = errors.New("the database file is empty")
	// ErrLocked is wrapped when another process has the database open.
	ErrLocked = errors.New("another process has the database open")
)

// Options of opening.
type Options struct {
	Create  bool // make the database where there is none; its folder must exist
	MaxSize int  // in bytes; writes beyond answer storage.ErrFull; zero: no limit
}

// Open opens the database at path, within two seconds if another process holds it.
func Open(path string, o Options) (*Engine, error) {
	e, err := open(path, o.MaxSize)
	if o.Create && errors.Is(err, ErrMissing) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("create database %s: %w", path, err)
		}
		e, err = open(path, o.MaxSize)
	}
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return e, nil
}

func open(path string, maxSize int) (*Engine, error) {
	// bbolt would make a file, take an empty one for new, and keep the lock when it panics: so the file is opened here.
	var file *os.File
	openFile := func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
		file, err = openExisting(name, flag&^os.O_CREATE, mode)
		return file, err
	}
	e := &Engine{}
	err := guard(func() (err error) {
		e.db, err = bbolt.Open(path, fileMode, &bbolt.Options{
			Timeout:         lockWait,
			FreelistType:    bbolt.FreelistMapType,
			InitialMmapSize: initialMap(),
			MaxSize:         maxSize,
			OpenFile:        openFile,
		})
		if err != nil {
			return err
		}
		e.db.AllocSize = growth
		return e.check()
	})
	switch {
	case err == nil:
		return e, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		err = ErrLocked
	case errors.Is(err, fs.ErrNotExist):
		err = ErrMissing
	}
	if e.db != nil {
		err = errors.Join(err, e.db.Close())
	} else if file != nil { // bbolt closed it unless it panicked
		unlock(file)
		_ = file.Close()
	}
	return nil, err
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

// initialMap reserves address space, not memory: while a file is smaller, growing it waits for no reader.
func initialMap() int {
	if strconv.IntSize < 64 {
		return 0
	}
	return 1 << 30
}

// check refuses a file that is not ours or lost its end, and notes its last transaction.
func (e *Engine) check() error {
	return e.db.View(func(tx *bbolt.Tx) error {
		info, err := os.Stat(e.db.Path())
		switch {
		case err != nil:
			return err
		case info.Size() < tx.Size():
			return fmt.Errorf("the file has %d bytes and should have %d: its end is lost", info.Size(), tx.Size())
		case tx.Bucket(bucketName) == nil:
			return errors.New("it is not Readyroom's")
		}
		e.durable.Store(uint64(tx.ID()))
		return nil
	})
}

// create makes a database beside path and then gives it its name, so that a crash leaves either none or a whole one,
// and of two processes only one makes it.
func create(path string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*.db")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	if err := f.Close(); err != nil {
		return err
	}
	db, err := bbolt.Open(f.Name(), fileMode, &bbolt.Options{Timeout: lockWait, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(bucketName)
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a new name durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
