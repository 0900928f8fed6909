// Command readyroom is the release bot: one binary, one data directory, one optional file of configuration.
//
// This package alone reads the environment and the clock, and knows every part; it hands each what it needs and holds no
// rules of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones, wherever the binary runs

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// errRefused ends the program with 1 and says nothing more: the answers said it.
var errRefused = errors.New("a line was refused")

// interrupted is the exit status of what was ended by a signal before it was done, as a shell has it: whoever goes on
// after `readyroom verify` must not take it for an answer.
const interrupted = 130

const consoleName = "console"

// run is the program with its surroundings passed in.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := &cobra.Command{
		Use:   "readyroom",
		Short: "Release checklists, sign-offs, flags, notes and briefings, from chat",
		Long: "Readyroom runs releases from chat: checklists with a definition of ready and of done, sign-offs that go\n" +
			"stale when what they vouched for changes, flags that obey the gates, briefings that must be read.\n\n" +
			"What is typed in chat is explained by help, too: readyroom help chat, help sign, help item waive; and how it\n" +
			"works: help gates, votes, turns, risk, roles, overrides. A configuration's own names are in /release help.",
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(serveCommand(), consoleCommand(), runCommand(), statusCommand(), undeliveredCommand(), reloadCommand(), backupCommand(), evidenceCommand(), exportCommand(),
		restoreCommand(), verifyCommand(), initCommand(), lintCommand(), doctorCommand(), discordCommand(), schemaCommand(), verifyFileCommand())
	root.SetHelpCommand(helpCommand())
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	c, err := root.ExecuteContextC(ctx)
	if errors.Is(err, context.Canceled) {
		if c.Name() == serveName || c.Name() == consoleName {
			return 0 // they last until somebody ends them
		}
		err = &ending{Code: interrupted, Words: c.Name() + " was interrupted, and is not done → the same again"}
	}
	end := endingOf(err)
	if end.Words != "" {
		fmt.Fprintln(errs, "readyroom: "+end.Words)
	}
	return end.Code
}
