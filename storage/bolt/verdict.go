package bolt

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/readyroom/readyroom/storage"
)

// verdict says what a failed commit means. An error alone does not tell: when writing the last page fails, the commit
// may be visible, and be there after a restart. So the file is asked for the number of its last transaction. If that
// has advanced, and after any I/O error, which leaves what the kernel holds and what the disk holds apart, the outcome
// is unknown. Otherwise nothing happened.
func (e *Engine) verdict(number uint64, err error) error {
	last, lastErr := e.last()
	switch {
	case lastErr != nil:
		return &storage.Unknown{Err: fmt.Errorf("commit: %w; afterwards: %w", err, lastErr)}
	case last >= number || is(err, syscall.EIO) || errors.As(err, new(*storage.Unknown)):
		return &storage.Unknown{Err: fmt.Errorf("commit: %w", err)}
	case is(err, syscall.ENOSPC) || is(err, syscall.EFBIG) || is(err, syscall.EDQUOT) ||
		errors.Is(err, bolterrors.ErrMaxSizeReached):
		return fmt.Errorf("commit: %w: %w", storage.ErrFull, err)
	}
	return fmt.Errorf("commit: %w", err)
}

// is finds a system error also where bbolt made text of it, as it does when growing the file fails.
func is(err error, errno syscall.Errno) bool {
	return errors.Is(err, errno) || strings.HasSuffix(err.Error(), ": "+errno.Error())
}

// last is the number of the last transaction that a fresh reader sees.
func (e *Engine) last() (uint64, error) {
	tx, err := e.begin(false)
	if err != nil {
		return 0, err
	}
	return uint64(tx.ID()), tx.Rollback()
}
