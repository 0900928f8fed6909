package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

func doctorCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look at the chats the bot is to speak to: tokens, rights, channels, people, the clock",
		Long: "Looks at everything the bot stands on in each chat whose tokens are set: tokens, rights, the way in, the clock, and\n" +
			"the people, channels and groups of the configuration; and says what to do about each. It changes nothing. Exits\n" +
			"with 1 if something FAILED.",
		Args: cobra.NoArgs,
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
	secrets, err := readSlackSecrets()
	if err != nil {
		return err
	}
	found := []chat.Finding{{State: chat.Well, What: "configuration", Found: summary(cfg)}}
	if !wantsSlack(secrets) {
		found = append(found, chat.Finding{State: chat.Odd, What: "slack", Found: "it is off: no token is set",
			Next: "make the app from deploy/slack-manifest.yaml, then set " + slackBot + " and " + slackApp + " (README: Slack)"})
	} else {
		found = append(found, slack.New(slackOptions(secrets, cfg, time.Now)).Examine(ctx, slackSubjects(cfg))...)
	}
	failed := false
	for _, f := range found {
		fmt.Fprintf(out, "%-8s %-14s %s\n", f.State, f.What, f.Found)
		if f.Next != "" {
			fmt.Fprintf(out, "%24s→ %s\n", "", f.Next)
		}
		failed = failed || f.State == chat.Failing
	}
	if failed {
		return errRefused
	}
	return nil
}
