package bolt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/readyroom/readyroom/storage"
)

// childEnv names what a test binary does instead of testing: it is then the process that a test breaks.
const childEnv = "READYROOM_BOLT_CHILD"

// children are those processes. They get arguments, say lines, and end well unless they were broken.
var children = map[string]func(args []string) error{
	"image": imageTrials,
	"flip":  flipTrials,
}

func ctxOfChild() context.Context { return context.Background() }

func TestMain(m *testing.M) {
	if name := os.Getenv(childEnv); name != "" {
		if err := children[name](os.Args[1:]); err != nil {
			fmt.Println("fault", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// childCommand is a child under perhaps another program.
func childCommand(t *testing.T, under []string, name string, args ...any) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	line := append(append([]string{}, under...), self)
	for _, a := range args {
		line = append(line, fmt.Sprint(a))
	}
	cmd := exec.CommandContext(t.Context(), line[0], line[1:]...)
	cmd.Env = append(os.Environ(), childEnv+"="+name)
	return cmd
}

// runChild gives what a child said.
func runChild(t *testing.T, name string, args ...any) []string {
	t.Helper()
	out, err := childCommand(t, nil, name, args...).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return lines(out)
}

func lines(out []byte) (said []string) {
	for in := bufio.NewScanner(strings.NewReader(string(out))); in.Scan(); {
		said = append(said, in.Text())
	}
	return said
}

// word is an answer of Update or View in one word.
func word(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, new(*storage.Unknown)):
		return "unknown"
	case errors.Is(err, storage.ErrFull):
		return "full"
	}
	return "fault"
}
