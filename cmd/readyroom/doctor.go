package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

func doctorCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look at the chats the bot is to speak to: tokens, rights, channels, people, the clock",
		Long: "Looks at everything the bot stands on in each chat whose tokens are set, and says what to do about each thing that\n" +
			"is not well: the tokens and what they may do, the way in, the clock, and the people, channels and groups that the\n" +
			"configuration names. Each line begins with ok, warning (it works, and you should know) or FAILED; → says what to do.\n\n" +
			"It changes nothing and posts nothing, and may be run beside a bot that is at work. With Socket Mode it opens one\n" +
			"connection of its own and closes it once Slack has greeted.\n\n" +
			"Slack is looked at when these are set, each itself or as the path of a file in NAME_FILE:\n" +
			"  SLACK_BOT_TOKEN       xoxb-…, always needed\n" +
			"  SLACK_APP_TOKEN       xapp-…, for Socket Mode: Slack needs no address of yours\n" +
			"  SLACK_SIGNING_SECRET  for HTTP instead: Slack sends requests to an https address of yours\n\n" +
			"Exits with 1 if something FAILED.",
		Example: "  SLACK_BOT_TOKEN_FILE=/run/secrets/bot SLACK_APP_TOKEN_FILE=/run/secrets/app readyroom doctor --config readyroom.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := loadConfig(c.Context(), file, false, newGit())
			if err != nil {
				return fmt.Errorf("%w\n→ readyroom lint", err)
			}
			return examine(c.Context(), cfg, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&file, "config", "", "the configuration (default: "+defaultConfig+" if it is there)")
	return c
}

// examination is how long everything may take.
const examination = 2 * time.Minute

// examine looks at each chat in turn, and prints what was found.
func examine(ctx context.Context, cfg config.Config, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, examination)
	defer cancel()
	found := []chat.Finding{{State: chat.Well, What: "configuration", Found: summary(cfg)}}
	for _, c := range connectors {
		found = append(found, c.examine(ctx, cfg)...)
	}
	printFindings(out, found)
	if slices.ContainsFunc(found, func(f chat.Finding) bool { return f.State == chat.Failing }) {
		return errRefused
	}
	return nil
}

func examineSlack(ctx context.Context, cfg config.Config) (found []chat.Finding) {
	secrets, err := readSlackSecrets()
	switch {
	case err != nil:
		return secretFindings(err)
	case !wantsSlack(secrets):
		return []chat.Finding{{State: chat.Odd, What: "slack", Found: "it is off: none of its tokens is set",
			Next: "make the app from deploy/slack-manifest.yaml, then set " + slackBot + " and " + slackApp + " (README: Slack)"}}
	}
	found = slack.New(slackOptions(secrets, cfg, time.Now)).Examine(ctx, subjectsOf(slack.Platform, cfg))
	return append(found, unread(cfg)...)
}

// secretFindings are what is wrong with how secrets are given, one by one.
func secretFindings(err error) (found []chat.Finding) {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	for _, one := range all {
		what, next, _ := strings.Cut(one.Error(), " → ")
		found = append(found, chat.Finding{State: chat.Failing, What: "secrets", Found: what, Next: next})
	}
	return found
}

// unread are the channels of the console that the configuration names though people are in Slack: nobody reads them.
func unread(cfg config.Config) (found []chat.Finding) {
	named := cfg.Named()
	for _, channel := range slices.Sorted(maps.Keys(named)) {
		if place(channel).Platform() != console.Platform {
			continue
		}
		found = append(found, chat.Finding{State: chat.Odd, What: named[channel],
			Found: channel + " is a channel of the console: what is posted there, nobody reads in Slack",
			Next:  keyOf(cfg, channel) + "; a channel's id (C…) is at the bottom of About, behind its name in Slack"})
	}
	return found
}

// keyOf says how a channel of Slack is written in the place of one of the console.
func keyOf(cfg config.Config, channel string) string {
	to := "slack/" + teamOf(cfg) + "/C…"
	for _, id := range slices.Sorted(maps.Keys(cfg.Products)) {
		if cfg.Products[id].Channel == channel {
			return fmt.Sprintf("products: {%s: {channel: %s}}", id, to)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Audiences)) {
		if cfg.Audiences[name].Channel == channel {
			return fmt.Sprintf("audiences: {%s: {channel: %s}}", name, to)
		}
	}
	if cfg.Audit.Channel == channel {
		return fmt.Sprintf("audit: {channel: %s}", to)
	}
	return fmt.Sprintf("channels: {%s: %s}", to, cfg.Channels[channel])
}

// teamOf is the workspace that the configuration speaks of; T0ACME, where it speaks of none.
func teamOf(cfg config.Config) string {
	for _, id := range slices.Sorted(maps.Keys(cfg.People)) {
		for _, h := range cfg.People[id].Handles {
			if parts := strings.Split(h.Name(), "/"); h.Platform() == slack.Platform && len(parts) > 1 {
				return parts[len(parts)-2]
			}
		}
	}
	return "T0ACME"
}

// widest is how wide the second column gets for long names.
const widest = 24

func printFindings(out io.Writer, found []chat.Finding) {
	width := 0
	for _, f := range found {
		width = min(max(width, utf8.RuneCountInString(f.What)), widest)
	}
	for _, f := range found {
		fmt.Fprintf(out, "%-8s %-*s  %s\n", f.State, width, f.What, f.Found)
		if f.Next != "" {
			fmt.Fprintf(out, "%*s→ %s\n", len("warning")+width+4, "", f.Next)
		}
	}
}
