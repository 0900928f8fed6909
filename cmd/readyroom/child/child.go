// Package child runs this very program again as a child with a deadline, for work that may hang or crash on a damaged
// file and must not take the bot with it; and the editor that whoever sits at the console chose. It must not run any
// other program.
package child

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// limit is how much of what a child says is kept, in bytes.
const limit = 1 << 20

// ErrDeadline is wrapped when the child was not done in time.
var ErrDeadline = errors.New("it was not done in time")

// Run runs the program with these arguments and gives what it printed. A child that is not done in time is killed; one
// that exits with anything but 0 gives an error with the last it said, beside what it printed.
func Run(ctx context.Context, deadline time.Duration, args ...string) ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, deadline, ErrDeadline)
	defer cancel()
	var out, errs bounded
	c := exec.CommandContext(ctx, self, args...)
	c.Stdout, c.Stderr = &out, &errs
	c.WaitDelay = time.Second // for pipes that something else holds open
	err = c.Run()
	switch {
	case errors.Is(context.Cause(ctx), ErrDeadline):
		return out.Bytes(), fmt.Errorf("run %s: %w: %s", args[0], ErrDeadline, deadline)
	case ctx.Err() != nil:
		return out.Bytes(), ctx.Err()
	case err != nil:
		return out.Bytes(), fmt.Errorf("run %s: %w%s", args[0], err, last(errs.String()))
	}
	return out.Bytes(), nil
}

// Status is the exit status of a child that ended by itself with an error; zero for every other error.
func Status(err error) int {
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return 0
	}
	return max(ended.ExitCode(), 0)
}

// last is the end of what a child complained of, on one line.
func last(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	if s = lines[0]; s == "" { // of a crash, the first line says it
		return ""
	}
	return ": " + s[:min(len(s), 500)]
}

// bounded keeps the beginning of what is written to it.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if room := limit - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
