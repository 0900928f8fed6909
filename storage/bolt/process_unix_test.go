//go:build unix

package bolt

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func init() { children["hold"] = childHold }

// childHold holds the database and asks once for each line it reads.
func childHold(args []string) error {
	s, _, err := openStore(ctxOfChild(), args[0], Options{})
	if err != nil {
		return err
	}
	fmt.Println("held")
	in := bufio.NewScanner(os.Stdin)
	for i := 0; in.Scan(); i++ {
		fmt.Println("ask", i, word(s.Update(ctxOfChild(), act(1000+i, 10))))
	}
	return s.Close()
}

// A second process is refused, also while the first stands still; the first goes on as if nothing had been.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	path := full(t)
	cmd := childCommand(t, nil, "hold", path)
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	say := func(want string) {
		t.Helper()
		if !said.Scan() || said.Text() != want {
			t.Fatalf("the first said %q, want %q", said.Text(), want)
		}
	}
	signal := func(s os.Signal) {
		t.Helper()
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	say("held")
	refused(t, path)
	signal(syscall.SIGSTOP)
	refused(t, path)
	signal(syscall.SIGCONT)
	for i := range 3 {
		if _, err := fmt.Fprintln(in); err != nil {
			t.Fatal(err)
		}
		say(fmt.Sprintf("ask %d ok", i))
	}
	if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
		t.Fatal(err)
	}
	if b, _, found := look(t.Context(), path); found != "" || !strings.Contains(b.String(), `"Ask":"ask-1002"`) {
		t.Errorf("what the first wrote is not there; found damaged by %q", found)
	}
}

func refused(t *testing.T, path string) {
	t.Helper()
	for name, open := range map[string]func() (*Engine, error){
		"to write": func() (*Engine, error) { return Open(path, Options{}) },
		"to read":  func() (*Engine, error) { return OpenReadOnly(path) },
	} {
		start := time.Now()
		e, err := open()
		if err == nil {
			_ = e.Close()
		}
		if took := time.Since(start); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), path) || took > 2*time.Second {
			t.Errorf("%s: %v after %v", name, err, took)
		}
	}
}
