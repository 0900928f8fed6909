// Package datadir owns the data directory: the database in it, the ledger's tip kept beside the database, the name of
// the process that holds it, and copies of it made and put back. It makes a directory only where there is none, and
// refuses whatever it would have to guess about.
//
// It must not know what is recorded, nor read a clock or the environment.
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

// The files of a data directory that this package writes. Others may keep theirs beside them.
const (
	databaseFile = "readyroom.db"
	tipFile      = "tip"
	holderFile   = "holder"
	ignoreFile   = ".gitignore"
)

// Options of opening.
type Options struct {
	Create bool               // make the directory where there is none
	Holder Holder             // who opens it: others are told while it is open
	At     func(point string) // see storage.Options.At
}

// Data is an open data directory.
type Data struct {
	Store *storage.Store
	Path  string
	New   bool // it was made just now

	engine *bolt.Engine
	place  place
	tip    *keeper
}

var (
	// ErrLost is wrapped when the directory is there and its database is not.
	ErrLost = errors.New("the database is not there")
	// ErrTip is wrapped when the database is not the one that the tip beside it is of, or the tip is not there.
	ErrTip = errors.New("the database does not fit the tip that was kept of it")
)

// Database is the path of a data directory's database.
func Database(dir string) string { return filepath.Join(dir, databaseFile) }

// Open opens a data directory for this process alone. A database that is missing, empty, cut short, foreign, older than
// the tip that was kept of it, or held by another process is refused, with the way out.
func Open(ctx context.Context, dir string, o Options) (*Data, error) {
	isNew := false
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && o.Create {
		if err := create(ctx, dir); err != nil {
			return nil, fmt.Errorf("make the data directory: %w; → --data DIR where you may write", err)
		}
		isNew = true
	} else if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no data directory %s: %w; → --data DIR, or readyroom serve makes one", dir, fs.ErrNotExist)
	} else if err != nil {
		return nil, fmt.Errorf("data directory: %w; → --data DIR", err)
	}
	engine, err := bolt.Open(Database(dir), bolt.Options{})
	if err != nil {
		return nil, explain(dir, err)
	}
	d, err := open(ctx, dir, engine, o)
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	d.New = isNew
	return d, nil
}

// open holds a locked database to its tip before anything is written to it.
func open(ctx context.Context, dir string, engine *bolt.Engine, o Options) (*Data, error) {
	at, err := placeOf(Database(dir))
	if err != nil {
		return nil, explain(dir, err)
	}
	d := &Data{Path: dir, engine: engine, place: at}
	now, err := fits(ctx, dir, engine)
	if err != nil {
		return nil, err
	}
	sweep(dir, ".copy-*.db", ".new-*")
	if d.tip, err = keep(filepath.Join(dir, tipFile), now); err != nil {
		return nil, fmt.Errorf("keep the tip: %w; → --data DIR where you may write", err)
	}
	d.Store, err = storage.Open(ctx, placed{engine, at}, storage.Options{Tip: d.tip.set, At: o.At})
	if err != nil {
		return nil, errors.Join(explain(dir, err), d.tip.close())
	}
	if o.Holder.write(dir) != nil { // a full disk; it is for people, who are told nothing rather than of a former process
		_ = os.Remove(filepath.Join(dir, holderFile))
	}
	return d, nil
}

// fits compares a database with the tip kept beside it, and gives the tip that the database has.
func fits(ctx context.Context, dir string, engine storage.Engine) (now ledger.Tip, err error) {
	kept, err := Tip(dir)
	if err != nil {
		return now, fmt.Errorf("%w: %w; → readyroom restore %s takes the database as it is, once it was found whole", ErrTip, err, Database(dir))
	}
	s, err := storage.OpenToRead(ctx, engine)
	if err != nil {
		return now, explain(dir, err)
	}
	err = s.View(ctx, func(tx *storage.Tx) error {
		size, _, err := tx.Last()
		if err != nil {
			return err
		}
		if now, err = tx.Tip(size); err != nil || size < kept.Size {
			return err
		}
		was, err := tx.Tip(kept.Size)
		if err == nil && was.Instance == kept.Instance && was.Hash != kept.Hash {
			return errOther
		}
		return err
	})
	const another = "→ put the right file back, or readyroom restore BACKUP, or --data with another directory"
	way := fmt.Sprintf("→ put the right file back, or readyroom restore %s takes it as it is, and says so in the ledger", Database(dir))
	switch {
	case now.Instance != "" && now.Instance != kept.Instance:
		return now, fmt.Errorf("%s holds the ledger %.8s and the tip is of %.8s: it is another database: %w; %s", Database(dir), now.Instance, kept.Instance, ErrTip, another)
	case errors.Is(err, errOther):
		return now, fmt.Errorf("the first %d events of %s are not those that were recorded: %w; %s", kept.Size, Database(dir), ErrTip, way)
	case err != nil:
		return now, explain(dir, err)
	case now.Size < kept.Size:
		return now, fmt.Errorf("the ledger had %d events and %s holds %d: it is an older copy, or its end is lost: %w; %s", kept.Size, Database(dir), now.Size, ErrTip, way)
	}
	return now, nil
}

var errOther = errors.New("another history")

// TipErr is why the tip could not be kept beside the database last; nil while it can.
func (d *Data) TipErr() error { return d.tip.failed() }

// Close closes the store and gives the directory free for others.
func (d *Data) Close() error {
	unsaid := os.Remove(filepath.Join(d.Path, holderFile))
	if errors.Is(unsaid, fs.ErrNotExist) {
		unsaid = nil
	}
	return errors.Join(unsaid, d.Store.Close(), d.tip.close())
}

// explain adds the way out to what the engine and the store refuse.
func explain(dir string, err error) error {
	const back = "→ readyroom restore BACKUP, or --data with a directory that does not exist yet"
	switch {
	case errors.Is(err, bolt.ErrLocked):
		return fmt.Errorf("%s is open in another process%s: only one may write: %w; → readyroom run '/release …' asks a running one, or end it, or --data another directory", dir, heldBy(dir), err)
	case errors.Is(err, bolt.ErrMissing):
		return fmt.Errorf("%s has no %s: it was lost, or this is no data directory of Readyroom: %w; %s", dir, databaseFile, ErrLost, back)
	case errors.Is(err, storage.ErrNewer):
		return fmt.Errorf("%s: %w; → use the newer readyroom again", dir, err)
	case errors.Is(err, storage.ErrOlder):
		return fmt.Errorf("%s: %w; → --data with a directory that does not exist yet", dir, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; → give this user the right to read and write %s", err, Database(dir))
	}
	return fmt.Errorf("%w; %s", err, back)
}
