package datadir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/readyroom/readyroom/storage"
)

// place is where an open database was found. An open file outlives its name: when that is removed, or given to another
// file, everything goes on as if nothing had happened, and what is written is lost with the process.
type place struct {
	path string
	file fs.FileInfo
}

func placeOf(path string) (place, error) {
	file, err := os.Stat(path)
	return place{path, file}, err
}

// left is why the database is not at its place any more; nil while it is, and where nobody can say.
func (p place) left() error {
	file, err := os.Stat(p.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(file, p.file) {
		return fmt.Errorf("%s was removed or replaced while it was open: what is written now would be lost; "+
			"→ readyroom backup FILE saves what it held, then end this process and readyroom restore FILE", p.path)
	}
	return nil
}

// placed is an engine that writes nothing once its database is not at its place.
type placed struct {
	storage.Engine
	place
}

// Update refuses as one does who cannot say what a later process will find.
func (e placed) Update(ctx context.Context, fn func(storage.Writer) error) error {
	if err := e.left(); err != nil {
		return &storage.Unknown{Err: err}
	}
	return e.Engine.Update(ctx, fn)
}

// Left is why the open database is not at its place any more; nil while it is.
func (d *Data) Left() error { return d.place.left() }
