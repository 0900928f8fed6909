package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// maxFindings is how many of bbolt's findings Check gives; a file that is badly broken has one for every page.
const maxFindings = 20

// Check looks for damage that reading the rows does not meet: a row that vanished or is of an older state, pages that
// are lost or used twice. Nobody writes meanwhile. It is for a process of its own, with a deadline: a damaged tree may
// be endless, and some damage ends the process that looks at it. After a check that was given up, for its context or
// for too many findings, the engine can only be closed.
func (e *Engine) Check(ctx context.Context) error {
	if err := e.checkRows(ctx); err != nil {
		return fmt.Errorf("check the rows: %w", err)
	}
	if err := e.checkPages(ctx); err != nil {
		return fmt.Errorf("check the pages: %w", err)
	}
	return nil
}

// checkRows adds up the rows and compares with the sum that was kept.
func (e *Engine) checkRows(ctx context.Context) error {
	return guard(func() error {
		tx, err := e.settled()
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // a reader has nothing to roll back
		bucket := tx.Bucket(bucketName)
		rows, n := newRowSum(0), 0
		var last []byte
		c := bucket.Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if bytes.Compare(k, last) <= 0 {
				return fmt.Errorf("%w: row %q comes after %q", ErrDamaged, k, last)
			}
			if n++; n%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			rows.sum += rows.of(k, v)
			last = append(last[:0], k...)
		}
		if rows.sum != bucket.Sequence() {
			return fmt.Errorf("%w: the sum of its %d rows is %016x and should be %016x: some are missing, or older than others",
				ErrDamaged, n, rows.sum, bucket.Sequence())
		}
		return nil
	})
}

// checkPages goes over the pages and then lets bbolt follow the tree.
func (e *Engine) checkPages(ctx context.Context) error {
	e.writing.Lock() // both read the list of free pages, which a writer changes
	defer e.writing.Unlock()
	tx, err := e.begin(false)
	if err != nil {
		return err
	}
	if err := guard(func() error { return walk(tx, int(tx.Size())/e.db.Info().PageSize) }); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	findings := tx.Check()
	whole, found := gather(ctx, findings)
	if whole {
		return errors.Join(found, tx.Rollback())
	}
	_ = e.end(errGivenUp) // bbolt's goroutine goes on with the transaction, perhaps for ever
	go func() {
		for range findings {
			continue
		}
	}()
	return errors.Join(found, ctx.Err())
}

// walk finds pages that reach beyond the last: following the tree, bbolt would count to where they say they end.
func walk(tx *bbolt.Tx, pages int) error {
	for id := 2; id < pages; id++ {
		p, err := tx.Page(id)
		if err != nil {
			return fmt.Errorf("page %d: %w", id, err)
		}
		if p.Type == "free" {
			continue
		}
		if id+p.OverflowCount >= pages {
			return fmt.Errorf("%w: page %d has %d pages behind it, of %d in all", ErrDamaged, id, p.OverflowCount, pages)
		}
		id += p.OverflowCount
	}
	return nil
}

// gather joins findings until there are no more (whole), enough, or the context ends.
func gather(ctx context.Context, findings <-chan error) (whole bool, found error) {
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return false, found
		case finding, more := <-findings:
			switch {
			case !more:
				return true, found
			case n == maxFindings:
				return false, fmt.Errorf("%w\nand more", found)
			case found == nil:
				found = fmt.Errorf("%w: %w", ErrDamaged, finding)
			default:
				found = fmt.Errorf("%w\n%w", found, finding)
			}
		}
	}
}
