package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
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
			"of the console itself. From a pipe it prints answers and new posts, and exits with 0.",
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
	source := newGit()
	cfg, err := loadConfig(ctx, f.config, source)
	if err != nil {
		return err
	}
	store, isNew, err := openData(ctx, f.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	memory, err := console.OpenMemory(filepath.Join(f.data, "console.jsonl"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	last, err := lastTime(ctx, store)
	if err != nil {
		return err
	}
	clock, err := console.ParseClock(f.clock, last, notBefore(last))
	if err != nil {
		return fmt.Errorf("--clock: %w", err)
	}
	if clock.Simulated() && cfg.Time.ZoneName == hostZone {
		cfg.Time.Zone = time.UTC
	}
	o, err := consoleOptions(ctx, f, cfg, store, source, memory, clock, errs)
	if err != nil {
		return err
	}
	o.In, o.Out = in, out
	o.Terminal = isTerminal(in)
	o.Banner = banner(ctx, f, cfg, isNew, source, o.Person)
	if !clock.Simulated() && last.After(time.Now()) {
		o.Banner = append(o.Banner, fmt.Sprintf("Time stands still at %s, where these data were left by a simulated clock, until the clock on the wall is there.",
			last.In(cfg.Time.Zone).Format("2006-01-02 15:04")))
	}
	stuck, err := waiting(ctx, store)
	if err != nil {
		return err
	}
	o.Banner = append(o.Banner, stuck...)
	refused, err := console.New(o).Run(ctx)
	if err == nil && refused {
		err = errRefused
	}
	return err
}

// notBefore is the clock on the wall, or the store's last time while that is ahead: what is recorded and what is due go
// by one time, which never goes back.
func notBefore(last time.Time) func() time.Time {
	return func() time.Time {
		if now := time.Now(); now.After(last) {
			return now
		}
		return last
	}
}

// waiting names what could not be delivered and waits for a human.
func waiting(ctx context.Context, s *storage.Store) ([]string, error) {
	all, err := s.Waiting(ctx)
	if err != nil {
		return nil, fmt.Errorf("what waits for a human: %w", err)
	}
	var out []string
	for _, p := range all {
		out = append(out, fmt.Sprintf("Not delivered: %s to %s (%s): %s", p.What, p.Place.Channel(), p.ID, workflows.Display(p.Err, 200)))
	}
	return out, nil
}

const hostZone = "host"

// consoleOptions puts the desk, the deliveries and the grammar together.
func consoleOptions(ctx context.Context, f consoleFlags, cfg config.Config, store *storage.Store, source *git.Git,
	memory *console.Memory, clock *console.Clock, errs io.Writer) (console.Options, error) {
	log := slog.New(slog.NewTextHandler(errs, nil))
	dc, err := deskConfig(cfg)
	if err != nil {
		return console.Options{}, err
	}
	if len(cfg.Owners) == 0 {
		return console.Options{}, fmt.Errorf("%s names no owner: nobody could sit at this console; → owners: [YOU]", cfg.Path)
	}
	d := desk.New(store, source, dc)
	if err := d.Start(ctx, clock.Now()); err != nil {
		return console.Options{}, err
	}
	b := &bot.Bot{Queue: store, Reader: d, Do: d.Do, Senders: map[string]chat.Sender{console.Platform: memory}, Log: log}
	ids, err := requestIDs()
	if err != nil {
		return console.Options{}, err
	}
	return console.Options{
		Handle: commands.Handler(d, log),
		Step:   func(ctx context.Context) (time.Time, bool, error) { return b.Step(ctx, clock.Now()) },
		Known: func(ctx context.Context, h workflows.Handle) bool {
			v, err := d.Who(ctx, h)
			return err == nil && v.Known
		},
		Join: dc.Join, Memory: memory, Clock: clock, IDs: ids, Person: string(cfg.Owners[0]), JSON: f.json, Strict: f.strict,
	}, nil
}

func isTerminal(in io.Reader) bool {
	file, ok := in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// banner says where things are, who sits here, and what to type first.
func banner(ctx context.Context, f consoleFlags, cfg config.Config, isNew bool, g *git.Git, person string) []string {
	data, who := "Data in "+f.data, "No "+defaultConfig+": you are @"+person+", sole owner"
	if isNew {
		data = "New data in " + f.data
	}
	if cfg.Path != "" {
		who = cfg.Path + ": you are @" + person
	}
	return []string{data + ". " + who + ". Slack off, Discord off.", worktree(ctx, g) + " Try: " + firstLines(ctx, g)}
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

// firstLines proposes a release of the product that the folder is called after.
func firstLines(ctx context.Context, g *git.Git) string {
	product := "app"
	if here, err := g.Where(ctx, "."); err == nil && workflows.ValidID(filepath.Base(here.Root)) && !commands.All.Reserved(filepath.Base(here.Root)) {
		product = filepath.Base(here.Root)
	}
	return fmt.Sprintf("/release new %s@1.0.0 · /release check · /release help", product)
}
