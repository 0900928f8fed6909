package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/commands"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// helpCommand explains the program's own commands, and what is typed in chat: it needs no data and no configuration.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | WORD…]",
		Short: "Explain a command of this program, or what is typed in chat: help sign, help item waive, help votes",
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			if len(args) == 0 {
				return root.Help()
			}
			if own, rest, err := root.Find(args); err == nil && own != root && len(rest) == 0 {
				return own.Help()
			}
			return explain(c, strings.Join(args, " "))
		},
	}
}

// explain prints what is typed in chat, as far as it is the same everywhere.
func explain(c *cobra.Command, topic string) error {
	general := topic == "" || topic == "chat"
	if general {
		topic = ""
	}
	var templates []string
	for name := range release.Templates() {
		templates = append(templates, name)
	}
	slices.Sort(templates)
	here := commands.Here{Allowed: func(workflows.Need) bool { return true },
		Settings: todo.Settings{Templates: templates, Default: release.DefaultTemplate}, Roles: everyRole()}
	reply, err := commands.All.Help(topic, here)
	if no := new(workflows.Refusal); errors.As(err, &no) {
		return &ending{Code: 1, Words: cards.Refusal(no).Title}
	}
	if err != nil {
		return err
	}
	out := c.OutOrStdout()
	fmt.Fprintln(out, reply.Message.Title)
	for _, line := range reply.Message.Lines {
		fmt.Fprintln(out, "  "+line)
	}
	if general {
		fmt.Fprintln(out, "  In Slack and Discord: /release …, or @readyroom … in a thread; how it gets there: readyroom help doctor, and the README")
	}
	return nil
}

// everyRole is what the reader of a manual may come to hold.
func everyRole() []policy.Holding {
	var out []policy.Holding
	for _, r := range workflows.Roles() {
		out = append(out, policy.Holding{Role: r})
	}
	return out
}
