package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

// discordCommand is what is done with Discord by hand.
func discordCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "discord",
		Short: "Write the typed commands of Discord by hand",
		Args:  cobra.NoArgs,
	}
	c.AddCommand(discordRegisterCommand())
	return c
}

func discordRegisterCommand() *cobra.Command {
	var file string
	var dry bool
	c := &cobra.Command{
		Use:   "register",
		Short: "Write the commands that people type in Discord, as far as they changed",
		Long: "Writes /release, /flag and the others into each server that the bot listens to, and what stands in the menu of a\n" +
			"message. Only what is not there as it should be is written; commands of the application in those servers that are\n" +
			"not the bot's are removed. A bot that starts does the same by itself, so this is for looking, and for mending.\n\n" +
			"Ordinary members do not see the commands unless the configuration says discord: {commands: everyone}; whom an\n" +
			"administrator of the server shows them to stays as it is.\n\n" +
			"Exits with 1 if something FAILED.",
		Example: "  DISCORD_BOT_TOKEN_FILE=/run/secrets/discord readyroom discord register --dry-run",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := loadConfig(c.Context(), file, false, newGit())
			if err != nil {
				return fmt.Errorf("%w\n→ readyroom lint", err)
			}
			return registerDiscord(c.Context(), cfg, dry, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&file, "config", "", "the configuration (default: "+defaultConfig+" if it is there)")
	c.Flags().BoolVar(&dry, "dry-run", false, "only say what would be written")
	return c
}

// registerDiscord writes the commands, or only looks, and prints what came of it.
func registerDiscord(ctx context.Context, cfg config.Config, dry bool, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, examination)
	defer cancel()
	var found []chat.Finding
	secrets, err := readDiscordSecrets()
	switch {
	case err != nil:
		found = secretFindings(err)
	case secrets.BotToken == "":
		found = []chat.Finding{{State: chat.Failing, What: "discord", Found: "it is off: DISCORD_BOT_TOKEN is not set", Next: "set it (README: Discord), then: " + discord.RegisterLine}}
	default:
		o := discordOptions(secrets, cfg, time.Now)
		o.Log = slog.New(slog.DiscardHandler)
		done, err := discord.New(o).Register(ctx, dry)
		found = done.Findings(dry, err)
	}
	printFindings(out, found)
	if slices.ContainsFunc(found, func(f chat.Finding) bool { return f.State == chat.Failing }) {
		return errRefused
	}
	return nil
}
