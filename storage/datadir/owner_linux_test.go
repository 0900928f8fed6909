package datadir_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/readyroom/readyroom/storage/datadir"
)

// What root puts back belongs to whoever the directory belongs to: the service runs as them.
func TestRestoredByRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := filled(t, 2)
	const nobody = 65534
	if err := os.Chown(dir, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	if _, err := datadir.Restore(t.Context(), dir, datadir.Database(dir), "root", noon, whole); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{datadir.Database(dir), filepath.Join(dir, "tip")} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if s := info.Sys().(*syscall.Stat_t); s.Uid != nobody || s.Gid != nobody {
			t.Errorf("%s belongs to %d", name, s.Uid)
		}
	}
}
