package datadir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/readyroom/readyroom/workflows/ledger"
)

// Tip is the tip that is kept beside a directory's database.
func Tip(dir string) (ledger.Tip, error) {
	path := filepath.Join(dir, tipFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return ledger.Tip{}, fmt.Errorf("read the tip: %w", err)
	}
	tip, err := ledger.ParseTip(string(text))
	if err != nil {
		return tip, fmt.Errorf("read the tip %s: %w", path, err)
	}
	return tip, nil
}

// keeper keeps the tip in its file, written in place: it is shorter than a sector and never gets shorter, so a crash
// leaves the one or the other. It is not synced: after a power failure it may be of before, which holds the database
// to less and never to what is not there.
type keeper struct {
	mu   sync.Mutex
	file *os.File
	size int
	err  error
}

// keep opens the file, whose tip was held against the database, and writes the tip of now.
func keep(path string, now ledger.Tip) (*keeper, error) {
	f, err := os.OpenFile(path, os.O_RDWR, fileMode)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	k := &keeper{file: f, size: int(info.Size())}
	k.set(now)
	if k.err != nil {
		return nil, errors.Join(k.err, f.Close())
	}
	return k, nil
}

// set keeps a tip.
func (k *keeper) set(t ledger.Tip) {
	k.mu.Lock()
	defer k.mu.Unlock()
	text := []byte(t.Text())
	_, err := k.file.WriteAt(text, 0)
	if err == nil && len(text) < k.size {
		err = k.file.Truncate(int64(len(text)))
	}
	k.size, k.err = len(text), err
}

func (k *keeper) failed() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

func (k *keeper) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return errors.Join(k.file.Sync(), k.file.Close())
}
