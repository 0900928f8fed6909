//go:build unix

package bolt

import (
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// limitFile keeps this process from writing files beyond n MiB; zero lifts that.
func limitFile(n uint64) {
	signal.Ignore(syscall.SIGXFSZ)
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
		panic(err)
	}
	if l.Cur = n << 20; n == 0 {
		l.Cur = l.Max
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
		panic(err)
	}
}

// A full disk refuses, keeps what is there, and is forgotten once there is space.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	if err := opened(t, path, Options{Create: true}).Close(); err != nil {
		t.Fatal(err)
	}
	said := runChild(t, path, nil, childSize+"=1")
	if unknown := hold(t, said, kept(t, path)); unknown > 0 {
		t.Error("an outcome was unknown")
	}
	all := strings.Join(said, "\n")
	if strings.Count(all, "full") == 0 || !strings.Contains(all, "ok 7") || !strings.HasSuffix(all, "ok 9") {
		t.Errorf("it said %q", said)
	}
}
