//go:build !unix || solaris || aix

package bolt

import "os"

// unlock does nothing where closing the file gives up the lock.
func unlock(*os.File) {}
