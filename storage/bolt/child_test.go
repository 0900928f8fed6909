package bolt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/storage"
)

const (
	childEnv  = "READYROOM_BOLT_CHILD" // the path of the database
	childSize = "READYROOM_BOLT_CHILD_SIZE"
)

// child writes ten rows and says after each commit what it was told: "ok 3", "full 4", "unknown 5 read=…". It ends
// when an outcome is unknown, that of opening too.
func child(path string) int {
	ctx := context.Background()
	e, err := Open(path, Options{})
	if err != nil {
		fmt.Println("open:", err)
		return 1
	}
	s, err := storage.Open(ctx, e, storage.Options{})
	if err != nil {
		fmt.Println("open:", errors.As(err, new(*storage.Unknown)))
		return 0
	}
	big := strings.Repeat("x", 300<<10)
	for i := range 10 {
		if i == 7 && os.Getenv(childSize) != "" {
			limitFile(0)
		}
		err := s.Update(ctx, func(tx *storage.Tx) error {
			return tx.PutAnswer(fmt.Sprint(i), storage.Answer{Print: big})
		})
		switch {
		case err == nil:
			fmt.Println("ok", i)
		case errors.Is(err, storage.ErrFull):
			fmt.Println("full", i)
		case errors.As(err, new(*storage.Unknown)):
			err := s.View(ctx, func(*storage.Tx) error { return nil })
			fmt.Println("unknown", i, errors.As(err, new(*storage.Unknown)))
			return 0
		default:
			fmt.Println("fault", i, err)
		}
		if i == 2 && os.Getenv(childSize) != "" {
			limitFile(1)
		}
	}
	return 0
}

// runChild runs it, perhaps under another program, and gives what it said.
func runChild(t *testing.T, path string, under []string, env ...string) (said []string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	line := append(under, self)
	cmd := exec.CommandContext(t.Context(), line[0], line[1:]...)
	cmd.Env = append(append(os.Environ(), childEnv+"="+path), env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for in := bufio.NewScanner(strings.NewReader(string(out))); in.Scan(); {
		said = append(said, in.Text())
	}
	return said
}

// kept says which of the child's rows are in the database.
func kept(t *testing.T, path string) (rows [10]bool) {
	t.Helper()
	s, err := storage.Open(t.Context(), opened(t, path, Options{}), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx *storage.Tx) error {
		for i := range rows {
			_, ok, err := tx.Answer(fmt.Sprint(i))
			if err != nil {
				return err
			}
			rows[i] = ok
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// hold compares what the child said with what is there.
func hold(t *testing.T, said []string, rows [10]bool) (unknown int) {
	t.Helper()
	for _, line := range said {
		var what, poisoned string
		var i int
		_, _ = fmt.Sscan(line, &what, &i, &poisoned)
		switch what {
		case "ok", "full":
			if rows[i] != (what == "ok") {
				t.Errorf("%q, and the row is there: %t", line, rows[i])
			}
		case "unknown":
			unknown++
			if poisoned != "true" {
				t.Errorf("%q: the store still served", line)
			}
		default:
			t.Errorf("the child said %q", line)
		}
	}
	return unknown
}

// Each call of fdatasync fails once, the first of a commit and the second. No answer may be wrong about it.
func TestFailingDisk(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	unknown := 0
	for n := 1; n <= 8; n++ {
		path := filepath.Join(t.TempDir(), "a.db")
		if err := opened(t, path, Options{Create: true}).Close(); err != nil {
			t.Fatal(err)
		}
		said := runChild(t, path, []string{strace, "-f", "-o", os.DevNull, "-e", "trace=fdatasync", "-e",
			fmt.Sprintf("inject=fdatasync:error=EIO:when=%d", n)})
		if len(said) > 0 && said[0] == "open: true" && n <= 2 { // the first opening's own commit
			unknown++
			continue
		}
		unknown += hold(t, said, kept(t, path))
	}
	if unknown != 8 {
		t.Errorf("8 faults, %d unknown outcomes", unknown)
	}
}
