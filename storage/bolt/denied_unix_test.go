//go:build unix

package bolt

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const nobody = 65534

func init() { children["open"] = childOpen }

// childOpen opens a database as somebody whom file modes bind, and says how that went.
func childOpen(args []string) error {
	if os.Geteuid() == 0 {
		if err := syscall.Setuid(nobody); err != nil {
			return err
		}
	}
	var e *Engine
	var err error
	if args[1] == "read" {
		e, err = OpenReadOnly(args[0])
	} else {
		e, err = Open(args[0], Options{Create: args[1] == "create"})
	}
	if err != nil {
		fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		return nil
	}
	fmt.Println("opened")
	return e.Close()
}

// Who may not is told the path, its mode, and who he is.
func TestDenied(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, folder os.FileMode
		how          string
		want         []string
	}{
		"a file not to be read":      {0o000, 0o755, "read", []string{"FILE has mode ---------- (0)", "permission denied"}},
		"a file not to be written":   {0o444, 0o755, "write", []string{"FILE has mode -r--r--r-- (0444)", "this process is user", "permission denied"}},
		"a file to be read":          {0o444, 0o755, "read", []string{"opened"}},
		"a folder not to be seen":    {0o644, 0o000, "write", []string{"FOLDER has mode d--------- (0)", "permission denied"}},
		"a folder not to be written": {0, 0o555, "create", []string{"create database FILE", "FOLDER has mode dr-xr-xr-x (0555)", "permission denied"}},
		"a file only to be written":  {0o200, 0o755, "write", []string{"FILE has mode --w------- (0200)"}},
	} {
		folder, err := os.MkdirTemp("", "denied-*")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, "a.db")
		if c.how != "create" {
			writeFile(t, path, readFile(t, made(t)))
			if err := os.Chmod(path, c.file); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(folder, c.folder); err != nil {
			t.Fatal(err)
		}
		said := strings.Join(runChild(t, "open", path, c.how), " ")
		for _, want := range c.want {
			want = strings.NewReplacer("FILE", path, "FOLDER", folder).Replace(want)
			if !strings.Contains(said, want) {
				t.Errorf("%s: it said %q, want %q", name, said, want)
			}
		}
		if err := os.Chmod(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
	}
}
