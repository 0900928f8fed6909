//go:build unix && !solaris && !aix

package bolt

import (
	"os"
	"syscall"
)

// unlock gives up the lock that bbolt leaves behind when it panics. Closing the file is not enough: its mapping, which
// nobody can reach any more, keeps it.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
