package main

import (
	"context"
	"fmt"
	"io"
	"os/user"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/storage/datadir"
)

func restoreCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the database",
		Long: "Put a backup in the place of the database. The backup is verified first; the former database stays beside it under\n" +
			"another name; the ledger says that it happened. What was recorded since the backup was made is lost.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return restore(c.Context(), data, args[0], c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&data, "data", defaultData, "the data directory; it is made if there is none")
	return c
}

func restore(ctx context.Context, dir, file string, out io.Writer) error {
	r, err := datadir.Restore(ctx, dir, file, hostUser(), time.Now(), verifyCopy)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s holds the ledger of %s: %d events, tip %s\n", dir, file, r.From.Size, r.From)
	if !r.Lost.IsZero() {
		fmt.Fprintf(out, "%d later events are lost: the ledger had been at %s\n", r.Lost.Size-r.From.Size, r.Lost)
	}
	if r.Kept != "" {
		fmt.Fprintf(out, "the former database stays as %s in %s\n", r.Kept, dir)
	}
	fmt.Fprintln(out, "numbers go on behind those that may have been given since; what is due is reconciled before it is sent")
	fmt.Fprintf(out, "→ readyroom verify --data %s, then start again\n", dir)
	return nil
}

// hostUser is the name that the host has for whoever runs this program; empty when it has none.
func hostUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}
