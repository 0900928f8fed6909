package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"
)

// Why a database is not opened. Beside them fs.ErrPermission is wrapped when this user may not, and syscall.EROFS when
// the file system is read-only.
var (
	// ErrMissing is wrapped when there is no database and none was to be made.
	ErrMissing = errors.New("there is no database")
	// ErrEmpty is wrapped when the file is there and holds nothing: it was lost, and is not silently begun anew.
	ErrEmpty = errors.New("the database file is empty")
	// ErrLocked is wrapped when another process has the database open.
	ErrLocked = errors.New("another process has the database open")
	// ErrForeign is wrapped when the file is something else than a database of Readyroom's.
	ErrForeign = errors.New("the file is not Readyroom's database")
	// ErrTruncated is wrapped when the file lost its end.
	ErrTruncated = errors.New("the database file lost its end")
	// ErrDamaged is wrapped when the file is a database and cannot be read as one, and by what Check finds.
	ErrDamaged = errors.New("the database file is damaged")
)

// refusal says in our words why the file at path was not opened.
func refusal(path string, err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrLocked
	case errors.Is(err, fs.ErrNotExist):
		return ErrMissing
	case errors.Is(err, ErrEmpty), errors.Is(err, ErrForeign), errors.Is(err, ErrTruncated):
		return err
	case errors.As(err, new(syscall.Errno)):
		return denied(path, err)
	}
	return diagnosis(path, err)
}

// denied adds to an error of access what decides on it: the mode of the file, or of the folder where the file cannot
// be seen, and the user.
func denied(path string, err error) error {
	if errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("its file system is read-only: %w", err)
	}
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	at := path
	info, seen := os.Stat(at)
	if seen != nil {
		at = filepath.Dir(path)
		info, seen = os.Stat(at)
	}
	if seen != nil {
		return err
	}
	return fmt.Errorf("%s has mode %v (%#o), this process is user %d: %w", at, info.Mode(), info.Mode().Perm(), os.Geteuid(), err)
}

func truncated(size, want int64) error {
	return fmt.Errorf("%w: it has %d bytes and should have %d", ErrTruncated, size, want)
}

// diagnosis tells by its first pages whether a file that bbolt cannot read is another's, cut short, or damaged.
func diagnosis(path string, cause error) error {
	if c := (*crash)(nil); errors.As(cause, &c) {
		cause = fmt.Errorf("%v", c.value) // the stack tells nothing to whoever has to put this right
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, errors.Join(cause, err))
	}
	defer f.Close() //nolint:errcheck // nothing was written
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, errors.Join(cause, err))
	}
	want, ours := wanted(f)
	switch {
	case !ours:
		return fmt.Errorf("%w: it does not begin as a database does", ErrForeign)
	case info.Size() < want:
		return truncated(info.Size(), want)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, cause)
}

// metaMagic stands in each of the two pages that say where everything is.
const metaMagic = 0xED0CDAED

// wanted is the size that the file says it has, or the least that any has where it does not say; ours is false when
// nothing shows that it is a database at all. It reads bbolt's meta page: after 16 bytes the magic, version, page
// size and flags, of 4 bytes each; root, sequence, free list, pages, transaction and checksum, of 8 bytes each.
func wanted(f io.ReaderAt) (size int64, ours bool) {
	order := binary.NativeEndian
	size = 2 * int64(os.Getpagesize())
	var newest uint64
	for at := int64(0); at <= 1<<16; at = max(1<<10, 2*at) { // the second page begins where the page size says
		page := make([]byte, 80)
		n, _ := f.ReadAt(page, at)
		if n < 20 || order.Uint32(page[16:]) != metaMagic {
			continue
		}
		ours = true
		sum := fnv.New64a()
		sum.Write(page[16:72])
		if number := order.Uint64(page[64:]); sum.Sum64() == order.Uint64(page[72:]) && number >= newest {
			newest, size = number, int64(order.Uint64(page[56:]))*int64(order.Uint32(page[24:]))
		}
	}
	return size, ours
}
