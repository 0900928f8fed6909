package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/cmd/readyroom/child"
	"github.com/readyroom/readyroom/commands"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
)

// consoleFlags are what `readyroom console` takes.
type consoleFlags struct {
	data, config, clock string
	json, strict        bool
}

func consoleCommand() *cobra.Command {
	var f consoleFlags
	c := &cobra.Command{
		Use:   "console",
		Short: "The whole bot, with this terminal for a chat",
		Long: "The whole bot, with this terminal for a chat. A line is [@person] [#channel] /release …; !help lists the words\n" +
			"of the console itself. A form that asks for one text opens $VISUAL or $EDITOR. From a pipe it prints answers and\n" +
			"new posts, and exits with 0.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return runConsole(c.Context(), f, c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&f.data, "data", defaultData, "the data directory; it is made if there is none")
	c.Flags().StringVar(&f.config, "config", "", "the configuration (default: "+defaultConfig+" if it is there)")
	c.Flags().StringVar(&f.clock, "clock", "real", "real, simulated, or simulated=2026-01-05T09:00:00Z")
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	c.Flags().BoolVar(&f.strict, "strict", false, "exit with 1 if any line was refused")
	return c
}

// runConsole wires the bot to a terminal and runs it.
func runConsole(ctx context.Context, f consoleFlags, in io.Reader, out, errs io.Writer) (err error) {
	tty := terminalOf(in, out, f.json)
	if tty != nil && isTerminal(errs) {
		errs = tty // what is logged stands clear of the line that is being typed
	}
	r, err := begin(ctx, wiring{command: "console", dir: f.data, config: f.config, create: true, acts: true, keyboard: true,
		clock: f.clock, log: slog.New(slog.NewTextHandler(errs, nil))})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	cfg := *r.cfg.Load()
	if len(cfg.Owners) == 0 {
		return fmt.Errorf("%s names no owner: nobody could sit at this console; → owners: [YOU]", cfg.Path)
	}
	o, err := r.consoleOptions()
	if err != nil {
		return err
	}
	stop := r.lookAside(ctx)
	defer stop()
	o.Step = r.stepByHand
	o.In, o.Out, o.JSON, o.Strict, o.Terminal = in, out, f.json, f.strict, isTerminal(in)
	o.TTY, o.History, o.Complete, o.People = tty, filepath.Join(r.dir, "console.history"), commands.Completer(r.desk), r.people
	o.Person, o.Folder = string(cfg.Owners[0]), "."
	if tty != nil {
		o.Edit = editor()
	}
	if o.Banner, err = r.banner(ctx); err != nil {
		return err
	}
	refused, err := console.New(o).Run(ctx)
	if err == nil && refused {
		err = errRefused
	}
	return err
}

// editor is the program in which whoever sits here edits a text; nil where they named none.
func editor() func(ctx context.Context, name, text string) (string, error) {
	program := cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"))
	if strings.TrimSpace(program) == "" {
		return nil
	}
	return func(ctx context.Context, name, text string) (string, error) {
		edited, err := child.Edit(ctx, program, name, text)
		if errors.Is(err, child.ErrEditor) {
			err = workflows.Refuse(console.Unedited, err.Error()+": nothing was sent").By("whoever sets VISUAL or EDITOR").Type("!fill text=…")
		}
		return edited, err
	}
}

// consoleOptions is a console over the running bot; who sits there, how it steps and where it prints is for others to say.
func (r *running) consoleOptions() (console.Options, error) {
	ids, err := requestIDs()
	return console.Options{Handle: r.handle, Known: r.known, Join: join(*r.cfg.Load()), Memory: r.memory, Clock: r.clock, IDs: ids}, err
}

// waiting names what could not be delivered and waits for a human.
func waiting(ctx context.Context, s *storage.Store) ([]string, error) {
	all, err := desk.Waiting(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("what waits for a human: %w", err)
	}
	var out []string
	for _, p := range all {
		how, why := "Not delivered", p.Err
		if p.State == storage.Dead && p.Kind == workflows.Act && p.Place == "" {
			how, why = "Refused, and not done", strings.TrimPrefix(p.Err, string(chat.Fatal)+": ")
		}
		out = append(out, fmt.Sprintf("%s: %s (%s): %s", how, whither(p.What, p.Place, p.Stream), p.ID, workflows.Display(why, 400)))
	}
	return out, nil
}

// whither is what was to be delivered, and where; an act that goes to no place is of a release.
func whither(what string, to workflows.Place, of workflows.Stream) string {
	if to == "" {
		return fmt.Sprintf("%s for %s", what, of.ID())
	}
	return fmt.Sprintf("%s to %s", what, to.Channel())
}

const hostZone = "host"

// isTerminal reports whether what is read from or written to is a terminal.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// terminalOf is where lines are edited; nil where that cannot be, or is not wanted: then they are read whole.
func terminalOf(in io.Reader, out io.Writer, asJSON bool) *console.TTY {
	if asJSON || !isTerminal(in) || !isTerminal(out) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	return console.NewTTY(in.(*os.File), out.(*os.File), os.Getenv("NO_COLOR") == "")
}

// people are those that may be named, as of now.
func (r *running) people(ctx context.Context) []string {
	v, err := r.desk.Who(ctx, "")
	if err != nil {
		return nil // they can still be typed
	}
	var out []string
	for id := range v.Book.People {
		out = append(out, string(id))
	}
	slices.Sort(out)
	return out
}

// banner says where things are, who sits here, what to type first, and what waits for a human.
func (r *running) banner(ctx context.Context) ([]string, error) {
	cfg := r.cfg.Load()
	person := string(cfg.Owners[0])
	data, who := "Data in "+r.dir, "No "+defaultConfig+": you are @"+person+", sole owner"
	if r.data.New {
		data = "New data in " + r.dir
	}
	if cfg.Path != "" {
		who = cfg.Path + ": you are @" + person
	}
	lines := []string{data + ". " + who + ". Slack off, Discord off." + r.forgeStands(), r.readsFrom(ctx) + " Try: " + r.firstLines(ctx)}
	if now := r.clock.Now(); !r.clock.Simulated() && now.After(time.Now()) {
		lines = append(lines, fmt.Sprintf("Time stands still at %s, where these data were left by a simulated clock, until the clock on the wall is there.",
			now.In(cfg.Time.Zone).Format("2006-01-02 15:04")))
	}
	stuck, err := waiting(ctx, r.data.Store)
	if len(stuck) > 0 {
		stuck = append(stuck, "Look whether it is there; after !quit: readyroom undelivered ID sent, again or drop")
	}
	return append(lines, stuck...), err
}

// readsFrom says where the commits of releases are read: in the work tree here, or at GitHub.
func (r *running) readsFrom(ctx context.Context) string {
	if _, err := r.source.Where(ctx, "."); err != nil && r.forge != nil && len(r.forges()) > 0 {
		return "Commits are read at GitHub: " + strings.Join(r.forges(), ", ") + "."
	}
	return worktree(ctx, r.source)
}

// worktree says where the work tree here stands.
func worktree(ctx context.Context, g *git.Git) string {
	here, err := g.Where(ctx, ".")
	switch {
	case err != nil:
		return "No git work tree here: releases have no candidate."
	case here.Head == "":
		return fmt.Sprintf("This work tree: %s has no commit yet.", here.Branch)
	case here.Branch == "":
		return fmt.Sprintf("This work tree: detached at %s.", workflows.ShortID(here.Head))
	}
	return fmt.Sprintf("This work tree: %s at %s.", here.Branch, workflows.ShortID(here.Head))
}

// firstLines proposes a release: of the configured product whose work tree this folder is in, else of the first one; where
// none is configured, of a product that the folder is called after.
func (r *running) firstLines(ctx context.Context) string {
	here, err := r.source.Where(ctx, ".")
	product, products := "app", r.cfg.Load().Products
	switch names := slices.Sorted(maps.Keys(products)); {
	case len(names) > 0:
		product = string(names[0])
		for _, name := range names {
			if p := products[name]; err == nil && p.Repository != "" && r.within(ctx, p.Repository, here) {
				product = string(name)
				break
			}
		}
	case err == nil && workflows.ValidID(filepath.Base(here.Root)) && !commands.All.Reserved(filepath.Base(here.Root)):
		product = filepath.Base(here.Root)
	}
	return fmt.Sprintf("/release new %s@1.0.0 · /release check · /release help", product)
}

// within reports whether a repository is the work tree here.
func (r *running) within(ctx context.Context, repository string, here git.Here) bool {
	there, err := r.source.Where(ctx, repository)
	return err == nil && there.Root == here.Root
}
