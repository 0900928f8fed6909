package bolt

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

func init() { children["mounted"] = childMounted }

// childMounted has its own view of the file systems, in which the folder at args[1] is read-only.
func childMounted(args []string) error {
	const bind = syscall.MS_BIND
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := syscall.Mount(args[1], args[1], "", bind, ""); err != nil {
		return err
	}
	if err := syscall.Mount("", args[1], "", bind|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		return err
	}
	return childOpen([]string{args[0], args[2]})
}

func TestReadOnlyFileSystem(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root mounts a read-only file system")
	}
	dir, err := os.MkdirTemp("", "readonly-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	// It is open to all, so that only the file system refuses.
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	path := dir + "/a.db"
	writeFile(t, path, readFile(t, made(t)))
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	for how, want := range map[string]string{"write": "its file system is read-only", "create": "its file system is read-only", "read": "opened"} {
		path := path
		if how == "create" {
			path = dir + "/b.db"
		}
		cmd := childCommand(t, nil, "mounted", path, dir, how)
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
		out, err := cmd.Output()
		if err != nil && strings.Contains(string(out)+err.Error(), "not permitted") {
			t.Skipf("mounting is not permitted here: %v: %s", err, out)
		}
		if said := string(out); err != nil || !strings.Contains(said, want) || how != "read" && !strings.Contains(said, path) {
			t.Errorf("%s: %v: %q", how, err, said)
		}
	}
}
