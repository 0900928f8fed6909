package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/discord"
	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

func doctorCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look at the chats the bot is to speak to, and at GitHub: tokens, rights, channels, people, the clock",
		Long: "Looks at everything the bot stands on in each chat whose tokens are set, and says what to do about each thing that\n" +
			"is not well: the tokens and what they may do, the way in, the clock, and the people, channels and groups that the\n" +
			"configuration names. Each line begins with ok, warning (it works, and you should know) or FAILED; → says what to do.\n\n" +
			"It changes nothing and posts nothing, and may be run beside a bot that is at work. With Slack's Socket Mode, and with\n" +
			"Discord's gateway, it opens one connection of its own and closes it once it is greeted.\n\n" +
			"Slack is looked at when these are set, each itself or as the path of a file in NAME_FILE:\n" +
			"  SLACK_BOT_TOKEN       xoxb-…, always needed\n" +
			"  SLACK_APP_TOKEN       xapp-…, for Socket Mode: Slack needs no address of yours\n" +
			"  SLACK_SIGNING_SECRET  for HTTP instead: Slack sends requests to an https address of yours\n\n" +
			"Discord is looked at when this is set, in the same way:\n" +
			"  DISCORD_BOT_TOKEN     the bot's token, which is enough\n" +
			"  DISCORD_APP_ID        the application's id, and\n" +
			"  DISCORD_PUBLIC_KEY    its public key: may be left out; where set, they must be those of the token\n\n" +
			"GitHub is looked at when one of these is set, in the same way:\n" +
			"  GITHUB_TOKEN          a token of a user; or\n" +
			"  GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY  those of a GitHub App, and beside it\n" +
			"  GITHUB_WEBHOOK_SECRET the secret of its webhook: without one, what happens is found within five minutes\n\n" +
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
	found = append(found, examineChats(ctx, cfg)...)
	found = append(found, examineGitHub(ctx, cfg)...)
	printFindings(out, found)
	if slices.ContainsFunc(found, func(f chat.Finding) bool { return f.State == chat.Failing }) {
		return errRefused
	}
	return nil
}

// examineChats looks at each chat that is on, or is meant to be. One that is off is told of where the configuration names
// people or channels of it, or where none is on.
func examineChats(ctx context.Context, cfg config.Config) (found []chat.Finding) {
	var on, off []connector
	for _, c := range connectors {
		all := c.examine(ctx, cfg)
		if all == nil {
			off = append(off, c)
			continue
		}
		on, found = append(on, c), append(found, all...)
	}
	for _, c := range off {
		named := subjectsOf(c.name, cfg)
		what := "it is off: none of its tokens is set"
		if len(named.Accounts)+len(named.Places)+len(named.Groups) > 0 {
			what += ", though the configuration names what is there"
		} else if len(on) > 0 {
			continue
		}
		found = append(found, chat.Finding{State: chat.Odd, What: c.name, Found: what, Next: c.next + " (README: " + title(c.name) + ")"})
	}
	return append(found, unread(cfg, on)...)
}

// title is how a platform is called in a sentence.
func title(platform string) string { return strings.ToUpper(platform[:1]) + platform[1:] }

func examineSlack(ctx context.Context, cfg config.Config) []chat.Finding {
	secrets, err := readSlackSecrets()
	switch {
	case err != nil:
		return secretFindings(err)
	case !wantsSlack(secrets):
		return nil
	}
	return slack.New(slackOptions(secrets, cfg, time.Now)).Examine(ctx, subjectsOf(slack.Platform, cfg))
}

func examineDiscord(ctx context.Context, cfg config.Config) []chat.Finding {
	secrets, err := readDiscordSecrets()
	switch {
	case err != nil:
		return secretFindings(err)
	case !wantsDiscord(secrets):
		return nil
	}
	o := discordOptions(secrets, cfg, time.Now)
	o.Log = slog.New(slog.DiscardHandler)
	return discord.New(o).Examine(ctx, subjectsOf(discord.Platform, cfg))
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

// unread are the channels of the console that the configuration names though people are in chats: nobody reads them.
func unread(cfg config.Config, on []connector) (found []chat.Finding) {
	if len(on) == 0 {
		return nil
	}
	var chats []string
	for _, c := range on {
		chats = append(chats, title(c.name))
	}
	to, where := example(cfg, on[0])
	named := cfg.Named()
	for _, channel := range slices.Sorted(maps.Keys(named)) {
		if place(channel).Platform() != console.Platform {
			continue
		}
		found = append(found, chat.Finding{State: chat.Odd, What: named[channel],
			Found: channel + " is a channel of the console: what is posted there, nobody reads in " + strings.Join(chats, " or "),
			Next:  keyOf(cfg, channel, to) + "; " + where})
	}
	return found
}

// example is how a channel of a chat is written, and where people find its ids.
func example(cfg config.Config, c connector) (to, where string) {
	if c.name == discord.Platform {
		return discord.Platform + "/" + serverOf(cfg) + "/CHANNEL", "a channel's link (right-click → Copy Link) ends in the ids of the server and of the channel"
	}
	return slack.Platform + "/" + teamOf(cfg) + "/C…", "a channel's id (C…) is at the bottom of About, behind its name in Slack"
}

// keyOf says how a channel of a chat is written in the place of one of the console.
func keyOf(cfg config.Config, channel, to string) string {
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

// serverOf is the server of Discord that the configuration speaks of; SERVER, where it speaks of none.
func serverOf(cfg config.Config) string {
	all := slices.Clone(cfg.Discord.Servers)
	for channel := range cfg.Named() {
		if p := place(channel); p.Platform() == discord.Platform {
			server, _, _ := strings.Cut(p.Channel(), "/")
			all = append(all, server)
		}
	}
	if len(cfg.Discord.Servers) == 0 {
		slices.Sort(all)
	}
	return cmp.Or(append(all, "SERVER")...)
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
