package main

import (
	"context"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
)

// openData opens the store of a data directory that nobody holds, for a test to look into.
func openData(ctx context.Context, dir string) (*storage.Store, bool, error) {
	d, err := datadir.Open(ctx, dir, datadir.Options{})
	if err != nil {
		return nil, false, err
	}
	return d.Store, d.New, nil
}
