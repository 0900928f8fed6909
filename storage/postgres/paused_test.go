//go:build unix

package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
)

// childEnv makes this program the old leader of TestPaused, on the store that it leads to.
const childEnv, childLease = "READYROOM_POSTGRES_CHILD", 300 * time.Millisecond

// child writes until it fails. Before each commit it says so and waits for a line.
func child(address string) int {
	dsn, schema, _ := strings.Cut(address, "|")
	ctx := context.Background()
	e, err := Open(ctx, dsn, Options{Schema: schema, Create: true, Holder: "old", Lease: childLease})
	if err != nil {
		fmt.Println("open:", err)
		return 1
	}
	lines := bufio.NewScanner(os.Stdin)
	for i := 0; ; i++ {
		err := e.Update(ctx, func(w storage.Writer) error {
			fmt.Println("ready", i)
			lines.Scan()
			return w.Put(fmt.Appendf(nil, "old %d", i), nil)
		})
		switch {
		case errors.Is(err, ErrLost):
			fmt.Println("lost")
			return 0
		case err != nil:
			fmt.Println("failed") // the database may have ended what stood still for too long
		default:
			fmt.Println("ok", i)
		}
	}
}

// A leader is stopped in a transaction, another takes its place, and the old one goes on: it writes nothing.
func TestPaused(t *testing.T) {
	schema := fresh()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dsn(t)+"|"+schema)
	cmd.Stderr = os.Stderr
	input, err1 := cmd.StdinPipe()
	output, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(output)
	wait := func(want string) {
		t.Helper()
		if !said.Scan() || said.Text() != want {
			t.Fatalf("the old leader says %q, want %q", said.Text(), want)
		}
	}
	write := func(lines string) {
		t.Helper()
		if _, err := io.WriteString(input, lines); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		wait(fmt.Sprint("ready ", i))
		write("\n")
		wait(fmt.Sprint("ok ", i))
	}
	wait("ready 3")
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	next := successor(t, schema)
	put(t, next, "new")
	want := []string{"new", "old 0", "old 1", "old 2"}
	hold(t, next, want...)
	write(strings.Repeat("\n", 100))
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(output)
	for said.Scan() { // what the scanner had read ahead
		rest = append([]byte(said.Text()+"\n"), rest...)
	}
	lines := strings.Fields(string(rest))
	if err := errors.Join(err, cmd.Wait()); err != nil || len(lines) == 0 || lines[len(lines)-1] != "lost" || slices.Contains(lines, "ok") {
		t.Errorf("it went on with %q: %v", rest, err)
	}
	hold(t, next, want...)
}

// successor opens the store as soon as its lease has run out.
func successor(t *testing.T, schema string) *Engine {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		e, err := Open(t.Context(), dsn(t), Options{Schema: schema})
		if err == nil {
			t.Cleanup(func() { e.Close() })
			return e
		}
		if !errors.As(err, new(*Held)) || time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
