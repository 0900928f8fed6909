package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the configuration, for editors",
		Long: "Print the JSON Schema of the configuration, for editors that complete and check as you type:\n\n" +
			"  readyroom schema > readyroom.schema.json\n\n" +
			"and, as the first line of " + defaultConfig + ":\n\n" +
			"  # yaml-language-server: $schema=readyroom.schema.json",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, err := c.OutOrStdout().Write(config.Schema()); err != nil {
				return fmt.Errorf("print the schema: %w", err)
			}
			return nil
		},
	}
}
