package bolt

import (
	"context"
	"fmt"
	"io"

	"go.etcd.io/bbolt"
)

// Backup writes the database as it stands to w, while it is being used, and gives how many bytes that are. What it
// writes holds every commit that was answered before, and none of unknown outcome; after an error it is worth nothing.
// As long as it takes, the pages it copies are not used again, so the file may grow.
func (e *Engine) Backup(ctx context.Context, w io.Writer) (n int64, err error) {
	err = guard(func() error {
		tx, err := e.settled()
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // a reader has nothing to roll back
		n, err = tx.WriteTo(&cancelled{ctx, w})
		return err
	})
	if ctx.Err() != nil { // bbolt makes text of the errors of w
		err = ctx.Err()
	}
	if err != nil {
		return n, fmt.Errorf("back up the database: %w", err)
	}
	return n, nil
}

// settled begins to read between two commits, so that it need not wait for the end of one it saw: waiting while
// reading could wait for a writer who waits for readers to end.
func (e *Engine) settled() (*bbolt.Tx, error) {
	e.writing.Lock()
	defer e.writing.Unlock()
	tx, err := e.begin(false)
	if err != nil {
		return nil, err
	}
	if err := e.vouch(uint64(tx.ID())); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}

// cancelled is a writer that fails once its context ended.
type cancelled struct {
	ctx context.Context
	w   io.Writer
}

func (c *cancelled) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}
