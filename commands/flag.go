package commands

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
)

var (
	flagParam = chat.Param{Name: "flag", Kind: chat.KindFlag, Short: "the flag's key", Required: true, Hint: "F"}
	envParam  = chat.Param{Name: "env", Kind: chat.KindText, Short: "the environment; the one users are in when left out", Option: true}
)

// flags are those of the release that is named, or all.
func (c *Call) flags(ctx context.Context) ([]flag.Flag, error) {
	var id workflows.ReleaseID
	if c.Args.On.Release != "" {
		r, err := c.release(ctx)
		if err != nil {
			return nil, err
		}
		id = r.ID
	}
	return c.Desk.Flags(ctx, id)
}

var flagList = Command{
	Command: chat.Command{Path: []string{"flag", "list"}, Short: "Flags: how far each is open, when it expires"},
	Needs:   workflows.Member, Examples: []string{"flag list"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		flags, err := c.flags(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Flags(flags, c.view()))
	},
}

var flagShow = Command{
	Command: chat.Command{Path: []string{"flag", "show"}, Short: "One flag; with --for, what one user gets", Params: []chat.Param{
		flagParam,
		{Name: "for", Kind: chat.KindText, Short: "a user's key", Option: true, Hint: "KEY"},
		envParam,
	}},
	Needs: workflows.Member, Examples: []string{"flag show invoices", "flag show invoices --for user-42"}, Show: showFlag,
}

func showFlag(ctx context.Context, c *Call) (chat.Reply, error) {
	if c.Args.Has("for") {
		return evaluateFlag(ctx, c)
	}
	f, err := c.Desk.Flag(ctx, c.Args.On.Flag)
	if err != nil {
		return chat.Reply{}, err
	}
	r, err := c.Desk.Release(ctx, workflows.Selectors{Release: string(f.Release)}, "")
	if err != nil {
		return chat.Reply{}, err
	}
	return message(cards.Flag(f, c.Desk.Environments(f.Release.Product()), r.Standing(), c.view()))
}

// evaluateFlag asks nothing but what applications ask, so it answers even while the store cannot be read.
func evaluateFlag(ctx context.Context, c *Call) (chat.Reply, error) {
	env := workflows.Environment(c.Args.Text("env"))
	e, err := c.Desk.Evaluate(env, workflows.FlagKey(c.Args.On.Flag), c.Args.Text("for"))
	if err == nil {
		return message(cards.Evaluation(e, c.Args.Text("for"), c.view()))
	}
	if !errors.Is(err, flag.ErrNotFound) {
		return chat.Reply{}, err
	}
	f, err := c.Desk.Flag(ctx, c.Args.On.Flag) // if it is the flag that is unknown, this refuses and says which there are
	if err != nil {
		return chat.Reply{}, err
	}
	var known []string
	for _, e := range c.Desk.Environments(f.Release.Product()) {
		known = append(known, string(e))
	}
	return chat.Reply{}, workflows.Refuse(flag.UnknownEnvironment, fmt.Sprintf("there is no environment %s; there is %s",
		workflows.Display(string(env), 40), strings.Join(known, ", "))).Type("/release flag show " + string(f.Key))
}

var flagNew = Command{
	Command: chat.Command{Path: []string{"flag", "new"}, Short: "Make a flag for a release, off everywhere", Params: []chat.Param{
		{Name: "flag", Kind: chat.KindText, Short: "the flag's key", Required: true, Hint: "F"},
		{Name: "why", Kind: chat.KindText, Short: "what it is for", Option: true},
		{Name: "expires", Kind: chat.KindDate, Short: "when it should be gone; in 90 days when left out", Option: true},
	}},
	Needs: workflows.Maker, Examples: []string{"flag new invoices"},
	Wish: func(a Args) (workflows.Intent, error) {
		expires, _ := a.Date("expires")
		return flag.New{Key: workflows.FlagKey(a.Text("flag")), Why: a.Text("why"), Expires: expires}, nil
	},
	Form: aboutRelease("New flag", "Make it", chat.Field{Key: "flag", Label: "Its key", Hint: "invoices", Required: true},
		chat.Field{Key: "why", Label: "What it is for"}, chat.Field{Key: "expires", Label: "When it should be gone", Hint: "90d when left out"}),
	Done: flagDone,
}

var flagSet = Command{
	Command: chat.Command{Path: []string{"flag", "set"}, Short: "Open a flag to a share of the users of an environment", Params: []chat.Param{
		flagParam,
		{Name: "to", Kind: chat.KindText, Short: "on, off, or a whole percentage", Required: true, Hint: "on|off|10%"},
		envParam,
		{Name: "note", Kind: chat.KindRest, Short: "why"},
	}},
	Needs: workflows.Maker, Examples: []string{"flag set invoices 10%", "flag set invoices on --env staging"},
	Wish: func(a Args) (workflows.Intent, error) {
		percent, err := percentage(a.Text("to"))
		return flag.Set{Env: workflows.Environment(a.Text("env")), Percent: percent, Note: a.Note}, err
	},
	Form: flagForm("Set", chat.Field{Key: "to", Label: "For how many users", Hint: "on, off, or 10%", Required: true},
		chat.Field{Key: "env", Label: "Environment", Hint: "the one users are in when left out"}, chat.Field{Key: "note", Label: "Why"}),
	Done: flagDone,
}

// percentage reads on, off, 10% or 10.
func percentage(text string) (int, error) {
	switch text {
	case "on":
		return 100, nil
	case "off":
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(text, "%"))
	if err != nil || n < 0 || n > 100 {
		return 0, workflows.Refuse(workflows.Invalid, workflows.Display(text, 20)+" is no share of users: on, off, or 0% to 100%, whole").
			In("to").Type("/release flag set F 10%")
	}
	return n, nil
}

var flagKill = Command{
	Command: chat.Command{Path: []string{"flag", "kill"}, Short: "Turn a flag off for everyone, everywhere, at once", Params: []chat.Param{
		flagParam,
		{Name: "reason", Kind: chat.KindRest, Short: "why", Required: true},
	}},
	Needs: workflows.Maker, Examples: []string{"flag kill invoices -- wrong totals"},
	Wish: func(a Args) (workflows.Intent, error) { return flag.Kill{Note: a.Note}, nil },
	Form: flagForm("Kill", chat.Field{Key: "reason", Label: "Why", Hint: "it is off for everyone at once", Required: true, Long: true}),
	Done: flagDone,
}

var flagExpire = Command{
	Command: chat.Command{Path: []string{"flag", "expire"}, Short: "Say when a flag should be gone", Params: []chat.Param{
		flagParam,
		{Name: "on", Kind: chat.KindDate, Short: "a date, or never", Required: true, Choices: []string{"never"}},
	}},
	Needs: workflows.Maker, Examples: []string{"flag expire invoices 2027-01-31", "flag expire invoices never"},
	Wish: func(a Args) (workflows.Intent, error) {
		on, _ := a.Date("on")
		return flag.Expire{On: on, Never: a.Text("on") == "never"}, nil
	},
	Done: flagDone,
}

func flagDone(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
	before, _ := r.Before.(flag.Flag)
	return message(cards.FlagChanged(before, after[flag.Flag](r), c.view()))
}
