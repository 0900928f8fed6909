package datadir

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestBeside: whoever comes too late is told so, and what the other made stands. A restore that would pass over it would
// say that it put back what it threw away.
func TestBeside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	taken := func(tmp string) error {
		return errors.Join(os.WriteFile(filepath.Join(tmp, "ours"), nil, fileMode), os.Mkdir(dir, 0o700),
			os.WriteFile(filepath.Join(dir, "theirs"), nil, fileMode))
	}
	if err := beside(dir, taken); !errors.Is(err, errTaken) {
		t.Errorf("too late: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 || entries[0].Name() != "theirs" {
		t.Errorf("the directory holds %v (%v)", entries, err)
	}
}
