package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/workflows/release"
)

func initCommand() *cobra.Command {
	var team bool
	c := &cobra.Command{
		Use:   "init",
		Short: "Write a first " + defaultConfig + ", for you alone or for a team",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			file, err := os.OpenFile(defaultConfig, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s is there already; → readyroom lint", defaultConfig)
			}
			if err != nil {
				return fmt.Errorf("write %s: %w", defaultConfig, err)
			}
			_, err = file.Write(config.Init(atKeyboard(c.Context(), newGit()), team))
			if err := errors.Join(err, file.Close()); err != nil {
				return fmt.Errorf("write %s: %w", defaultConfig, err)
			}
			fmt.Fprintf(c.OutOrStdout(), "wrote %s → add people, then: readyroom lint\n", defaultConfig)
			return nil
		},
	}
	c.Flags().BoolVar(&team, "team", false, "with the feature checklist, roles and audiences")
	return c
}

func lintCommand() *cobra.Command {
	path := defaultConfig
	c := &cobra.Command{
		Use:   "lint [FILE]",
		Short: "Check the configuration, and say what is weak about it",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				path = args[0]
			}
			cfg, err := config.Load(path)
			if errors.Is(err, fs.ErrNotExist) && path == defaultConfig {
				return fmt.Errorf("%w; → readyroom init", err)
			}
			if err != nil {
				return err
			}
			warnings := cfg.Lint()
			for _, w := range warnings {
				fmt.Fprintln(c.OutOrStdout(), "warning: "+w)
			}
			if never := cfg.Never(); len(never) > 0 {
				return fmt.Errorf("%s\nsuch a release cannot be opened → name people and roles, then: readyroom lint", path+": "+strings.Join(never, "\n"+path+": "))
			}
			fmt.Fprintf(c.OutOrStdout(), "%s is sound · people %d · roles %d · products %d · audiences %d · templates %d · warnings %d · hash %.12s\n",
				path, len(cfg.People), len(cfg.Roles), len(cfg.Products), len(cfg.Audiences), len(cfg.Templates)-len(release.Templates()), len(warnings), cfg.Hash)
			return nil
		},
	}
	c.Flags().StringVar(&path, "config", defaultConfig, "the configuration, as the other commands name it")
	return c
}
