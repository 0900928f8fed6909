//go:build unix

package datadir

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// own gives files of a directory to whoever owns the directory, where root made them: a service runs as somebody else.
func own(dir string, names ...string) (err error) {
	info, err := os.Stat(dir)
	if err != nil || os.Geteuid() != 0 {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	for _, name := range names {
		err = errors.Join(err, os.Lchown(filepath.Join(dir, name), int(owner.Uid), int(owner.Gid)))
	}
	return err
}
