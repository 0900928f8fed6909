//go:build unix

package bolt

import (
	"fmt"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/readyroom/readyroom/storage"
)

func init() { children["fill"] = childFill }

// limitFile keeps this process from writing files beyond n MiB; zero lifts that.
func limitFile(n uint64) error {
	signal.Ignore(syscall.SIGXFSZ)
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
		return err
	}
	if l.Cur = n << 20; n == 0 {
		l.Cur = l.Max
	}
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l)
}

// childFill asks ten times, with heavy messages. From the third on the disk is full, and from the eighth no more.
func childFill(args []string) error {
	ctx := ctxOfChild()
	s, _, err := openStore(ctx, args[0], Options{})
	if err != nil {
		return err
	}
	for i := range 10 {
		switch i {
		case 3:
			err = limitFile(1)
		case 7:
			err = limitFile(0)
		}
		if err != nil {
			return err
		}
		told := word(s.Update(ctx, act(i, 300<<10)))
		var stands string
		err := s.View(ctx, func(tx *storage.Tx) (err error) { stands, err = standing(tx, i); return err })
		fmt.Println(told, word(err), stands)
	}
	return s.Close()
}

// A full disk refuses, is read all the same, keeps what is there, and is forgotten once there is space.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	if err := opened(t, path, Options{Create: true}).Close(); err != nil {
		t.Fatal(err)
	}
	said := runChild(t, "fill", path)
	if len(said) != 10 || !slices.Contains(said[3:7], "full ok none") {
		t.Fatalf("the child said %q", said)
	}
	for i, line := range said {
		if line != "ok ok whole" && (line != "full ok none" || i < 3 || i > 6) {
			t.Errorf("ask %d: %s", i, line)
		}
	}
	s, e, err := openStore(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(t.Context(), func(tx *storage.Tx) error {
		for i, line := range said {
			if how, err := standing(tx, i); err != nil || !strings.HasSuffix(line, how) {
				t.Errorf("ask %d was told %s, and stands %s, %v", i, line, how, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := e.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
