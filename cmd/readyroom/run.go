package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/workflows"
)

// conversation is what `readyroom run` asks: some lines as one person types them in one channel.
type conversation struct {
	Lines   []string           `json:"lines"`
	By      workflows.PersonID `json:"by,omitempty"` // empty: the first owner
	Channel string             `json:"channel,omitempty"`
	JSON    bool               `json:"json,omitempty"`
}

func runCommand() *cobra.Command {
	var w wiring
	var c conversation
	var by string
	cmd := &cobra.Command{
		Use:   "run LINE...",
		Short: "Type lines as if in chat, for the day the chat is down",
		Long: "Type lines as if in chat, for the day the chat is down: the bot that is running on the data answers them, or, where\n" +
			"none is, this process. Who may run this may speak as anybody: it is for whoever runs the bot. Exits with 1 if a\n" +
			"line was refused.",
		Example: "  readyroom run '/release status'\n  readyroom run --by ana '#app' 'sign tests -- looked at each'\n" +
			"  readyroom run 'brief draft' '!fill help=\"ask for the number\"'",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.Lines, c.By, w.log = args, workflows.PersonID(strings.TrimPrefix(by, "@")), quiet(cmd.ErrOrStderr())
			return operate(cmd.Context(), w, "run", c, cmd.OutOrStdout())
		},
	}
	whereFlags(cmd, &w)
	cmd.Flags().StringVar(&by, "by", "", "the person who types (default: the first owner)")
	cmd.Flags().StringVar(&c.Channel, "channel", "#general", "the channel they type in")
	cmd.Flags().BoolVar(&c.JSON, "json", false, "print one JSON object a line")
	return cmd
}

// whereFlags are those of every subcommand that asks the running bot, or begins one.
func whereFlags(c *cobra.Command, w *wiring) {
	c.Flags().StringVar(&w.dir, "data", defaultData, "the data directory")
	c.Flags().StringVar(&w.config, "config", "", "the configuration, where no bot is running (default: "+defaultConfig+" if it is there)")
}

// converse types lines and prints what is answered, and what they post.
func (r *running) converse(ctx context.Context, c conversation, out io.Writer) error {
	by, err := r.speaker(ctx, c)
	if err != nil {
		return err
	}
	o, err := r.consoleOptions()
	if err != nil {
		return err
	}
	form := ""
	o.Handle = func(ctx context.Context, q chat.Request) chat.Reply {
		reply := r.handle(ctx, q)
		if form = ""; reply.Form != nil {
			form = q.Text
		}
		return reply
	}
	var said bytes.Buffer
	o.In, o.Out, o.JSON, o.Strict = strings.NewReader(strings.Join(c.Lines, "\n")+"\n"), &said, c.JSON, true
	o.Person, o.Channel = string(by), c.Channel
	refused, busy, err := r.talk(ctx, o)
	if _, failed := said.WriteTo(out); failed != nil {
		err = errors.Join(err, fmt.Errorf("print the answers: %w", failed))
	}
	if form != "" && !c.JSON {
		fmt.Fprintf(out, "  nothing happened yet; here: readyroom run %s '!fill key=value …'\n", quoted(workflows.Display(form, 200)))
	}
	if err == nil && form != "" { // what was asked for is not done, and a script must see that
		err = errRefused
	}
	if busy && !c.JSON {
		fmt.Fprintln(out, "The bot is busy delivering: what this posts follows. → readyroom status")
	}
	if err == nil && refused {
		err = errRefused
	}
	return err
}

// talk types lines. What they post is delivered in between; when somebody else is delivering for long, it is left to
// them. Nothing waits here for whoever reads the answers: as long as it has the turn, nobody else delivers.
func (r *running) talk(ctx context.Context, o console.Options) (refused, busy bool, err error) {
	busy = !r.queue(ctx)
	if !busy {
		defer r.pass()
		r.step(ctx)
		r.memory.Forget()
	}
	o.Step = func(ctx context.Context) (time.Time, bool, error) {
		if !busy {
			r.step(ctx)
		}
		return time.Time{}, false, nil
	}
	refused, err = console.New(o).Run(ctx)
	return refused, busy, err
}

// speaker is the person who types. Where the store cannot say who is known, the answer to the line will.
func (r *running) speaker(ctx context.Context, c conversation) (workflows.PersonID, error) {
	if c.By == "" {
		first, ok := r.firstOwner(ctx)
		if !ok {
			return "", workflows.Refuse(workflows.UnknownPerson, "this bot has no owner yet, so nobody types here unless you say who").
				Type("readyroom run --by PERSON '/release status'", "readyroom init")
		}
		return first, nil
	}
	v, err := r.desk.Who(ctx, workflows.Handle(console.Platform+"/"+string(c.By)))
	mute := !workflows.ValidID(string(c.By)) || !strangers(c.Lines) // to whom nobody listens unless they are known
	if err == nil && !v.Known && mute {
		return "", workflows.Refuse(workflows.UnknownPerson, "nobody here is @"+workflows.Display(string(c.By), 40)).Type(join(*r.cfg.Load()))
	}
	return c.By, nil
}

// queue waits for the turn to deliver, for a while; false: it did not come.
func (r *running) queue(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	select {
	case r.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// step delivers what is due, in one's turn. What fails stays in the queue, and is told by the log. Without a store there
// is nothing to deliver.
func (r *running) step(ctx context.Context) {
	if r.bot == nil {
		return
	}
	ctx, cancel := bot.Outlive(ctx) // whoever asked may hang up in the middle of a send
	defer cancel()
	if _, _, err := r.bot.Step(ctx, r.clock.Now()); err != nil {
		r.log.WarnContext(ctx, "delivering failed", "error", err)
	}
}

// quoted is a word as a shell reads it.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
